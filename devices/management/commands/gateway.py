"""`manage.py gateway`: the process that devices connect to."""

import asyncio
import gc
from pathlib import Path
from typing import Any

import uvloop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from devices.gateway.options import Options
from devices.gateway.server import Server
from devices.gateway.store import DjangoStore
from devices.wire.limits import Limits

BURST_SECONDS = 4


class Command(BaseCommand):
    help = "Listen for devices until SIGTERM or Ctrl-C. SIGHUP reads the TLS certificate again."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(serve(options_from_settings()))
        except OSError as error:
            raise CommandError(f"The gateway cannot listen: {error}") from error


async def serve(options: Options) -> None:
    """Serve until a signal says stop."""
    server = Server(store=DjangoStore(), redis_url=settings.REDIS_URL, options=options)
    await server.start()
    server.handle_signals()
    # What was loaded so far lives as long as the process: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    await server.wait()
    await server.stop()


def options_from_settings() -> Options:
    """The gateway's options as `.env.example` names them."""
    return Options(
        host=settings.GATEWAY_HOST,
        port=settings.GATEWAY_PORT,
        tls_port=settings.GATEWAY_TLS_PORT,
        tls_cert=Path(settings.GATEWAY_TLS_CERT) if settings.GATEWAY_TLS_CERT else None,
        tls_key=Path(settings.GATEWAY_TLS_KEY) if settings.GATEWAY_TLS_KEY else None,
        metrics_port=settings.GATEWAY_METRICS_PORT or None,
        limits=Limits(
            max_frame_body=settings.GATEWAY_MAX_BODY_BYTES,
            messages_per_second=settings.GATEWAY_MESSAGES_PER_SECOND,
            message_burst=settings.GATEWAY_MESSAGES_PER_SECOND * BURST_SECONDS,
        ),
        max_connections=settings.GATEWAY_MAX_CONNECTIONS,
        connections_per_address=settings.GATEWAY_CONNECTIONS_PER_ADDRESS,
        refusals_per_address=settings.GATEWAY_REFUSALS_PER_MINUTE,
        events_per_second=settings.GATEWAY_EVENTS_PER_SECOND,
        login_deadline_seconds=settings.GATEWAY_LOGIN_DEADLINE_SECONDS,
        settle_seconds=settings.GATEWAY_SETTLE_SECONDS,
        store_timeout_seconds=settings.GATEWAY_STORE_TIMEOUT_SECONDS,
        drain_seconds=settings.GATEWAY_DRAIN_SECONDS,
    )
