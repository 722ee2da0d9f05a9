"""The setup server against peers that mean it no good: bounded, and open for the next one."""

import asyncio
import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.virtual.firmware import Kind, Library
from devices.virtual.setup_server import MOST_CONNECTIONS
from devices.virtual.states import State
from tests.devices.virtual.harness import PATIENCE, until
from tests.devices.virtual.setup import HURRIED, SetupBoard, setup_board

IMPATIENT = replace(HURRIED, peer=0.05)


async def still_serves(board: SetupBoard) -> bool:
    status, _ = await board.get("/board_info.json")
    return bool(status == 200)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\0" * 100 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1 more\r\n\r\n",
        b"GET http://elsewhere/ HTTP/1.1\r\n\r\n",
        b"G\xc3\x89T / HTTP/1.1\r\n\r\n",
        b"GET /config?" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 3000 + b"\r\n",
        b"POST /config HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /config HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /config HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /config HTTP/1.1\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000,
    ],
)
async def test_garbage_is_hung_up_on(garbage: bytes) -> None:
    async with setup_board() as board:
        await board.until_open()
        assert await board.raw(garbage) == b""
        assert await still_serves(board)


@pytest.mark.parametrize(
    "start", [b"", b"GET /board_info", b"POST /config HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
              b"POST /update HTTP/1.1\r\nContent-Length: 500\r\n\r\nab"]
)  # fmt: skip
async def test_a_peer_that_stops_half_way_is_given_up(start: bytes) -> None:
    async with setup_board(times=IMPATIENT) as board:
        await board.until_open()
        assert await board.raw(start) == b""
        assert await still_serves(board)


async def test_an_upload_that_ends_early_fails() -> None:
    async with setup_board() as board:
        await board.until_open()
        answer = await board.raw(b"POST /update HTTP/1.1\r\nContent-Length: 500\r\n\r\nab", is_ended=True)
    assert answer.endswith(b"FAIL")


async def test_so_many_connections_and_no_more() -> None:
    async with setup_board() as board, contextlib.AsyncExitStack() as stack:
        await board.until_open()
        for _ in range(MOST_CONNECTIONS):
            _, writer = await asyncio.open_connection("127.0.0.1", board.board.setup_port)
            stack.callback(writer.close)
        # Only once the server has taken those is the next one too many.
        await until(lambda: len(board.board._setup.connections) == MOST_CONNECTIONS)
        assert await board.raw(b"GET / HTTP/1.1\r\n\r\n") == b""
        await stack.aclose()
        async with asyncio.timeout(PATIENCE):
            while not await still_serves(board):
                await asyncio.sleep(0.01)


async def test_two_phones_at_once_make_one_configuration() -> None:
    async with setup_board() as board:
        await board.until_open()
        answers = await asyncio.gather(*[board.configure(ssid=name) for name in ("Home", "Guest")])
        assert {status for status, _ in answers} <= {200, 0}
        await board.until(State.CONNECTING_CLOUD)
        assert board.board.config.ssid in {b"Home", b"Guest"}


@pytest.mark.parametrize("kind", [Kind.ESP32, Kind.MKR])
async def test_control_characters_do_not_reach_the_log(kind: Kind) -> None:
    library = Library.V1_2
    async with setup_board(kind=kind, library=library) as board:
        await board.until_open()
        await board.get("/config?ssid=%1b%5b2J%0d%0aFAKE&blynk=" + "%00" * 32 + "&pass=%ff")
        await board.until_told("WiFi SSID: ")
    assert all(line.isprintable() for line in board.lines)


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=8))
def test_any_bytes_leave_it_serving(requests: list[bytes]) -> None:
    async def talk() -> None:
        async with setup_board(times=replace(HURRIED, peer=0.02)) as board:
            await board.until_open()
            for request in requests:
                await board.raw(request)
            await board.until_open()
            assert await still_serves(board)

    asyncio.run(talk())
