"""A whole Landfall, as `make run` starts it, in a temporary data folder and on free ports."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from console.supervisor.options import ROOT
from tests.ports import free_ports
from tests.servers import folder_for_servers

START_SECONDS = 300
# Of the test run's environment nothing may reach the run under test.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "STATIC_ROOT")


@dataclass(frozen=True, slots=True)
class Landfall:
    """A run that answers: its addresses, account and log."""

    address: str
    gateway_port: int
    email: str
    password: str
    log: Path
    environment: Mapping[str, str]

    def manage(self, *arguments: str) -> str:
        """Run one of manage.py's commands beside it and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def expire(self, page_url: str) -> None:
        """Let the deadline pass of the session that a page is about."""
        number = re.findall(r"/sessions/(\d+)/", page_url)[0]
        self.manage(
            "shell",
            "--no-imports",
            "--command",
            "from django.utils import timezone; from devices.models import *;"
            f"s = ProvisioningSession.objects.filter(pk={number}); s.update(expires_at=timezone.now());"
            f"AuthToken.objects.filter(session={number}).update(expires_at=timezone.now())",
        )


@contextmanager
def landfall() -> Iterator[Landfall]:
    """Start everything, and stop it at the end."""
    with folder_for_servers() as folder:
        web_port, gateway_port = free_ports(2)
        password = "browser tests only"
        environment = {name: value for name, value in os.environ.items() if name not in FOREIGN} | {
            "DATA_DIR": str(folder / "var"),
            "WEB_PORT": str(web_port),
            "GATEWAY_PORT": str(gateway_port),
            "DEVELOPER_EMAIL": "dev@example.com",
            "DEVELOPER_PASSWORD": password,
        }
        log = folder / "run.log"
        with log.open("wb") as output:
            child = subprocess.Popen(
                [sys.executable, "-m", "console.supervisor"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _await_panel(child, log)
            address = f"http://127.0.0.1:{web_port}"
            yield Landfall(address, gateway_port, "dev@example.com", password, log, environment)
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(120)


def _await_panel(child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not re.search(r"^  Stop  ", log.read_text(errors="replace"), re.MULTILINE):
        if child.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the run did not come up:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)
