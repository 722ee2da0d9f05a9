"""From a login to a device, each way there is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from devices.actions.integrity import violations
from devices.models import Device, Presence, ProvisioningSession, Reading, TimelineEvent
from devices.status import SessionState
from devices.wire import build
from devices.wire.commands import PinKind
from devices.wire.messages import Response
from templates_app.models import Template
from tests.devices.gateway import harness
from tests.devices.gateway.harness import RunningGateway, device_at, until


def is_online() -> bool:
    return Presence.objects.filter(is_connected=True).exists()


def activation_count() -> int:
    return TimelineEvent.objects.filter(kind="activated").count()


def test_a_device_comes_lives_and_goes(running: RunningGateway, token: str, template: Template) -> None:
    with device_at(running.port, token, tmpl=template.template_id) as board:
        assert board.expect(Response).status == 200
        until(is_online)
        until(lambda: Device.objects.filter(reported_board="ESP32", heartbeat_seconds=40).exists())
    until(lambda: not is_online())
    assert list(TimelineEvent.objects.order_by("at", "id").values_list("kind", flat=True)) == [
        "activated",
        "online",
        "offline",
    ]
    assert violations() == {}


def test_info_block_without_a_template_id_activates(running: RunningGateway, token: str) -> None:
    with device_at(running.port, token) as client:
        assert client.expect(Response).status == 200
        assert activation_count() == 1


@pytest.mark.parametrize(
    "send",
    [
        lambda wire: wire.send_ping(),
        lambda wire: wire.send_pin_write(1, ["21.5"]),
        lambda wire: wire.send_sync(),
        lambda wire: wire.send_event("hot"),
    ],
    ids=["ping", "write", "sync", "event"],
)
def test_any_other_message_activates(running: RunningGateway, token: str, send: Callable[[object], object]) -> None:
    with harness.Device(running.port) as client:
        assert client.log_in(token) == 200
        send(client.wire)
        client.send()
        until(lambda: activation_count() == 1)


def test_silence_activates(running: RunningGateway, token: str) -> None:
    with harness.Device(running.port) as client:
        assert client.log_in(token) == 200
        until(lambda: activation_count() == 1)
        until(is_online)


def test_login_alone_makes_nothing_yet(running: RunningGateway, token: str) -> None:
    with harness.Device(running.port) as client:
        client.wire.log_in(token)
        client.send()
        until(lambda: ProvisioningSession.objects.filter(seen_at__isnull=False).exists())
        assert ProvisioningSession.objects.get().seen_from == "127.0.0.1"


def test_another_template_is_refused_with_5_and_then_with_9(running: RunningGateway, token: str) -> None:
    with device_at(running.port, token, tmpl="TMPLother0000") as board:
        board.expect_close()
        assert board.events[-1].status == 5  # type: ignore[union-attr]
    assert not Device.objects.exists()
    session = ProvisioningSession.objects.get()
    assert (session.state, session.reported_template_id) == (SessionState.FAILED, "TMPLother0000")
    with harness.Device(running.port) as board:
        assert board.log_in(token) == 9


def test_messages_behind_the_login_are_kept_in_order(running: RunningGateway, token: str) -> None:
    with harness.Device(running.port) as client:
        client.wire.log_in(token)
        login = client.wire.data_to_send()
        writes = b"".join(build.pin_write(number, PinKind.VIRTUAL, 5, [number]) for number in range(2, 12))
        client.sock.sendall(login + writes + build.ping(50))
        client.expect(Response)
        until(lambda: Reading.objects.count() == 10)
    assert [row.value for row in Reading.objects.order_by("at", "id")] == [str(number) for number in range(2, 12)]


def test_a_hundred_logins_at_once_make_one_device(running: RunningGateway, token: str) -> None:
    devices = [harness.Device(running.port) for _ in range(100)]
    try:
        with ThreadPoolExecutor(20) as pool:
            statuses = list(pool.map(lambda device: device.log_in(token), devices))
        assert set(statuses) <= {200, 0}
        until(lambda: activation_count() == 1)
        until(lambda: running.call(lambda: len(running.gateway.registry)) == 1)
        until(is_online)
    finally:
        for device in devices:
            device.close()
    assert Device.objects.count() == 1
    assert violations() == {}


def test_newest_connection_lives(running: RunningGateway, token: str) -> None:
    with device_at(running.port, token) as first:
        first.expect(Response)
        with device_at(running.port, token) as second:
            second.expect(Response)
            first.expect_close()
            second.ping()
            until(is_online)
    assert activation_count() == 1
