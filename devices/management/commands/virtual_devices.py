"""`manage.py virtual_devices`: the process that runs the virtual devices which the console offers."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from devices.virtual.flash import FlashStore
from devices.virtual.fleet import Fleet, Site, serve
from devices.virtual.running import local_host, run_until_stopped
from devices.virtual.setup_board import SetupSite


class Command(BaseCommand):
    help = "Run the virtual devices that people start on the page of a provisioning session, until SIGTERM or Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        site = Site(
            host=local_host(settings.GATEWAY_HOST),
            port=settings.GATEWAY_PORT,
            limit=settings.VIRTUAL_DEVICES_LIMIT,
            say=self._say,
            setup=SetupSite(has_tls=bool(settings.GATEWAY_TLS_CERT)),
        )
        fleet = Fleet(site, FlashStore(settings.DATA_DIR / "virtual"))
        run_until_stopped(serve(fleet, settings.REDIS_URL))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
