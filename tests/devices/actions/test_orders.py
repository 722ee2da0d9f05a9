"""Orders to a board: refused before anything is sent where they cannot be obeyed, and written down either way."""

import pytest

from console.kit import gateway_bus
from console.kit.problems import Conflict, Unavailable
from devices.actions import devices as device_actions
from devices.actions import facts, orders, presence
from devices.actions.values import Attach, Facts
from devices.models import Device, TimelineEvent
from devices.obedience import disobeys
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def connect(device: Device) -> None:
    presence.attach([Attach(device.pk, 7, "one", "192.0.2.7", 60)])


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """What went to the gateways, which all hear it."""
    found: list[tuple[int, str]] = []

    def take(*, device_id: int, command: str) -> bool:
        found.append((device_id, command))
        return True

    monkeypatch.setattr(gateway_bus, "console_command", take)
    return found


def kinds(device: Device) -> list[str]:
    events = TimelineEvent.objects.filter(device_id=device.pk).order_by("at", "id")
    return [event.kind for event in events if event.kind not in ("activated", "online")]


def test_orders_are_sent_and_written_with_who_gave_them(
    device: Device, cast: Cast, sent: list[tuple[int, str]]
) -> None:
    connect(device)
    orders.reboot(device=device, by=cast.ines)
    orders.enter_setup_mode(device=device, by=cast.ines)
    assert sent == [(device.pk, "reboot"), (device.pk, "config start")]
    assert kinds(device) == ["reboot", "setup_mode"]
    row = TimelineEvent.objects.get(kind="reboot")
    assert (row.actor, row.detail) == (cast.ines.label, {"connection": "7"})


def test_offline_device_is_refused_before_anything_is_sent(
    device: Device, cast: Cast, sent: list[tuple[int, str]]
) -> None:
    with pytest.raises(Conflict, match="is offline, so nothing was sent"):
        orders.reboot(device=device, by=cast.alice)
    assert (sent, kinds(device)) == ([], [])


@pytest.mark.parametrize(("board", "version"), [("python", "0.2.0"), ("js", "0.5.4"), ("ESP32", "1.1.0")])
def test_client_that_cannot_is_named_with_its_version(
    board: str, version: str, device: Device, cast: Cast, sent: list[tuple[int, str]]
) -> None:
    connect(device)
    facts.report([Facts(device.pk, board=board, library_version=version)])
    with pytest.raises(Conflict, match=version):
        orders.reboot(device=device, by=cast.alice)
    assert (sent, kinds(device)) == ([], [])


@pytest.mark.parametrize(
    ("board", "version", "obeys"),
    [
        ("ESP32", "1.4.0", True),
        ("ESP32", "1.2.0", True),
        ("ESP32", "1.10.0", True),
        ("ESP32", "", True),
        ("", "", True),
        ("ESP32", "nonsense", True),
        ("ESP8266", "1.0.1", False),
        ("ESP32", "0.6.1", False),
        ("linux-py", "1.0.0", False),
        ("JS", "0.5.4", False),
    ],
)
def test_which_clients_obey(board: str, version: str, obeys: bool) -> None:
    assert bool(disobeys(board=board, library_version=version)) is not obeys


def test_order_that_no_gateway_heard_is_said_and_written(device: Device, cast: Cast) -> None:
    connect(device)
    with pytest.raises(Unavailable, match="nothing was sent"):
        orders.reboot(device=device, by=cast.alice)
    assert kinds(device) == ["reboot", "order_lost"]


def test_redis_away_is_said(device: Device, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OSError

    monkeypatch.setattr(gateway_bus, "client", away)
    connect(device)
    with pytest.raises(Unavailable):
        orders.enter_setup_mode(device=device, by=cast.alice)


def test_deleted_device_takes_no_orders(device: Device, cast: Cast, sent: list[tuple[int, str]]) -> None:
    connect(device)
    device_actions.delete(device=Device.objects.get(), by=cast.alice)
    with pytest.raises(Conflict, match="deleted in the meantime"):
        orders.reboot(device=device, by=cast.alice)
    assert sent == []
