"""Virtual boards against the real gateway and PostgreSQL: the whole way that somebody without a board goes."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from console.kit import gateway_bus
from devices.actions import devices as device_actions
from devices.actions import sessions
from devices.models import Device, PinValue, Presence, ProvisioningSession, TimelineEvent
from devices.status import SessionState
from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import Kind, Library
from devices.virtual.flash import Flash, FlashStore
from devices.virtual.fleet import Fleet, Site
from devices.virtual.states import State
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.gateway.harness import RunningGateway
from tests.devices.virtual.harness import PATIENCE, QUICK, board_on, flash_for
from tests.devices.virtual.setup import setup_board
from tests.devices.virtual.test_fleet import order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture(autouse=True)
async def no_connection_left(transactional_db: None) -> AsyncIterator[None]:
    """Questions are asked from a thread of their own, whose connection would outlive the test database."""
    yield
    await sync_to_async(connections.close_all)()


async def eventually[T](ask: Callable[[], T | None]) -> T:
    """Ask the database until the answer is true."""
    async with asyncio.timeout(PATIENCE):
        while not (answer := await sync_to_async(ask)()):
            await asyncio.sleep(0.01)
    return answer


@pytest.fixture
def opened(running: RunningGateway, template: Template, cast: Cast) -> sessions.Opened:
    return sessions.open_session(template=template, by=cast.alice)


@pytest.fixture
def flash(running: RunningGateway, opened: sessions.Opened, template: Template) -> Flash:
    assert opened.token is not None
    return replace(
        flash_for(running.port, token=opened.token), template_id=template.template_id, template_name=template.name
    )


def state_of(opened: sessions.Opened) -> str:
    return ProvisioningSession.objects.get(pk=opened.session.pk).state


async def test_a_board_is_activated_and_its_facts_are_known(flash: Flash, opened: sessions.Opened) -> None:
    async with board_on(flash):
        device = await eventually(Device.objects.exclude(hotspot_name="").exclude(reported_board="").first)
        await eventually(lambda: Presence.objects.filter(device_id=device.pk, is_connected=True).exists())
    assert await sync_to_async(state_of)(opened) == SessionState.ACTIVATED
    assert (device.hotspot_name, device.reported_board) == (flash.hotspot_name, "ESP32")
    assert (device.firmware_version, device.library_version) == ("0.1.0", "1.4.0")
    assert (device.heartbeat_seconds, device.buffer_bytes) == (40, 1024)
    assert device.reported_template_id == flash.template_id


async def test_readings_and_the_boot_event_come_in(flash: Flash) -> None:
    async with board_on(flash):
        await eventually(lambda: PinValue.objects.filter(pin__in=[0, 1]).count() == 2)
        event = await eventually(TimelineEvent.objects.filter(kind="event").first)
    assert event.detail["code"] == "boot"


async def test_the_switch_follows_the_console(flash: Flash) -> None:
    async with board_on(flash):
        await eventually(lambda: PinValue.objects.filter(pin=1).exists())
        device = await Device.objects.aget()
        assert await sync_to_async(gateway_bus.write_pin)(device_id=device.pk, pin=2, values=["1"])
        await eventually(lambda: PinValue.objects.filter(pin=2, value="1").exists())


async def test_a_board_with_the_wrong_template_is_refused_and_then_forgotten(
    flash: Flash, opened: sessions.Opened
) -> None:
    async with board_on(flash, fault=Fault.WRONG_TEMPLATE) as board:
        assert await board.ending() is Ending.REFUSED
    assert await sync_to_async(state_of)(opened) == SessionState.FAILED
    assert not await Device.objects.aexists()


async def test_a_cancelled_token_is_refused(flash: Flash, opened: sessions.Opened) -> None:
    await sync_to_async(sessions.cancel)(session=opened.session)
    async with board_on(flash) as board:
        assert await board.ending() is Ending.REFUSED


async def test_a_fleet_comes_back_online_and_forgets_a_deleted_device(
    flash: Flash, running: RunningGateway, template: Template, cast: Cast, tmp_path: Path
) -> None:
    site = Site(host="127.0.0.1", port=running.port, limit=3, say=lambda _line: None, timings=QUICK)
    store = FlashStore(tmp_path)
    first = Fleet(site, store)
    first.take(order(flash.token, template_id=template.template_id, template_name=template.name))
    device = await eventually(Device.objects.first)
    await eventually(lambda: Presence.objects.filter(is_connected=True).exists())
    await first.stop()
    await eventually(lambda: Presence.objects.filter(is_connected=False).exists())
    second = Fleet(site, store)
    second.start_kept()
    await eventually(lambda: Presence.objects.filter(is_connected=True).exists())
    await sync_to_async(device_actions.delete)(device=device, by=cast.alice)
    await eventually(lambda: not len(second))
    assert store.load() == []
    await second.stop()


@pytest.mark.parametrize(
    ("kind", "library"),
    [(kind, library) for kind in Kind for library in Library if (kind, library) != (Kind.MKR, Library.V1_4)],
)
async def test_every_board_of_every_version_is_activated_from_its_hotspot(
    flash: Flash, opened: sessions.Opened, kind: Kind, library: Library
) -> None:
    options = {"kind": kind, "library": library, "name": flash.template_name, "template_id": flash.template_id}
    async with setup_board(server=(flash.host, flash.port), **options) as board:  # type: ignore[arg-type]
        await board.until_open()
        assert (await board.configure(token=flash.token))[0] in {200, 0}
        await board.until(State.RUNNING)
        device = await eventually(Device.objects.exclude(reported_board="").first)
        if library is not Library.V1_0_1:
            device = await eventually(Device.objects.exclude(hotspot_name="").first)
            assert device.hotspot_name == board.board.hotspot_name
    assert await sync_to_async(state_of)(opened) == SessionState.ACTIVATED
    assert device.library_version == library


async def test_a_board_flashed_for_another_template_opens_its_hotspot_and_notes_no_error(
    flash: Flash, opened: sessions.Opened
) -> None:
    async with setup_board(server=(flash.host, flash.port), fault=Fault.WRONG_TEMPLATE) as board:
        await board.until_open()
        await board.configure(token=flash.token)
        await board.until_told("CONNECTING_CLOUD => WAIT_CONFIG")
        await board.until_open()
        _, body = await board.get("/board_info.json")
    assert await sync_to_async(state_of)(opened) == SessionState.FAILED
    # It had worked for a moment, so the board notes no error.
    assert json.loads(body)["last_error"] == 0


async def test_an_expired_or_cancelled_token_is_703(flash: Flash, opened: sessions.Opened) -> None:
    await sync_to_async(sessions.cancel)(session=opened.session)
    async with setup_board(server=(flash.host, flash.port)) as board:
        await board.until_open()
        await board.configure(token=flash.token)
        await board.until_told("Last error code: 703")
