"""Virtual boards set up as a phone does it: what they say of themselves and print afterwards names the cause."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import override_settings

from devices.virtual import trust
from devices.virtual.endings import Fault
from devices.virtual.firmware import Kind, Library
from templates_app.models import Template
from tests.devices.diagnosis.stage import Stage
from tests.devices.virtual.harness import PATIENCE
from tests.devices.virtual.setup import HURRIED, SetupBoard, setup_board

pytestmark = pytest.mark.django_db(transaction=True)
IMPATIENT = replace(HURRIED, network=0.2, cloud=0.2)


@pytest_asyncio.fixture(autouse=True)
async def no_connection_left(transactional_db: None) -> AsyncIterator[None]:
    """Questions are asked from a thread of their own, whose connection would outlive the test database."""
    yield
    await sync_to_async(connections.close_all)()


def begin(stage: Stage) -> dict[str, Any]:
    """An open session, and what its board was flashed with."""
    stage.open()
    return {"name": stage.template.name, "template_id": stage.template.template_id, "times": IMPATIENT}


async def own_words(board: SetupBoard) -> dict[str, Any]:
    """Its board_info.json, once it has an error to tell."""
    async with asyncio.timeout(PATIENCE):
        while True:
            status, body = await board.get("/board_info.json") if board.board.is_open else (0, b"")
            if status == 200 and json.loads(body)["last_error"]:
                words: dict[str, Any] = json.loads(body)
                return words
            await asyncio.sleep(0.02)


async def told(stage: Stage, board: SetupBoard) -> list[str]:
    await sync_to_async(stage.tell)("serial", "\n".join(board.lines))
    return await sync_to_async(stage.codes)()


async def test_wrong_password_is_701(stage: Stage) -> None:
    options = await sync_to_async(begin)(stage)
    async with setup_board(**options, fault=Fault.WRONG_PASSWORD) as board:
        await board.until_open()
        await board.configure(token=stage.token)
        await sync_to_async(stage.tell)("board_info", await own_words(board))
    assert (await sync_to_async(stage.codes)())[0] == "last_error_701"


async def test_no_dns_is_702_and_its_log_tells_where_it_stopped(stage: Stage) -> None:
    options = await sync_to_async(begin)(stage)
    async with setup_board(**options, fault=Fault.NO_DNS) as board:
        await board.until_open()
        await board.configure(token=stage.token)
        await sync_to_async(stage.tell)("board_info", await own_words(board))
        assert "last_error_702" in await sync_to_async(stage.codes)()
        assert "connection_failed" in await told(stage, board)


async def test_token_of_another_server_is_703(stage: Stage) -> None:
    options = await sync_to_async(begin)(stage)
    port = await sync_to_async(lambda: stage.running.port)()
    async with setup_board(**(options | {"times": HURRIED}), server=("127.0.0.1", port)) as board:
        await board.until_open()
        await board.configure(token="x" * 32)
        await sync_to_async(stage.tell)("board_info", await own_words(board))
    assert {"token_unknown", "last_error_703"} <= set(await sync_to_async(stage.codes)())


async def test_blynk_cloud_in_the_log(stage: Stage) -> None:
    options = await sync_to_async(begin)(stage)
    async with setup_board(**options, fault=Fault.OTHER_SERVER) as board:
        await board.until_open()
        await board.configure(token=stage.token)
        await board.until_told("Last error code: 703")
        assert (await told(stage, board))[0] == "calls_blynk_cloud"


async def test_board_that_trusts_nobody_is_seen_by_the_gateway(stage: Stage) -> None:
    options = await sync_to_async(begin)(stage)
    port = await sync_to_async(lambda: stage.running.tls_port)()
    with override_settings(GATEWAY_PUBLIC_HOST="localhost", GATEWAY_PUBLIC_PORT=port):
        async with setup_board(**(options | {"times": HURRIED}), tls=trust.of_file(stage.authority.stranger)) as board:
            await board.until_open()
            await board.configure(token=stage.token, host="localhost", port=port)
            await board.until_told("Secure connection failed")
            codes = await told(stage, board)
    # An ESP32 sends the alert that names the reason; this board, like an ESP8266, only hangs up.
    assert {"tls_cut", "log_tls_failed"} <= set(codes)


async def test_board_that_trusts_us_activates_over_tls(stage: Stage) -> None:
    options = await sync_to_async(begin)(stage)
    port = await sync_to_async(lambda: stage.running.tls_port)()
    async with setup_board(**(options | {"times": HURRIED}), tls=trust.of_file(stage.authority.root)) as board:
        await board.until_open()
        await board.configure(token=stage.token, host="localhost", port=port)
        async with asyncio.timeout(PATIENCE):
            while (await sync_to_async(stage.who.get)(stage.path)).data["state"] != "activated":
                await asyncio.sleep(0.02)
    assert await sync_to_async(stage.codes)() == []


@pytest.mark.parametrize(
    ("name", "fault", "code"),
    [("Soil Sensor of the Greenhouse", None, "name_too_long"), ("Soil", Fault.NO_HOTSPOT, "old_core")],
)
async def test_hotspot_that_does_not_open(stage: Stage, name: str, fault: Fault | None, code: str) -> None:
    await sync_to_async(lambda: Template.objects.update(name=name))()
    await sync_to_async(stage.template.refresh_from_db)()
    options = await sync_to_async(begin)(stage)
    async with setup_board(**options, kind=Kind.ESP8266, library=Library.V1_0_1, fault=fault) as board:
        await board.until_told("AP IP:   0.0.0.0")
        await board.until_told("Last error code: 704")
        codes = await told(stage, board)
    assert code in codes
    assert "last_error_704" in codes
