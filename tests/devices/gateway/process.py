"""A gateway as operators run it: `manage.py gateway` in a process of its own, on this run's test database."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection

from tests.devices.gateway.harness import until
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[3]


def database_url() -> str:
    """The test database's address: pytest-django named it after the settings had read theirs."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = quote(str(connection.settings_dict["NAME"]))
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


class GatewayProcess:
    """Started on a port of its own, which a restart keeps. Its output is in `log`."""

    def __init__(
        self, folder: Path, *, prefix: Sequence[str] = (), environment: Mapping[str, object] | None = None
    ) -> None:
        (self.port,) = free_ports(1)
        self.log = folder / f"gateway-{self.port}.log"
        self._prefix = prefix
        self._environment = {name: str(value) for name, value in (environment or {}).items()}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.begun()
        until(self._answers)

    def begun(self) -> subprocess.Popen[bytes]:
        """Start it and wait for nothing."""
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "GATEWAY_PORT": str(self.port),
            "LOG_FORMAT": "json",
            **self._environment,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._prefix, sys.executable, str(ROOT / "manage.py"), "gateway"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self._process

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def terminate(self) -> int:
        """Ask it to stop, as supervisors do; returns its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self.wait()

    def wait(self) -> int:
        """Until it ends; returns its exit status."""
        assert self._process is not None
        return self._process.wait(20)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
