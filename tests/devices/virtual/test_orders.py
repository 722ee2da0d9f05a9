"""From the page to the fleet, through a real Redis."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from redis import Redis

from console.kit import gateway_bus
from console.kit.embedded.redis import RedisServer
from devices.virtual import orders
from devices.virtual.flash import FlashStore
from devices.virtual.fleet import Fleet, Site, serve
from devices.virtual.inbox import follow
from templates_app.models import Template
from tests.devices.virtual.harness import QUICK, TOKEN, ScriptedServer, info_of, until

SOIL = Template(template_id="TMPLabcdefghi", name="Soil Sensor")


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(settings.REDIS_URL) as client:
        client.delete(orders.ORDERS)
        yield client
        client.delete(orders.ORDERS)


@contextlib.asynccontextmanager
async def following(redis_url: str, taken: list[bytes]) -> AsyncIterator[None]:
    task = asyncio.create_task(follow(redis_url, taken.append, pause_seconds=0.01))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_an_order_carries_what_a_board_needs_and_dies_soon(redis: Redis) -> None:
    assert orders.start(token=TOKEN, template=SOIL)
    assert redis.ttl(orders.ORDERS) in range(1, orders.KEPT_SECONDS + 1)
    raw = redis.lpop(orders.ORDERS)
    assert isinstance(raw, bytes)
    assert orders.parse(raw) == orders.Order(token=TOKEN, template_id=SOIL.template_id, template_name=SOIL.name)


def test_without_redis_nothing_is_ordered_and_no_token_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gateway_bus, "client", lambda: Redis.from_url(f"unix://{tmp_path}/nobody"))
    assert not orders.start(token=TOKEN, template=SOIL)
    assert "virtual_device.not_ordered" in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("is_embedded", [True, False])
def test_virtual_devices_are_offered_in_embedded_mode_only(
    monkeypatch: pytest.MonkeyPatch, *, is_embedded: bool
) -> None:
    monkeypatch.setattr(settings, "IS_EMBEDDED", is_embedded)
    assert orders.is_offered() is is_embedded


def test_an_order_shows_its_token_to_nobody() -> None:
    assert TOKEN not in repr(orders.Order(token=TOKEN, template_id="T", template_name="N"))


async def test_an_order_through_redis_starts_a_board(redis: Redis, tmp_path: Path) -> None:
    async with ScriptedServer.listen() as server:
        site = Site(host="127.0.0.1", port=server.port, limit=3, say=lambda _line: None, timings=QUICK)
        task = asyncio.create_task(serve(Fleet(site, FlashStore(tmp_path)), settings.REDIS_URL))
        redis.rpush(orders.ORDERS, "not an order")
        assert orders.start(token=TOKEN, template=SOIL)
        assert (await info_of(server)).template_id == SOIL.template_id
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [flash.token for flash in FlashStore(tmp_path).load()] == [TOKEN]


async def test_orders_are_taken_again_when_redis_comes_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    server = RedisServer(folder=tmp_path, sockets=tmp_path, log=tmp_path / "log", durable=False)
    taken: list[bytes] = []
    async with following(f"unix://{server.socket}", taken):
        await until(lambda: "orders.unreachable" in caplog.text)
        for number in range(2):
            await asyncio.to_thread(server.start)
            with Redis(unix_socket_path=str(server.socket)) as client:
                client.rpush(orders.ORDERS, json.dumps(number))
            await until(lambda number=number: taken[-1:] == [json.dumps(number).encode()])  # type: ignore[misc]
            await asyncio.to_thread(server.stop)
    assert taken == [b"0", b"1"]
