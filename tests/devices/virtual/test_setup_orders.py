"""Boards in setup mode that the console starts for a session, through a real Redis."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from redis import Redis

from console.kit import gateway_bus
from devices.virtual import orders
from devices.virtual.endings import Fault
from devices.virtual.firmware import Kind, Library
from devices.virtual.flash import FlashStore
from devices.virtual.fleet import Fleet, Site
from devices.virtual.orders import BoardStatus
from devices.virtual.setup_board import SetupSite
from templates_app.models import Template
from tests.devices.gateway.certificates import authority
from tests.devices.virtual.harness import PATIENCE, QUICK, TOKEN, ScriptedServer, info_of, until
from tests.devices.virtual.setup import HURRIED
from tests.devices.virtual.test_trust import tls_server
from tests.templates_app.server_check.servers import Signed

SOIL = Template(template_id="TMPLabcdefghi", name="Soil Sensor")
HASTE = SetupSite(times=HURRIED, pulse_seconds=0.01)


@pytest.fixture(autouse=True)
def redis() -> Iterator[Redis]:
    with Redis.from_url(settings.REDIS_URL) as client:
        client.delete(orders.ORDERS, f"{orders.BOARDS}:7")
        yield client
        client.delete(orders.ORDERS, f"{orders.BOARDS}:7")


@contextlib.asynccontextmanager
async def fleet_at(
    port: int, folder: Path, *, setup: SetupSite = HASTE, limit: int = 3, lines: list[str] | None = None
) -> AsyncIterator[Fleet]:
    heard: list[str] = [] if lines is None else lines
    site = Site(host="127.0.0.1", port=port, limit=limit, say=heard.append, timings=QUICK, setup=setup)
    fleet = Fleet(site, FlashStore(folder))
    try:
        yield fleet
    finally:
        await fleet.stop()


def take_ordered(fleet: Fleet, redis: Redis, fault: Fault | None = None, **firmware: Any) -> None:
    assert orders.start(session_id=7, template=SOIL, fault=fault, **firmware)
    raw = redis.lpop(orders.ORDERS)
    assert isinstance(raw, bytes)
    fleet.take(raw)


async def board_that(condition: str) -> BoardStatus:
    """What the session's page is told, once that is true of it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            status = await asyncio.to_thread(orders.board_of, 7)
            if status is not None and (status.url if condition == "open" else status.state == condition):
                return status
            await asyncio.sleep(0.01)


