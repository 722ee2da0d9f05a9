"""What the console tells the gateway, and what the gateway finds out where the message was lost."""

import time
from collections.abc import Callable, Iterator

import pytest
from prometheus_client import REGISTRY
from pytest_django import Settings

from console.kit import gateway_bus
from devices.actions import returning, sessions, tokens
from devices.actions.integrity import violations
from devices.actions.sessions import Opened
from devices.gateway.store import DjangoStore
from devices.models import AuthToken, Device, PinValue, Presence, ProvisioningSession
from devices.status import Refusal
from devices.wire.commands import SendOutcome
from devices.wire.messages import ConsoleCommand, InternalReply, PinWrite, Response
from templates_app.models import Template
from tests.cast import Cast, make_device
from tests.devices.gateway import harness
from tests.devices.gateway.fake_store import FakeStore
from tests.devices.gateway.harness import RunningGateway, device_at, until


@pytest.fixture
def board(running: RunningGateway, token: str) -> Iterator[harness.Device]:
    with device_at(running.port, token) as board:
        board.expect(Response)
        until(lambda: Presence.objects.filter(is_connected=True).exists())
        yield board


def test_virtual_write_reaches_the_device(board: harness.Device) -> None:
    gateway_bus.write_pin(device_id=Device.objects.get().pk, pin=4, values=["on", "25"])
    order = board.expect(PinWrite)
    assert (order.pin, order.values) == (4, ("on", "25"))
    assert order.message_id > 0


@pytest.mark.parametrize("command", ["reboot", "config start"])
def test_console_command_reaches_the_device(board: harness.Device, command: str) -> None:
    assert gateway_bus.console_command(device_id=Device.objects.get().pk, command=command)
    order = board.expect(ConsoleCommand)
    assert order.command == command
    assert order.message_id > 0


def test_new_name_reaches_the_device(board: harness.Device) -> None:
    gateway_bus.rename(device_id=Device.objects.get().pk, name="Kitchen")
    assert board.expect(InternalReply).values == ("Device Name", "Kitchen")


def test_revoked_token_closes_its_connection(board: harness.Device) -> None:
    gateway_bus.drop_tokens([AuthToken.objects.get().pk])
    board.expect_close()
    until(lambda: not Presence.objects.filter(is_connected=True).exists())


def test_cancelled_session_closes_a_device_that_was_seen(
    open_session: Callable[[], Opened],
) -> None:
    opened = open_session()
    with harness.RunningGateway(DjangoStore(), harness.quick(settle_seconds=60)) as patient:
        with harness.Device(patient.port) as board:
            assert board.log_in(opened.token or "") == 200
            sessions.cancel(session=opened.session)
            board.expect_close()
        with harness.Device(patient.port) as board:
            assert board.log_in(opened.token or "") == 9
    assert not Device.objects.exists()


def test_messages_that_make_no_sense_are_ignored(board: harness.Device) -> None:
    for text in ("{", "[]", "null", '{"kind": "dance"}', '{"kind": "write_pin"}', '{"kind": "drop_tokens"}'):
        gateway_bus.client().publish(gateway_bus.CHANNEL, text)
    device_id = Device.objects.get().pk
    gateway_bus.write_pin(device_id=device_id, pin=999, values=["1"])
    gateway_bus.write_pin(device_id=device_id, pin=1, values=[])
    gateway_bus.write_pin(device_id=device_id, pin=1, values=["x" * 2000])
    gateway_bus.write_pin(device_id=device_id, pin=1, values=["fine"])
    assert board.expect(PinWrite).values == ("fine",)


