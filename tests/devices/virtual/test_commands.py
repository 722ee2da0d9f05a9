"""The two commands, as processes."""

import asyncio
import contextlib
import io
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from redis import Redis

from devices.virtual import orders
from devices.virtual.flash import FlashStore
from devices.virtual.running import local_host
from devices.wire.commands import Status
from devices.wire.messages import Login, MetaSet
from templates_app.models import Template
from tests.devices.virtual.harness import PATIENCE, TOKEN, ScriptedServer, flash_for, info_of, until

ROOT = Path(__file__).resolve().parents[3]
SOIL = Template(template_id="TMPLabcdefghi", name="Soil Sensor")


@contextlib.asynccontextmanager
async def manage(*arguments: str, typed: str = "", **environment: str) -> AsyncIterator[Process]:
    """`manage.py` as a process, with `typed` on its standard input."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "manage.py",
        *arguments,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(typed.encode())
        process.stdin.close()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: Process) -> tuple[int | None, str]:
    """Its exit status and everything it printed."""
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    return process.returncode, (out + err).decode()


def board_command(server: ScriptedServer) -> tuple[str, ...]:
    return ("virtual_device", f"--port={server.port}", f"--template-id={SOIL.template_id}", "--name", SOIL.name)


def fleet_environment(server: ScriptedServer, folder: Path) -> dict[str, str]:
    return {"DATA_DIR": str(folder), "GATEWAY_HOST": "0.0.0.0", "GATEWAY_PORT": str(server.port)}


@pytest.fixture
def no_orders() -> None:
    with Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.delete(orders.ORDERS)


async def test_virtual_device_runs_a_board_until_it_is_told_to_stop() -> None:
    async with (
        ScriptedServer.listen() as server,
        manage(*board_command(server), typed=f"{TOKEN}\n") as process,
    ):
        assert (await info_of(server)).template_id == SOIL.template_id
        await until(lambda: server.of(MetaSet))
        process.terminate()
        status, text = await ended(process)
    assert status == 0
    assert "CONNECTING_CLOUD => RUNNING" in text
    assert "Blynk Soil Sensor-" in text
    assert TOKEN not in text
    assert "Traceback" not in text


async def test_virtual_device_ends_with_a_sentence_when_its_token_is_refused() -> None:
    async with ScriptedServer.listen() as server:
        server.verdicts = [Status.INVALID_TOKEN]
        async with manage(*board_command(server), typed=f"{TOKEN}\n") as process:
            status, text = await ended(process)
    assert status == 1
    assert "Invalid auth token" in text
    assert "Open a new provisioning session" in text
    assert TOKEN not in text


@pytest.mark.parametrize("typed", ["", "too short\n", "ü" * 32])
def test_virtual_device_wants_a_token(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(CommandError, match="An auth token has 32 characters"):
        call_command("virtual_device")


async def test_virtual_devices_runs_kept_and_ordered_boards(tmp_path: Path, no_orders: None) -> None:
    kept = "lfd_" + "K" * 28
    FlashStore(tmp_path / "virtual").save(flash_for(1, token=kept))
    async with (
        ScriptedServer.listen() as server,
        manage("virtual_devices", **fleet_environment(server, tmp_path)) as process,
    ):
        await info_of(server)
        assert orders.start(token=TOKEN, template=SOIL)
        await until(lambda: {login.token.decode() for login in server.of(Login)} == {kept, TOKEN})
        await until(lambda: len(server.of(MetaSet)) == 2)
        process.terminate()
        status, text = await ended(process)
    assert status == 0
    assert "RUNNING" in text
    assert not {token for token in (kept, TOKEN) if token in text}
    assert "Traceback" not in text
    assert len(FlashStore(tmp_path / "virtual").load()) == 2


@pytest.mark.parametrize(
    ("bound", "host"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("192.0.2.7", "192.0.2.7"),
        ("gateway.example", "gateway.example"),
    ],
)
def test_the_gateway_is_reached_where_it_is_bound(bound: str, host: str) -> None:
    assert local_host(bound) == host


async def lines_until(process: Process, text: str) -> str:
    """What the process printed, up to the first line with `text`."""
    assert process.stdout is not None
    heard = ""
    async with asyncio.timeout(PATIENCE):
        while text not in heard:
            line = await process.stdout.readline()
            assert line, heard
            heard += line.decode()
    return heard


async def test_virtual_device_in_setup_mode_opens_its_page_keeps_its_flash_and_has_a_button(tmp_path: Path) -> None:
    kept = tmp_path / "board.bin"
    arguments = ("virtual_device", "--setup", "--speed=50", "--serial", f"--flash={kept}", "--name", SOIL.name)
    async with ScriptedServer.listen() as server:
        async with manage(*arguments, "--network=My WiFi=secret=1", "--library=1.2.0") as process:
            heard = await lines_until(process, "Setup page: ")
            assert "Serial port: /dev/" in heard
            url = heard.partition("Setup page: ")[2].strip()
            port = int(url.rstrip("/").rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            query = f"ssid=My+WiFi&pass=secret%3d1&blynk={TOKEN}&host=127.0.0.1&port_ssl={server.port}"
            writer.write(f"GET /config?{query} HTTP/1.1\r\n\r\n".encode())
            assert b"Trying to connect" in await reader.read()
            writer.close()
            heard = await lines_until(process, "Configuration stored to flash")
            assert TOKEN not in heard
            assert "secret" not in heard
            assert len(kept.read_bytes()) == 212
            process.send_signal(signal.SIGUSR1)
            await lines_until(process, "Resetting configuration!")
            process.terminate()
            status, text = await ended(process)
        assert status == 0
        assert "Traceback" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fault=no-dns"], "Add --setup"),
        (["--setup", "--board=mkr"], "choose 1.2.0"),
        (["--setup", "--fault=no-clock"], "Add --board esp8266"),
        (["--setup", "--board=esp8266", "--fault=no-mfln"], "Add --tls"),
        (["--setup", "--speed=0"], "above nought"),
        (["--setup", "--mac=zz"], "twelve hexadecimal digits"),
        (["--setup", "--network==x"], "NAME=PASSWORD"),
        (["--setup", "--trust=/nowhere/ca.pem"], "No such file"),
    ],
)
def test_options_that_do_not_go_together_are_said(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("virtual_device", *arguments)


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"cannot listen on 127.0.0.1:{port}.*Choose another --setup-port"):
            call_command("virtual_device", "--setup", f"--setup-port={port}", "--speed=1000")
