"""The embedded Redis: real starts, stops and crashes."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from console.kit.embedded import redis_program
from console.kit.embedded.errors import EmbeddedServerError
from console.kit.embedded.redis import RedisServer
from tests.devices.gateway.harness import until
from tests.servers import folder_for_servers


def server_in(folder: Path) -> RedisServer:
    return RedisServer(folder=folder / "redis", sockets=folder / "run", log=folder / "log" / "redis.log")


@pytest.fixture
def folder() -> Iterator[Path]:
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture
def server(folder: Path) -> Iterator[RedisServer]:
    server = server_in(folder)
    server.start()
    yield server
    server.stop()


def connect(server: RedisServer) -> Redis:
    return Redis(unix_socket_path=str(server.socket))


def test_data_outlives_a_restart(server: RedisServer) -> None:
    with connect(server) as client:
        client.set("kept", "yes")
        assert client.config_get("port") == {"port": "0"}
    server.stop()
    assert server.pid is None
    server.start()
    with connect(server) as client:
        assert client.get("kept") == b"yes"


def test_only_its_user_reaches_the_socket(server: RedisServer) -> None:
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket.parent.stat().st_mode) == 0o700


def test_a_killed_server_starts_again(server: RedisServer) -> None:
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    assert server.socket.exists()
    server.start()
    assert server.pid


def test_a_server_left_running_is_replaced(server: RedisServer, folder: Path) -> None:
    left = server.pid
    successor = server_in(folder)
    successor.start()
    try:
        assert successor.pid not in (None, left)
        until(lambda: server.pid is None)
    finally:
        successor.stop()


def test_a_folder_that_cannot_be_used_is_reported_with_the_servers_own_words(folder: Path) -> None:
    (folder / "redis").mkdir()
    (folder / "redis" / "appendonlydir").write_text("a folder since Redis 7")
    (folder / "redis" / "appendonly.aof").mkdir()  # a file before it
    server = server_in(folder)
    with pytest.raises(EmbeddedServerError, match=r"Redis did not start: .*log"):
        server.start()
    assert server.pid is None


def test_no_server_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(redis_program, "built_program", lambda: None)
    with pytest.raises(EmbeddedServerError, match="install redis-server or valkey-server"):
        redis_program.require()


def test_valkey_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    valkey = tmp_path / "valkey-server"
    valkey.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert redis_program.require() == valkey


def test_a_missing_compiler_is_said_in_a_sentence_and_exit_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setattr(redis_program, "built_program", lambda: None)
    assert redis_program.main() == 1
    assert capsys.readouterr().err == (
        "No Redis server was found and there is no C compiler and no make program to build one: install redis-server "
        "or valkey-server from your system's packages, or set REDIS_URL.\n"
    )


def test_nothing_is_built_where_redis_url_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")
    assert redis_program.main() == 0
