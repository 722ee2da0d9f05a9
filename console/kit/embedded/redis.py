"""Redis on a private unix socket, with no TCP port."""

import signal
from pathlib import Path
from typing import cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from console.kit.embedded import processes, redis_program
from console.kit.embedded.owner import make_private
from console.kit.embedded.processes import ServerProcess
from console.kit.embedded.urls import REDIS_SOCKET_NAME

START_SECONDS = 30.0


class RedisServer:
    """An embedded Redis whose append-only file lives in `folder` and whose socket is in `sockets`.

    With `durable=False` it writes nothing to disk.
    """

    def __init__(self, *, folder: Path, sockets: Path, log: Path, durable: bool = True) -> None:
        """Describe the server; nothing is started or written yet."""
        self.folder = folder.resolve()
        self.socket = sockets.resolve() / REDIS_SOCKET_NAME
        self.durable = durable
        self._process = ServerProcess(name="Redis", log=log, stop_signals=(signal.SIGTERM,))

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else nothing."""
        return self._process.pid

    def start(self) -> None:
        """Run the server until it answers; raises EmbeddedServerError with one sentence when it cannot."""
        program = redis_program.require()
        make_private(self.folder, None)
        # The folder of the sockets is PostgreSQL's when root starts both: it is only made here where it is missing.
        self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.end_leftover()
        self._process.start(
            [program, *self._options()],
            owner=None,
            cwd=self.folder,
            env={"LC_ALL": "C"},
        )
        if not self._process.wait_until(self._answers, seconds=START_SECONDS):
            self._process.stop()
            raise self._process.failure("did not start")

    def stop(self) -> None:
        """Stop the server; does nothing when it is not running."""
        self._process.stop()

    def end_leftover(self) -> None:
        """End the server that a killed process left; whoever calls holds the lock of the data folder."""
        with self._client() as client:
            try:
                facts = cast("dict[str, int]", client.info("server"))
            except (RedisError, OSError):
                return
        processes.end_leftover(facts["process_id"], first=signal.SIGTERM)

    def _client(self) -> Redis:
        # Without the library's own retries: while the server starts, the caller asks again.
        return Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "daemonize": "no",
            # The append-only file says more than snapshots would, and loses a second at most.
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            # A queue must never lose entries to make room.
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _answers(self) -> bool:
        with self._client() as client:
            try:
                return bool(client.ping())
            except (RedisError, OSError):
                return False