async def configure(status: BoardStatus, port: int, *, host: str = "127.0.0.1") -> bytes:
    where = urlsplit(status.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    query = f"ssid=Home&pass=landfall-home&blynk={TOKEN}&host={host}&port_ssl={port}"
    writer.write(f"GET /config?{query} HTTP/1.1\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def test_a_board_in_setup_mode_is_shown_configured_and_kept(redis: Redis, tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server.port, tmp_path) as fleet:
        take_ordered(fleet, redis)
        status = await board_that("open")
        assert status.hotspot_name.startswith("Blynk Soil Sensor-")
        assert status.serial.startswith("/dev/")
        assert b"Trying to connect..." in await configure(status, server.port)
        assert (await info_of(server)).template_id == SOIL.template_id
        assert (await board_that("RUNNING")).url == ""
        await until(lambda: FlashStore(tmp_path).load())
    assert [flash.token for flash in FlashStore(tmp_path).load()] == [TOKEN]
    assert orders.board_of(7) is None
    async with ScriptedServer.listen() as server, fleet_at(server.port, tmp_path) as fleet:
        fleet.start_kept()
        assert (await info_of(server)).template_id == SOIL.template_id


async def test_a_board_of_another_kind_shows_so_and_comes_back_as_one(redis: Redis, tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server, fleet_at(server.port, tmp_path) as fleet:
        take_ordered(fleet, redis, Fault.DARK_LED, kind=Kind.ESP8266, library=Library.V1_0_1)
        status = await board_that("open")
        assert status.firmware == "ESP8266, Blynk library 1.0.1"
        assert (status.led, status.is_led_dark) == ("wait_config", True)
        await configure(status, server.port)
        assert (await board_that("RUNNING")).led == "running"
        assert (await info_of(server)).board == "ESP8266"
        await until(lambda: FlashStore(tmp_path).load())
    async with ScriptedServer.listen() as server, fleet_at(server.port, tmp_path) as fleet:
        fleet.start_kept()
        info = await info_of(server)
        assert (info.board, info.library_version) == ("ESP8266", "1.0.1")


@pytest.mark.parametrize(
    ("is_ours", "line"), [(True, "Certificate OK"), (False, "Secure connection failed")], ids=["its own", "the pinned"]
)
async def test_where_the_gateway_has_a_certificate_boards_speak_tls_and_look_at_it(
    redis: Redis, tmp_path: Path, is_ours: bool, line: str
) -> None:
    made = authority(tmp_path)
    setup = replace(HASTE, has_tls=True, trusted=made.root if is_ours else None)
    lines: list[str] = []
    async with (
        tls_server(Signed(made.certificate, made.key)) as server,
        fleet_at(server.port, tmp_path / "kept", setup=setup, lines=lines) as fleet,
    ):
        take_ordered(fleet, redis)
        await configure(await board_that("open"), server.port, host="localhost")
        await until(lambda: any(line in each for each in lines))
        if is_ours:
            await info_of(server)
        else:
            assert not server.events


async def test_another_order_takes_the_place_of_the_first(redis: Redis, tmp_path: Path) -> None:
    async with fleet_at(1, tmp_path) as fleet:
        take_ordered(fleet, redis)
        await board_that("open")
        take_ordered(fleet, redis, Fault.NO_HOTSPOT)
        assert len(fleet) == 1
        async with asyncio.timeout(PATIENCE):
            while (status := await asyncio.to_thread(orders.board_of, 7)) is None or status.url:
                await asyncio.sleep(0.01)
        assert len(fleet) == 1


async def test_a_board_that_nobody_configures_is_switched_off(redis: Redis, tmp_path: Path) -> None:
    async with fleet_at(1, tmp_path, setup=replace(HASTE, patience_seconds=0.05)) as fleet:
        take_ordered(fleet, redis)
        await until(lambda: not len(fleet))
    assert orders.board_of(7) is None


async def test_no_more_boards_than_the_limit(redis: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with fleet_at(1, tmp_path, limit=0) as fleet:
        take_ordered(fleet, redis)
        assert len(fleet) == 0
    assert "board.refused" in caplog.text


@pytest.mark.parametrize(
    "changes",
    [
        {"session_id": 0},
        {"session_id": "7"},
        {"session_id": True},
        {"session_id": None},
        {"mode": "x"},
        {"fault": "x"},
        {"kind": "x"},
        {"kind": 7},
        {"library": "x"},
        {"kind": "mkr", "library": "1.4.0"},
    ],
)
def test_what_is_no_order_is_none(changes: dict[str, object]) -> None:
    good = {"template_id": "T", "template_name": "N", "mode": "setup", "session_id": 7, "fault": "no-dns"}
    assert orders.parse(json.dumps(good).encode()) is not None
    assert orders.parse(json.dumps(good | changes).encode()) is None


@pytest.mark.parametrize("told", [b"", b"{}", b"[]", b"\xff", b'{"state":1}'])
def test_what_is_no_status_is_none(redis: Redis, told: bytes) -> None:
    redis.set(f"{orders.BOARDS}:7", told)
    assert orders.board_of(7) is None


def test_without_redis_there_is_no_board_and_no_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_bus, "client", lambda: Redis.from_url(f"unix://{tmp_path}/nobody"))
    assert orders.board_of(7) is None
    assert not orders.start(session_id=7, template=SOIL)
    orders.publish(7, BoardStatus(hotspot_name="x", state="RUNNING"))
    orders.publish(7, None)


def test_a_status_dies_soon(redis: Redis) -> None:
    orders.publish(7, BoardStatus(hotspot_name="x", state="RUNNING"))
    assert orders.board_of(7) == BoardStatus(hotspot_name="x", state="RUNNING")
    assert redis.ttl(f"{orders.BOARDS}:7") in range(1, orders.SEEN_SECONDS + 1)
