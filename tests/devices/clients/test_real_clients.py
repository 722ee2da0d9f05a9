"""Unmodified client libraries against a running gateway."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.kit import gateway_bus
from console.kit.problems import Conflict
from console.kit.tokens import TOKEN_PREFIX, new_secret
from devices.actions import devices as device_actions
from devices.actions import orders, sessions, tokens
from devices.actions.integrity import violations
from devices.models import Device, PinValue, Presence, RefusedLogin, TimelineEvent
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.clients.programs import LIBRARIES, Client, Library
from tests.devices.gateway.harness import until
from tests.devices.gateway.process import GatewayProcess

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("library", LIBRARIES, ids=[library.name for library in LIBRARIES]),
]


@pytest.fixture(scope="module")
def gateway(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    with GatewayProcess(tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@pytest.fixture
def token(template: Template, cast: Cast) -> str:
    opened = sessions.open_session(template=template, by=cast.alice)
    assert opened.token is not None
    return opened.token


def is_online() -> bool:
    return Presence.objects.filter(is_connected=True).exists()


def test_logs_in_and_lives(gateway: GatewayProcess, library: Library, token: str) -> None:
    with Client(library, port=gateway.port, token=token) as client:
        client.expect("connected")
        device = until(Device.objects.filter(library_version=library.version).first)
        assert device.reported_board == library.board
        until(is_online)
        since = Presence.objects.get()
        client.order("write", 1, "21.5")
        until(lambda: PinValue.objects.filter(pin=1, value="21.5").exists())
        gateway_bus.write_pin(device_id=device.pk, pin=4, values=["on", "25"])
        client.expect("wrote 4 on 25")
        client.order("sync", 1)
        client.expect("wrote 1 21.5")
        if library.has_events:
            client.order("event", "hot", "72")
            until(lambda: TimelineEvent.objects.filter(kind="event", detail__code="hot").exists())
        # Longer than a heartbeat and its half: libraries that hear nothing would have given up.
        beyond = since.last_seen_at + timedelta(seconds=4)
        until(lambda: Presence.objects.filter(is_connected=True, last_seen_at__gt=beyond).exists())
        assert client.lines.count("connected") == 1
        assert Presence.objects.get().connection_id == since.connection_id
    until(lambda: not is_online())
    assert violations() == {}


def test_several_writes_at_once_all_arrive(gateway: GatewayProcess, library: Library, token: str) -> None:
    with Client(library, port=gateway.port, token=token) as client:
        client.expect("connected")
        until(lambda: Device.objects.filter(library_version=library.version).exists())
        for pin in range(5):
            gateway_bus.write_pin(device_id=Device.objects.get().pk, pin=pin, values=["1"])
        for pin in range(5):
            client.expect(f"wrote {pin} 1")


def test_wrong_token_is_told(gateway: GatewayProcess, library: Library, cast: Cast) -> None:
    token = new_secret(TOKEN_PREFIX)
    with Client(library, port=gateway.port, token=token) as client:
        client.expect("Invalid auth token")
        assert "connected" not in client.lines
    assert RefusedLogin.objects.get().hint == token[:8]


def test_revoked_while_connected_is_told(gateway: GatewayProcess, library: Library, token: str, cast: Cast) -> None:
    with Client(library, port=gateway.port, token=token) as client:
        client.expect("connected")
        device_actions.delete(device=until(Device.objects.first), by=cast.alice)
        client.expect("disconnected")
        client.expect("Invalid auth token")


def test_reconfigured_device_works_with_its_old_token_until_the_new_one_is_used(
    gateway: GatewayProcess, library: Library, token: str, template: Template, cast: Cast
) -> None:
    with Client(library, port=gateway.port, token=token) as old:
        old.expect("connected")
        device = until(Device.objects.filter(library_version=library.version).first)
        opened = sessions.open_session(template=template, by=cast.alice, device=device)
        assert opened.token is not None
        old.order("write", 1, "still-here")
        until(lambda: PinValue.objects.filter(pin=1, value="still-here").exists())
        with Client(library, port=gateway.port, token=opened.token) as new:
            new.expect("connected")
            old.expect("Invalid auth token")
            new.order("write", 1, "anew")
            until(lambda: PinValue.objects.filter(device=device, pin=1, value="anew").exists())
    assert Device.objects.count() == 1
    assert violations() == {}


def test_rotation_with_overlap_lets_both_tokens_in_and_the_newest_connection_counts(
    gateway: GatewayProcess, library: Library, token: str, cast: Cast
) -> None:
    with Client(library, port=gateway.port, token=token) as old:
        old.expect("connected")
        device = until(Device.objects.filter(library_version=library.version).first)
        until(is_online)
        opened = tokens.rotate(device=device, by=cast.alice, overlap_seconds=3600)
        assert opened.token is not None
        with Client(library, port=gateway.port, token=opened.token) as new:
            new.expect("connected")
            old.expect("disconnected")
        until(lambda: old.lines.count("connected") == 2)
        old.order("write", 1, "by-the-old-token")
        until(lambda: PinValue.objects.filter(device=device, pin=1, value="by-the-old-token").exists())
        assert "Invalid auth token" not in old.lines
        tokens.revoke(device=device, by=cast.alice)
        old.expect("Invalid auth token")
    assert Device.objects.count() == 1
    assert violations() == {}


def test_revoked_token_closes_the_connection_and_a_new_one_brings_the_device_back(
    gateway: GatewayProcess, library: Library, token: str, cast: Cast
) -> None:
    with Client(library, port=gateway.port, token=token) as client:
        client.expect("connected")
        device = until(Device.objects.filter(library_version=library.version).first)
        assert tokens.revoke(device=device, by=cast.alice)
        client.expect("disconnected")
        client.expect("Invalid auth token")
    until(lambda: not is_online())
    opened = tokens.rotate(device=device, by=cast.alice)
    assert opened.token is not None
    with Client(library, port=gateway.port, token=opened.token) as client:
        client.expect("connected")
        until(is_online)
    assert Device.objects.get() == device
    assert violations() == {}


def test_library_that_cannot_reboot_is_refused_by_name_and_lives_on(
    gateway: GatewayProcess, library: Library, token: str, cast: Cast
) -> None:
    with Client(library, port=gateway.port, token=token) as client:
        client.expect("connected")
        device = until(Device.objects.filter(library_version=library.version).first)
        until(is_online)
        with pytest.raises(Conflict, match=library.version):
            orders.reboot(device=device, by=cast.alice)
        # Even where an order gets through (an earlier console beside this one), the library takes no harm.
        gateway_bus.console_command(device_id=device.pk, command="reboot")
        gateway_bus.write_pin(device_id=device.pk, pin=4, values=["on"])
        client.expect("wrote 4 on")
        assert client.lines.count("connected") == 1


def test_comes_back_after_the_gateway_restarts(gateway: GatewayProcess, library: Library, token: str) -> None:
    with Client(library, port=gateway.port, token=token) as client:
        client.expect("connected")
        until(is_online)
        before = Presence.objects.get().gateway
        assert gateway.terminate() == 0
        assert not is_online()
        gateway.start()
        client.expect("connected", count=2)
        until(is_online)
        assert Presence.objects.get().gateway != before
        client.order("write", 1, "back")
        until(lambda: PinValue.objects.filter(pin=1, value="back").exists())
    until(lambda: not is_online())
    assert TimelineEvent.objects.filter(kind="activated").count() == 1
