"""Everything the bench starts: PostgreSQL and Redis as `make run` has them, gateways, and the C server."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.programs import BenchError
from console.kit.embedded.guard import Guard
from console.kit.embedded.postgres import PostgresServer
from console.kit.embedded.processes import ServerProcess, last_line
from console.kit.embedded.redis import RedisServer
from console.kit.embedded.urls import DATABASE_NAME, database_url, redis_url

ROOT = Path(__file__).parents[1]
START_SECONDS = 30.0
HOST = "127.0.0.1"

# All load comes from one address and as fast as it is answered, which the limits are there to stop. They stay in force
# and are counted for every message; only nothing reaches them.
LIMITS = {
    "GATEWAY_MESSAGES_PER_SECOND": "1000000",
    "GATEWAY_CONNECTIONS_PER_ADDRESS": "20000",
    "GATEWAY_MAX_CONNECTIONS": "20000",
}
OURS = ("DEBUG", "PUBLIC_URL", "EMAIL_URL", "GATEWAY_TLS_CERT", "GATEWAY_TLS_KEY")


class Bench:
    """The servers of one bench run, in a temporary folder; use as a context manager."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        self.folder = Path(tempfile.mkdtemp(prefix="landfall-bench-"))
        self.sockets = self.folder / "run"
        self.static = self.folder / "static"
        self.static.mkdir()
        self._guard = Guard()
        self._postgres = PostgresServer(
            cluster=self.folder / "postgres", sockets=self.sockets, log=self.folder / "postgres.log"
        )
        self._redis = RedisServer(folder=self.folder / "redis", sockets=self.sockets, log=self.folder / "redis.log")

    def __enter__(self) -> "Bench":
        """Start both servers, make the tables, and put the addresses into the environment that settings read."""
        try:
            self._postgres.start(database=DATABASE_NAME)
            self._guard.watch(self._postgres.pid, signal.SIGINT)
            self._redis.start()
            self._guard.watch(self._redis.pid, signal.SIGTERM)
            for name in OURS:
                os.environ.pop(name, None)
            os.environ.update(self._environment())
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, check=True)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them and remove the folder."""
        self._redis.stop()
        self._postgres.stop()
        self._guard.dismiss()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def gateway(self) -> Iterator[tuple[int, int]]:
        """A gateway of our own; gives its process id and its port."""
        port = free_port()
        command = [sys.executable, "manage.py", "gateway"]
        with self._serving("gateway", command, port, env={**os.environ, "GATEWAY_PORT": str(port)}) as pid:
            yield pid, port

    @contextlib.contextmanager
    def web(self, *, threads: int) -> Iterator[int]:
        """The console as production runs it on one machine; gives its port."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "console.wsgi", f"--bind={HOST}:{port}", "--worker-class=gthread"]
        command += [f"--threads={threads}", "--workers=2", "--no-control-socket", "--log-level=warning"]
        with self._serving("web", command, port, env=os.environ):
            yield port

    @contextlib.contextmanager
    def floor(self, program: Path) -> Iterator[tuple[int, int]]:
        """The C server; gives its process id and its port."""
        port = free_port()
        with self._serving("c-server", [str(program), str(port)], port, env={}) as pid:
            yield pid, port

    @contextlib.contextmanager
    def _serving(self, name: str, command: Sequence[str], port: int, *, env: Mapping[str, str]) -> Iterator[int]:
        log = self.folder / f"{name}.log"
        process = ServerProcess(name=name, log=log, stop_signals=(signal.SIGTERM,), patience=15.0)
        process.start(command, owner=None, cwd=ROOT, env=env)
        try:
            self._guard.watch(process.pid, signal.SIGTERM)
            if not process.wait_until(lambda: answers(port), seconds=START_SECONDS) or process.pid is None:
                raise BenchError(f"The {name} did not start: {last_line(log) or 'it said nothing'}.")
            yield process.pid
        finally:
            process.stop()

    def _environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": database_url(self.sockets, name=DATABASE_NAME),
            "REDIS_URL": redis_url(self.sockets),
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.static),
            "SECRET_KEY": "only-for-the-bench-" * 4,
            "DJANGO_SETTINGS_MODULE": "console.settings",
            "GATEWAY_HOST": HOST,
            **LIMITS,
        }


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether something accepts connections on `port`."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0
