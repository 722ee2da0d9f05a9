"""The serial console over a real pseudo-terminal."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.virtual import console
from devices.virtual.firmware import Kind, Library
from devices.virtual.networks import HOME
from devices.virtual.states import State
from tests.devices.virtual.harness import TOKEN, ScriptedServer, info_of, until
from tests.devices.virtual.setup import SetupBoard, setup_board


@dataclass
class Monitor:
    """A serial monitor at the other end."""

    descriptor: int
    heard: bytearray = field(default_factory=bytearray)

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    async def answer(self, command: str) -> str:
        """Type a command; what comes between it and the next prompt."""
        start = len(self.heard)
        self.type(command + "\n")
        begin = f"{command}\r\n".encode()
        await until(lambda: begin in self.heard[start:] and self.heard.endswith(b">"))
        text = bytes(self.heard[start:])
        return text[text.index(begin) + len(begin) : -1].decode()

    async def until(self, text: str) -> None:
        await until(lambda: text.encode() in self.heard)


@contextlib.asynccontextmanager
async def monitor_of(board: SetupBoard) -> AsyncIterator[Monitor]:
    await board.until_open()
    descriptor = os.open(board.serial, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    monitor = Monitor(descriptor)
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, lambda: monitor.heard.extend(os.read(descriptor, 4096)))
    try:
        await monitor.until("AP URL:  blynk.setup\r\n")
        yield monitor
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def test_devinfo_is_json_of_its_version() -> None:
    expected = {"board": "Soil Sensor", "tmpl_id": "TMPLabcdefghi", "fw_type": "TMPLabcdefghi", "fw_ver": "0.1.0"}
    for library, more in ((Library.V1_0_1, {}), (Library.V1_4, {"name": "Blynk Soil Sensor-9A4R"})):
        async with setup_board(library=library, terminal=True) as board, monitor_of(board) as monitor:
            assert json.loads(await monitor.answer("devinfo")) == expected | more


async def test_connect_calls_the_server_that_the_firmware_was_compiled_for() -> None:
    async with ScriptedServer.listen() as server:
        options = {"terminal": True, "default_server": ("127.0.0.1", server.port)}
        async with setup_board(**options) as board, monitor_of(board) as monitor:  # type: ignore[arg-type]
            monitor.type(f"connect {TOKEN} {HOME.ssid} {HOME.password}\n")
            await monitor.until('{"status":"OK","msg":"trying to connect..."}')
            await info_of(server)
            await monitor.until("CONNECTING_CLOUD => RUNNING\r\n")
            assert "WAIT_CONFIG => SWITCH_TO_STA" in monitor.heard.decode()


async def test_blanks_are_written_as_hexadecimal_escapes() -> None:
    async with setup_board(terminal=True) as board, monitor_of(board) as monitor:
        monitor.type(f"connect {TOKEN} My\\x20Home pass\\\\word\\x2a\r")
        await board.until(State.CONNECTING_NET)
    assert (board.board.config.ssid, board.board.config.password) == (b"My Home", b"pass\\word*")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (f"connect {TOKEN}", "invalid arguments. expected: <auth> <ssid> <pass>"),
        ("connect short Home", "invalid token size"),
    ],
)
async def test_connect_says_what_is_wrong(command: str, message: str) -> None:
    async with setup_board(terminal=True) as board, monitor_of(board) as monitor:
        assert json.loads(await monitor.answer(command)) == {"status": "error", "msg": message}
        assert board.state is State.WAIT_CONFIG


async def test_the_networks_around_and_its_own() -> None:
    async with (
        ScriptedServer.listen() as server,
        setup_board(terminal=True, default_server=("127.0.0.1", server.port)) as board,
        monitor_of(board) as monitor,
    ):
        scan = await monitor.answer("wifi scan")
        assert "  Home [02:00:5e:10:00:01] WPA2 ch:6 rssi:-52\n" in scan
        assert await monitor.answer("wifi show") == "mac:24:6F:28:01:02:03 ip:0.0.0.0 ( [] 0dBm)\n"
        monitor.type(f"connect {TOKEN} {HOME.ssid} {HOME.password}\n")
        await board.until(State.RUNNING)
        monitor.type("wifi\n")
        await monitor.until("ip:192.168.1.77 (Home [02:00:5E:10:00:01] -52dBm)")


async def test_help_firmware_status_and_what_it_does_not_know() -> None:
    async with setup_board(terminal=True) as board, monitor_of(board) as monitor:
        names = "help, ?, reboot, config, devinfo, connect, wifi, firmware, status"
        assert await monitor.answer("help") == f"Available commands: {names}\r\n"
        assert " Version:   0.1.0 (build " in await monitor.answer("FIRMWARE")
        assert await monitor.answer("firmware rollback") == '{"status":"error"}\n'
        assert await monitor.answer("firmware dance") == await monitor.answer("wifi dance") == ""
        assert " Uptime:          0d 0h 0m " in await monitor.answer("status")
        assert await monitor.answer("dance") == "Command not found.\r\n"


async def test_the_oldest_library_knows_no_connect() -> None:
    async with setup_board(library=Library.V1_0_1, terminal=True) as board, monitor_of(board) as monitor:
        assert await monitor.answer("connect a b") == "Command not found.\r\n"
        assert '"bssid":"03:02:01:28:6f:24","rssi":0' in await monitor.answer("netinfo")
        assert await monitor.answer("help") == "Available commands: help, ?, reboot, config, devinfo, netinfo\r\n"
        assert "entering configuration mode" in await monitor.answer("config")


async def test_small_boards_have_the_small_commands() -> None:
    async with setup_board(kind=Kind.WIO, terminal=True) as board, monitor_of(board) as monitor:
        assert await monitor.answer("wifi scan") == "Command not found.\r\n"


async def test_config_erase_and_reboot() -> None:
    async with setup_board(terminal=True) as board, monitor_of(board) as monitor:
        monitor.type("config erase\n")
        await monitor.until("Resetting configuration!\r\n")
        await board.until_open()
        monitor.type("reboot\n")
        await monitor.until('{"status":"OK","msg":"rebooting wifi module"}')
        await until(lambda: monitor.heard.count(b"Blynk v1.4.0 on ESP32") == 2)


async def test_the_port_has_the_secrets_that_a_board_prints_and_the_log_has_none() -> None:
    async with setup_board(terminal=True) as board, monitor_of(board) as monitor:
        await board.configure()
        await monitor.until(f"WiFi SSID: Home Pass: {HOME.password}\r\n")
        await monitor.until(f"Blynk cloud: {TOKEN} @ 127.0.0.1:1\r\n")
    assert not board.says(HOME.password)
    assert not board.says(TOKEN)


async def test_nobody_listening_and_endless_lines_do_no_harm() -> None:
    async with setup_board(terminal=True) as board:
        await board.until_open()
        for _ in range(200):
            await board.get("/wifi_scan.json")
        assert board.state is State.WAIT_CONFIG
    async with setup_board(terminal=True) as board, monitor_of(board) as monitor:
        monitor.type("x" * 1000 + "\n")
        await monitor.until("Command not found.")
        assert "Blynk Soil" in await monitor.answer("devinfo")


@given(st.binary(max_size=255))
def test_any_line_has_words_without_nul(line: bytes) -> None:
    words = console.words_of(line)
    assert len(words) <= console.MOST_WORDS
    assert all(b"\0" not in word for word in words)


@given(st.text(alphabet=st.characters(min_codepoint=1, exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_escaping_every_byte_gives_the_text_back(text: str) -> None:
    escaped = "".join(f"\\x{byte:02x}" for byte in text.encode()).encode()
    assert console.words_of(b"connect " + escaped) == [b"connect", text.encode()]
