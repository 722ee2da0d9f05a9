"""The embedded PostgreSQL: real starts, stops and crashes, few of them because each takes a moment."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.kit.embedded.errors import EmbeddedServerError
from console.kit.embedded.postgres import PostgresServer
from console.kit.embedded.processes import wait_gone
from tests.servers import folder_for_servers


def server_in(folder: Path) -> PostgresServer:
    return PostgresServer(cluster=folder / "postgres", sockets=folder / "run", log=folder / "log" / "postgres.log")


@pytest.fixture
def folder() -> Iterator[Path]:
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture
def server(folder: Path) -> Iterator[PostgresServer]:
    server = server_in(folder)
    server.start(database="first")
    yield server
    server.stop()


def test_data_outlives_a_restart_and_settings_are_durable(server: PostgresServer, folder: Path) -> None:
    with psycopg.connect(server.url("first")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.info.server_version >= 180000
    server.stop()
    assert server.pid is None
    assert not (folder / "run" / ".s.PGSQL.5432").exists()
    server.start(database="first")
    with psycopg.connect(server.url("first")) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_what_was_committed_outlives_kill_9(server: PostgresServer) -> None:
    with psycopg.connect(server.url("first")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    server.start(database="first")
    with psycopg.connect(server.url("first")) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_server_left_running_is_replaced(server: PostgresServer, folder: Path) -> None:
    left = server.pid
    successor = server_in(folder)
    successor.start(database="first")
    try:
        assert successor.pid not in (None, left)
        assert server.pid is None
    finally:
        successor.stop()


def test_a_pid_file_that_names_another_program_is_dropped(server: PostgresServer, folder: Path) -> None:
    server.stop()
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder / 'postgres'}\n")
    server.start(database="first")
    assert server.pid


def test_an_interrupted_first_start_is_begun_again(folder: Path) -> None:
    half = folder / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = server_in(folder)
    server.start(database="first")
    server.stop()
    assert not half.exists()


def test_data_of_another_version_is_refused_in_a_sentence(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedServerError, match=r"written by PostgreSQL 17 .* brings 18: restore a dump"):
        server_in(folder).start(database="first")


def test_damaged_data_is_reported_with_the_servers_own_words(server: PostgresServer, folder: Path) -> None:
    server.stop()
    (folder / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL did not start: .*log"):
        server.start(database="first")
    assert server.pid is None


def test_waiting_for_a_process_that_is_gone_ends_at_once() -> None:
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit"], {})
    os.waitpid(pid, 0)
    assert wait_gone(pid)
