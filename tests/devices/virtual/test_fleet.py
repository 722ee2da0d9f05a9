"""Many boards in one process."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.virtual.flash import FlashStore
from devices.virtual.fleet import Fleet, Site
from devices.wire import push
from devices.wire.commands import Status
from devices.wire.info import Info
from devices.wire.messages import Login, MetaSet
from tests.devices.virtual.harness import QUICK, TOKEN, ScriptedServer, flash_for, info_of, until

TOKENS = [f"lfd_{letter * 28}" for letter in "BCDE"]


def order(token: str = TOKEN, **changes: object) -> bytes:
    return json.dumps({"token": token, "template_id": "TMPLabcdefghi", "template_name": "Soil", **changes}).encode()


@contextlib.asynccontextmanager
async def fleet_at(
    server: ScriptedServer, folder: Path, *, limit: int = 10, lines: list[str] | None = None
) -> AsyncIterator[Fleet]:
    heard: list[str] = [] if lines is None else lines
    site = Site(host="127.0.0.1", port=server.port, limit=limit, say=heard.append, timings=QUICK)
    fleet = Fleet(site, FlashStore(folder))
    fleet.start_kept()
    try:
        yield fleet
    finally:
        await fleet.stop()


async def test_an_order_starts_a_board_and_keeps_it(tmp_path: Path) -> None:
    lines: list[str] = []
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path, lines=lines) as fleet:
        fleet.take(order())
        assert (await info_of(server)).template_id == "TMPLabcdefghi"
        await until(lambda: server.of(MetaSet))
    (flash,) = FlashStore(tmp_path).load()
    assert (flash.token, flash.is_valid) == (TOKEN, True)
    assert all(line.startswith(flash.hotspot_name) for line in lines)
    assert TOKEN not in "".join(lines)


async def test_a_connected_board_is_of_the_kind_that_was_ordered_and_stays_so(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        fleet.take(order(kind="mkr", library="1.2.0"))
        assert (await info_of(server)).board == "MKR WiFi 1010"
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path):
        assert (await info_of(server)).board == "MKR WiFi 1010"


async def test_an_ordered_board_is_kept_before_it_reaches_anybody(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        fleet.take(order())
        (flash,) = FlashStore(tmp_path).load()
        assert not flash.is_valid


async def test_boards_come_back_with_the_next_run_and_find_the_gateway_where_it_is(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        for token in TOKENS[:2]:
            fleet.take(order(token))
        await until(lambda: len(server.of(MetaSet)) == 2)
    async with ScriptedServer.listen() as elsewhere, fleet_at(elsewhere, tmp_path) as fleet:
        await until(lambda: len(elsewhere.of(Info)) == 2)
        assert {login.token.decode() for login in elsewhere.of(Login)} == set(TOKENS[:2])
        assert len(fleet) == 2


async def test_a_refused_token_is_forgotten(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        server.verdicts = [Status.INVALID_TOKEN]
        fleet.take(order())
        await until(lambda: not len(fleet))
    assert FlashStore(tmp_path).load() == []


async def test_an_erased_board_is_forgotten(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        fleet.take(order())
        await server.push(lambda wire: push.console_command(wire, "config erase"))
        await until(lambda: not len(fleet))
    assert FlashStore(tmp_path).load() == []


async def test_a_board_in_setup_mode_comes_back_when_it_is_switched_on_again(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        fleet.take(order())
        await server.push(lambda wire: push.console_command(wire, "config start"))
        await until(lambda: not len(fleet))
    assert len(FlashStore(tmp_path).load()) == 1


async def test_no_more_boards_than_the_limit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path, limit=2) as fleet:
        for token in TOKENS:
            fleet.take(order(token))
        assert len(fleet) == 2
        await until(lambda: len(server.of(MetaSet)) == 2)
    assert {flash.token for flash in FlashStore(tmp_path).load()} == set(TOKENS[:2])
    assert "board.refused" in caplog.text
    assert TOKENS[2] not in caplog.text


async def test_kept_boards_above_the_limit_stay_off(tmp_path: Path) -> None:
    for token in TOKENS:
        FlashStore(tmp_path).save(flash_for(1, token=token))
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path, limit=3) as fleet:
        assert len(fleet) == 3
    assert len(FlashStore(tmp_path).load()) == len(TOKENS)


async def test_an_order_given_twice_starts_one_board(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        fleet.take(order())
        fleet.take(order())
        assert len(fleet) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[" * 4000,
        b"7",
        b"{}",
        order(token="short"),
        order(token="ü" * 16),
        order(token=7),  # type: ignore[arg-type] # what a stranger may write
        order(template_id=None),
        order(template_name="\ud800"),
        order(more="x"),
        order(kind="abacus"),
        order(library="2.0"),
        order(template_name="x" * 5000),
    ],
)
async def test_what_is_no_order_is_passed_over(tmp_path: Path, raw: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        fleet.take(raw)
        assert len(fleet) == 0
        fleet.take(order())
        assert len(fleet) == 1
    assert "order.refused" in caplog.text
    assert TOKEN not in caplog.text


async def test_a_board_that_fails_does_not_disturb_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        with monkeypatch.context() as broken:
            broken.setattr("devices.virtual.fleet.VirtualBoard", None)
            fleet.take(order(TOKENS[1]))
            await until(lambda: not len(fleet))
        fleet.take(order())
        await info_of(server)
        assert len(fleet) == 1
    assert "board.crashed" in caplog.text
    assert TOKENS[1] not in caplog.text


async def test_a_full_disk_does_not_stop_a_board(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a file").write_text("")
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path / "a file" / "virtual") as fleet:
        fleet.take(order())
        await info_of(server)
    assert "flash.not_kept" in caplog.text


async def test_stopping_leaves_no_task(tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server, tmp_path) as fleet:
        fleet.take(order())
        await info_of(server)
        await fleet.stop()
        assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("Blynk ")]