def test_a_lost_message_is_made_up_for_by_asking(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start(recheck_seconds=0.05)
    dead, live = fake.issue(device_id=1), fake.issue(device_id=2)
    with device_at(running.port, dead) as board, device_at(running.port, live) as other:
        board.expect(Response)
        other.expect(Response)
        fake.revoke(dead, Refusal.REVOKED)
        board.expect_close()
        other.ping()


def test_the_bus_is_heard_again_after_redis_was_away(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start()
    with device_at(running.port, fake.issue(device_id=1)) as board:
        board.expect(Response)
        gateway_bus.client().client_kill_filter(_type="pubsub")

        def is_reached() -> bool:
            gateway_bus.write_pin(device_id=1, pin=1, values=["again"])
            time.sleep(0.05)
            return gateway_bus.client().pubsub_numsub(gateway_bus.CHANNEL)[0][1] > 0

        until(is_reached)
        gateway_bus.write_pin(device_id=1, pin=1, values=["again"])
        assert board.expect(PinWrite).values == ("again",)


def test_nothing_is_lost_without_redis(
    start: Callable[..., RunningGateway], fake: FakeStore, settings: Settings
) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    running = start()
    with device_at(running.port, fake.issue()) as board:
        assert board.expect(Response).status == 200
        board.wire.send_pin_write(1, ["21.5"])
        board.send()
        until(lambda: fake.pin_values(1, None) == [(1, "21.5")])


def test_an_older_connection_in_another_gateway_is_closed(running: RunningGateway, token: str) -> None:
    with (
        harness.RunningGateway(DjangoStore(), harness.quick()) as other,
        device_at(running.port, token) as older,
    ):
        older.expect(Response)
        until(lambda: Presence.objects.filter(is_connected=True).exists())
        with device_at(other.port, token) as newer:
            newer.expect(Response)
            older.expect_close()
            assert Presence.objects.get().gateway == other.gateway.gateway_id
            assert Presence.objects.get().is_connected


def pushes_not_ready() -> float:
    return REGISTRY.get_sample_value("landfall_gateway_pushes_total", {"outcome": SendOutcome.NOT_READY.value}) or 0.0


def test_before_the_info_block_nothing_is_pushed(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start(settle_seconds=60)
    with harness.Device(running.port) as board:
        assert board.log_in(fake.issue(device_id=1)) == 200
        before = pushes_not_ready()
        until(lambda: gateway_bus.client().pubsub_numsub(gateway_bus.CHANNEL)[0][1])
        gateway_bus.write_pin(device_id=1, pin=1, values=["early"])
        until(lambda: pushes_not_ready() > before)
        board.send_info()
        board.expect(Response)
        gateway_bus.write_pin(device_id=1, pin=1, values=["late"])
        assert board.expect(PinWrite).values == ("late",)


def test_who_never_sends_an_info_block_is_written_to_after_a_while(
    start: Callable[..., RunningGateway], fake: FakeStore
) -> None:
    running = start()
    with harness.Device(running.port) as board:
        assert board.log_in(fake.issue(device_id=1)) == 200
        connection = until(lambda: running.gateway.registry.of_device(1))
        until(lambda: connection.wire.has_info)
        gateway_bus.write_pin(device_id=1, pin=1, values=["hello"])
        assert board.expect(PinWrite).values == ("hello",)


@pytest.mark.parametrize("is_told", [True, False])
def test_board_that_was_wiped_goes_on_as_the_device_it_was(
    is_told: bool, open_session: Callable[[], Opened], template: Template, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_told:
        monkeypatch.setattr(gateway_bus, "move_device", lambda **_: False)
    earlier = make_device(template, cast.alice)
    Device.objects.filter(pk=earlier.pk).update(mac="24:6F:28:01:02:03")
    opened = open_session()
    ProvisioningSession.objects.filter(pk=opened.session.pk).update(planned_mac="24:6F:28:01:02:03")
    options = harness.quick(recheck_seconds=30 if is_told else 0.1)
    with (
        harness.RunningGateway(DjangoStore(), options) as gateway,
        device_at(gateway.port, opened.token or "") as board,
    ):
        board.expect(Response)
        until(lambda: Presence.objects.filter(is_connected=True).exists())
        session = ProvisioningSession.objects.get(pk=opened.session.pk)
        returning.rejoin(session=session, device=earlier, by=cast.alice)

        def wrote() -> bool:
            board.wire.send_pin_write(6, ["after"])
            board.send()
            return PinValue.objects.filter(device=earlier, pin=6).exists()

        until(wrote)
        assert Presence.objects.get().device_id == earlier.pk
        gateway_bus.write_pin(device_id=earlier.pk, pin=4, values=["on"])
        assert board.expect(PinWrite).pin == 4
    assert Device.objects.get() == earlier
    assert violations() == {}


def test_newest_connection_counts_while_two_tokens_work(
    running: RunningGateway, board: harness.Device, cast: Cast
) -> None:
    device = Device.objects.get()
    rotated = tokens.rotate(device=device, by=cast.alice, overlap_seconds=3600)
    with device_at(running.port, rotated.token or "") as newer:
        newer.expect(Response)
        board.expect_close()
        gateway_bus.write_pin(device_id=device.pk, pin=4, values=["on"])
        assert newer.expect(PinWrite).pin == 4
    assert Device.objects.count() == 1
