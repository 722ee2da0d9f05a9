"""Virtual boards that fail against the real gateway, and what the session says of it, their own log told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from devices.models import ProvisioningSession
from devices.virtual.endings import Ending, Fault
from devices.virtual.flash import Flash
from tests.devices.diagnosis.stage import Stage
from tests.devices.virtual.harness import PATIENCE, board_on, flash_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture(autouse=True)
async def no_connection_left(transactional_db: None) -> AsyncIterator[None]:
    """Questions are asked from a thread of their own, whose connection would outlive the test database."""
    yield
    await sync_to_async(connections.close_all)()


def flash_of(stage: Stage, *, token: str = "", port: int = 0) -> Flash:
    stage.open()
    flash = flash_for(port or stage.running.port, token=token or stage.token)
    template = stage.template
    return replace(flash, template_id=template.template_id, template_name=template.name)


async def is_over(stage: Stage) -> None:
    async with asyncio.timeout(PATIENCE):
        while await sync_to_async(lambda: ProvisioningSession.objects.get(pk=stage.session_id).state)() == "open":
            await asyncio.sleep(0.01)


async def test_board_with_another_templates_firmware(stage: Stage) -> None:
    flash = await sync_to_async(flash_of)(stage)
    async with board_on(flash, fault=Fault.WRONG_TEMPLATE):
        await is_over(stage)
    (finding,) = await sync_to_async(stage.findings)()
    assert finding["code"] == "template_mismatch"
    assert flash.template_id in finding["evidence"]


async def test_board_that_dies_after_its_login(stage: Stage) -> None:
    flash = await sync_to_async(flash_of)(stage)
    async with board_on(flash, fault=Fault.DIES_AFTER_LOGIN) as board:
        async with asyncio.timeout(PATIENCE):
            while not board.says("Ready"):
                await asyncio.sleep(0.01)
    await sync_to_async(stage.expire)()
    assert "seen_then_expired" in await sync_to_async(stage.codes)()


async def test_board_with_a_mistyped_token_and_its_log(stage: Stage) -> None:
    flash = await sync_to_async(flash_of)(stage)
    async with board_on(replace(flash, token=flash.token[:20] + "x" * 12)) as board:
        assert await board.ending() is Ending.REFUSED
    assert (await sync_to_async(stage.codes)())[0] == "token_cut"
    await sync_to_async(stage.tell)("serial", "\n".join(board.lines))
    codes = await sync_to_async(stage.codes)()
    assert "token_cut" in codes
    assert "refused_elsewhere" not in codes


async def test_board_that_calls_a_port_where_nobody_is_tells_so_in_its_log(stage: Stage) -> None:
    flash = await sync_to_async(flash_of)(stage, port=9)
    async with board_on(flash) as board:
        async with asyncio.timeout(PATIENCE):
            while not board.says("Connection failed"):
                await asyncio.sleep(0.01)
    await sync_to_async(stage.tell)("serial", "\n".join(board.lines))
    codes = await sync_to_async(stage.codes)()
    assert codes[0] == "calls_other_port"
    assert "connection_failed" in codes


async def test_board_without_tls_on_the_tls_port(stage: Stage) -> None:
    flash = await sync_to_async(lambda: flash_of(stage, port=stage.running.tls_port))()
    async with board_on(flash):
        async with asyncio.timeout(PATIENCE):
            while "plain_on_tls" not in await sync_to_async(stage.codes)():
                await asyncio.sleep(0.05)
