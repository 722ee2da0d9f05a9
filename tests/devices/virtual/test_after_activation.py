"""Boards with an Edgent sketch, after their activation: they obey orders, are set up anew, and come back when wiped."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from devices.actions import orders, returning, sessions
from devices.actions.integrity import violations
from devices.models import Device, PinValue, Presence, ProvisioningSession, TimelineEvent
from devices.virtual.states import State
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.gateway.harness import RunningGateway
from tests.devices.virtual.setup import SetupBoard, setup_board
from tests.devices.virtual.test_real_gateway import eventually

pytestmark = pytest.mark.django_db(transaction=True)
LONG_ENOUGH = 10.5

type Board = Callable[[], AbstractAsyncContextManager[SetupBoard]]


@pytest_asyncio.fixture(autouse=True)
async def no_connection_left(transactional_db: None) -> AsyncIterator[None]:
    """Questions are asked from a thread of their own, whose connection would outlive the test database."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def board_of(running: RunningGateway, template: Template) -> Board:
    """A board flashed for the template, on the running gateway."""
    return lambda: setup_board(server=("127.0.0.1", running.port), name=template.name, template_id=template.template_id)


async def provision(board: SetupBoard, opened: sessions.Opened) -> Device:
    """Set the board up in its hotspot with the session's token; the device, once it is known by its hotspot's name."""
    assert opened.token
    await board.until_open()
    await board.configure(token=opened.token)
    ours = Device.objects.filter(sessions=opened.session, presence__is_connected=True)
    return await eventually(ours.exclude(hotspot_name="").exclude(library_version="").first)


def connection_of(device: Device) -> int:
    return Presence.objects.get(device=device).connection_id


async def test_board_that_is_asked_to_reboot_comes_back(board_of: Board, template: Template, cast: Cast) -> None:
    opened = await sync_to_async(sessions.open_session)(template=template, by=cast.alice)
    async with board_of() as board:
        device = await provision(board, opened)
        before = await sync_to_async(connection_of)(device)
        await sync_to_async(orders.reboot)(device=device, by=cast.alice)
        await eventually(lambda: connection_of(device) != before)
        await board.until(State.RUNNING)
        assert board.says("rebooting")
    assert await TimelineEvent.objects.filter(kind="reboot").acount() == 1


async def test_board_in_setup_mode_is_reconfigured(board_of: Board, template: Template, cast: Cast) -> None:
    opened = await sync_to_async(sessions.open_session)(template=template, by=cast.alice)
    async with board_of() as board:
        device = await provision(board, opened)
        await sync_to_async(orders.enter_setup_mode)(device=device, by=cast.alice)
        await board.until_open()
        await eventually(lambda: Presence.objects.filter(device=device, is_connected=False).exists())
        again = await sync_to_async(sessions.open_session)(template=template, by=cast.alice, device=device)
        assert await provision(board, again) == device
    assert await TimelineEvent.objects.filter(kind="reconfigured").acount() == 1
    assert await Device.objects.acount() == 1
    assert await sync_to_async(violations)() == {}


async def test_board_wiped_by_its_button_is_the_same_device_again(
    board_of: Board, template: Template, cast: Cast
) -> None:
    opened = await sync_to_async(sessions.open_session)(template=template, by=cast.alice)
    async with board_of() as board:
        device = await provision(board, opened)
        board.board.press()
        board.board.release(held_seconds=LONG_ENOUGH)
        await eventually(lambda: Presence.objects.filter(device=device, is_connected=False).exists())
        again = await sync_to_async(sessions.open_session)(template=template, by=cast.alice)
        made = await provision(board, again)
        assert made != device
        session = await ProvisioningSession.objects.select_related("device").aget(pk=again.session.pk)
        (candidate,) = await sync_to_async(returning.candidates_of)(session)
        assert (candidate.device, candidate.reason) == (device, f"the same hotspot name, {made.hotspot_name}")
        await sync_to_async(returning.rejoin)(session=session, device=device, by=cast.alice)
        await PinValue.objects.all().adelete()
        await eventually(lambda: PinValue.objects.filter(device=device).exists())
        assert await sync_to_async(lambda: Presence.objects.get().device_id)() == device.pk
    assert await Device.objects.aget() == device
    assert await sync_to_async(violations)() == {}
