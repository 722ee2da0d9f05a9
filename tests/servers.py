"""The PostgreSQL and Redis of one test run, in a temporary folder.

The process that pytest was started as runs the one PostgreSQL; pytest-django gives each worker a database of its own in
it. Every process that runs tests has its own Redis, because a channel is heard in all databases of a Redis.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.kit.embedded.guard import Guard
from console.kit.embedded.postgres import PostgresServer
from console.kit.embedded.redis import RedisServer
from console.kit.embedded.urls import DATABASE_NAME, database_url, redis_url

FOLDER_VARIABLE = "LANDFALL_TEST_FOLDER"


@contextmanager
def folder_for_servers() -> Iterator[Path]:
    """A temporary folder for servers that a test starts itself.

    Not one of pytest's: their paths are long for a socket, and each start of pytest closes them to the other users of
    the machine, of whom PostgreSQL runs as one when the tests run as root.
    """
    with tempfile.TemporaryDirectory(prefix="landfall-tests-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()


class TestServers:
    """What this process started; `start` once, `stop` once.

    `TEST_DATABASE_URL` and `TEST_REDIS_URL` name servers to use instead.
    """

    __test__ = False

    def __init__(self, *, worker: str) -> None:
        """`worker` is the name pytest-xdist gave this process; empty where it is the one that was started."""
        self._worker = worker
        self._is_first = not worker
        self._postgres: PostgresServer | None = None
        self._redis: RedisServer | None = None
        self._guard: Guard | None = None
        self.folder = Path()

    def start(self) -> None:
        """Start what is missing and put the addresses into the environment that settings read."""
        if self._is_first:
            self._guard = Guard()
            self.folder = Path(tempfile.mkdtemp(prefix="landfall-tests-"))
            os.environ[FOLDER_VARIABLE] = str(self.folder)
            os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or self._start_postgres()
        self.folder = Path(os.environ[FOLDER_VARIABLE])
        os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL") or self._start_redis()

    def stop(self) -> None:
        """Stop them, and remove the folder where this process made it."""
        if self._redis:
            self._redis.stop()
        if not self._is_first:
            return
        for left in self.folder.glob("redis-*"):
            RedisServer(folder=left, sockets=left, log=left / "log").end_leftover()
        if self._postgres:
            self._postgres.stop()
        if self._guard:
            self._guard.dismiss()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_postgres(self) -> str:
        sockets = self.folder / "run"
        self._postgres = PostgresServer(
            cluster=self.folder / "postgres", sockets=sockets, log=self.folder / "postgres.log", durable=False
        )
        self._postgres.start(database=DATABASE_NAME)
        if self._guard:
            self._guard.watch(self._postgres.pid, signal.SIGINT)
        return database_url(sockets, name=DATABASE_NAME)

    def _start_redis(self) -> str:
        folder = self.folder / f"redis-{self._worker or 'first'}"
        self._redis = RedisServer(folder=folder, sockets=folder, log=folder / "log", durable=False)
        self._redis.start()
        if self._guard:
            self._guard.watch(self._redis.pid, signal.SIGTERM)
        return redis_url(folder)
