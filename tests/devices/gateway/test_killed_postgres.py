"""PostgreSQL killed while devices log in: what was acknowledged is there, and nothing is half there."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from console.kit.embedded.postgres import PostgresServer
from console.kit.embedded.urls import DATABASE_NAME, database_url
from console.kit.tokens import digest
from devices.wire.messages import Response
from tests.devices.gateway.harness import Device, until
from tests.devices.gateway.process import ROOT, GatewayProcess
from tests.servers import folder_for_servers

TOKENS, DEVICES_AT_ONCE, ACKNOWLEDGED_FIRST = 240, 6, 30

SEED = f"""
from console.teams.models import User
from devices.actions import sessions
from templates_app.models import Template
template, by = Template.objects.get(), User.objects.get().memberships.get()
for _ in range({TOKENS}):
    print(sessions.open_session(template=template, by=by).token)
"""
ACTIVATED = """
from devices.models import AuthToken
for token in AuthToken.objects.filter(device__isnull=False, activated_at__isnull=False):
    print(bytes(token.digest).hex())
"""


class Place:
    """A durable PostgreSQL of its own, with Landfall's tables and one account."""

    def __init__(self, folder: Path) -> None:
        self.url = database_url(folder / "run", name=DATABASE_NAME)
        self._folder = folder
        self._server = self._fresh()
        self._server.start(database=DATABASE_NAME)
        self.manage("first_run")

    def _fresh(self) -> PostgresServer:
        folder = self._folder
        return PostgresServer(cluster=folder / "postgres", sockets=folder / "run", log=folder / "postgres.log")

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.url, "OPEN_SESSIONS_PER_MEMBER": str(TOKENS)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        assert self._server.pid is not None
        os.kill(self._server.pid, signal.SIGKILL)

    def start_again(self) -> None:
        self._server.stop()
        self._server = self._fresh()
        self._server.start(database=DATABASE_NAME)

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def place() -> Iterator[Place]:
    with folder_for_servers() as folder:
        place = Place(folder)
        yield place
        place.stop()


class Crowd:
    """Devices that log in one after another, on a few threads, until every token was acknowledged once."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self.acknowledged: set[str] = set()
        self.statuses: set[int] = set()
        self._port = port
        self._waiting: SimpleQueue[str] = SimpleQueue()
        for token in tokens:
            self._waiting.put(token)
        self._threads = [threading.Thread(target=self._work) for _ in range(DEVICES_AT_ONCE)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        with suppress(Empty):
            while True:
                token = self._waiting.get_nowait()
                if self._log_in(token):
                    self.acknowledged.add(token)
                else:
                    self._waiting.put(token)

    def _log_in(self, token: str) -> bool:
        """Whether login and info block were both acknowledged; only the second stands for an activation."""
        with Device(self._port) as device:
            status = device.log_in(token)
            self.statuses.add(status)
            if status != 200:
                return False
            device.send_info()
            while not (answers := [event for event in device.events if isinstance(event, Response)]):
                if not device.read():
                    return False
            return answers[-1].status == 200


def test_no_acknowledged_activation_is_lost_and_none_is_half_done(place: Place, tmp_path: Path) -> None:
    tokens = place.manage("shell", "--no-imports", "--command", SEED).split()
    assert len(tokens) == TOKENS
    environment = {"DATABASE_URL": place.url, "GATEWAY_STORE_TIMEOUT_SECONDS": 1, "GATEWAY_REFUSALS_PER_MINUTE": 10_000}
    with GatewayProcess(tmp_path, environment=environment) as gateway:
        crowd = Crowd(gateway.port, tokens)
        crowd.start()
        until(lambda: len(crowd.acknowledged) >= ACKNOWLEDGED_FIRST)
        place.kill()
        before = set(crowd.acknowledged)
        place.start_again()
        assert digests(before) <= set(place.manage("shell", "--no-imports", "--command", ACTIVATED).split())
        crowd.finish()
        assert gateway.terminate() == 0
    assert 9 not in crowd.statuses
    assert digests(crowd.acknowledged) == set(place.manage("shell", "--no-imports", "--command", ACTIVATED).split())
    place.manage("check_integrity")


def digests(tokens: set[str]) -> set[str]:
    return {digest(token).hex() for token in tokens}
