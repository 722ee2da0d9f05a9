"""The database's idea of online is the pure rule's."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from devices.models import Device, Presence
from devices.status import SILENCE_GRACE_SECONDS, Online, online_state
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SILENCE = 23
CUT_OFF = SILENCE + SILENCE_GRACE_SECONDS


@pytest.mark.parametrize("is_connected", [True, False])
@pytest.mark.parametrize("silence", [1, SILENCE, 10_000])
@pytest.mark.parametrize(
    "age", [timedelta(seconds=s, microseconds=us) for s in (-9, 0, 6, CUT_OFF, 9999) for us in (-1, 0, 1)]
)
def test_rows_and_rule_agree(is_connected: bool, silence: int, age: timedelta, device: Device) -> None:
    now = timezone.now()
    put(device, is_connected=is_connected, silence=silence, last_seen_at=now - age)
    rule = online_state(is_connected=is_connected, last_seen_at=now - age, silence_seconds=silence, now=now)
    assert Device.objects.online(now).contains(device) == (rule is Online.ONLINE)
    assert Device.objects.offline(now).contains(device) == (rule is Online.OFFLINE)


def test_a_device_without_presence_is_offline(device: Device, cast: Cast) -> None:
    now = timezone.now()
    assert not Device.objects.online(now).exists()
    assert list(Device.objects.offline(now)) == [device]


def put(device: Device, *, is_connected: bool, silence: int, last_seen_at: datetime) -> None:
    Presence.objects.create(
        device=device,
        is_connected=is_connected,
        connection_id=1,
        gateway="gateway-1",
        address="192.0.2.7",
        silence_seconds=silence,
        changed_at=last_seen_at,
        last_seen_at=last_seen_at,
    )
