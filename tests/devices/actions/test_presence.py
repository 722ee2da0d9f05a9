"""Who is connected: attach, heard, detach and the sweep."""

from datetime import timedelta

import pytest
from django.utils import timezone

from devices.actions import presence
from devices.actions.values import Attach, Detach, Heard, Superseded
from devices.models import Device, Presence, TimelineEvent

pytestmark = pytest.mark.django_db


def attach(device: Device, connection_id: int = 1, gateway: str = "one") -> list[Superseded]:
    return presence.attach([Attach(device.pk, connection_id, gateway, "192.0.2.7", 23)])


def events_of(device: Device) -> list[str]:
    rows = TimelineEvent.objects.filter(device_id=device.pk, kind__in=["online", "offline"]).order_by("at", "id")
    return list(rows.values_list("kind", flat=True))


def test_attach_turns_online_with_one_row(device: Device) -> None:
    assert attach(device) == []
    assert Presence.objects.get(device=device).is_connected
    assert events_of(device) == ["online"]


def test_newer_connection_supersedes_without_a_second_row(device: Device) -> None:
    attach(device, 1, "one")
    assert attach(device, 2, "two") == [Superseded(device.pk, 1, "one")]
    assert events_of(device) == ["online"]


def test_the_older_connection_ending_changes_nothing(device: Device) -> None:
    attach(device, 1)
    attach(device, 2)
    presence.detach([Detach(device.pk, 1, "closed")])
    assert Presence.objects.get(device=device).is_connected
    presence.detach([Detach(device.pk, 2, "closed")])
    assert not Presence.objects.get(device=device).is_connected
    assert events_of(device) == ["online", "offline"]


def test_detaching_twice_writes_one_row(device: Device) -> None:
    attach(device)
    presence.detach([Detach(device.pk, 1, "closed")])
    presence.detach([Detach(device.pk, 1, "closed")])
    assert events_of(device) == ["online", "offline"]


def test_two_connections_of_one_device_in_one_batch_keep_the_newest(device: Device) -> None:
    rows = [Attach(device.pk, number, "one", "192.0.2.7", 23) for number in (1, 2)]
    presence.attach(rows)
    assert Presence.objects.get(device=device).connection_id == 2


def test_silent_device_is_swept_offline_once(device: Device) -> None:
    attach(device)
    Presence.objects.update(last_seen_at=timezone.now() - timedelta(seconds=60))
    assert presence.mark_silent(limit=10) == 1
    assert presence.mark_silent(limit=10) == 0
    assert events_of(device) == ["online", "offline"]


def test_device_heard_within_its_cut_off_is_left_alone(device: Device) -> None:
    attach(device)
    Presence.objects.update(last_seen_at=timezone.now() - timedelta(seconds=22))
    assert presence.mark_silent(limit=10) == 0


def test_swept_device_that_is_heard_again_is_back_online(device: Device) -> None:
    attach(device)
    Presence.objects.update(last_seen_at=timezone.now() - timedelta(seconds=60))
    presence.mark_silent(limit=10)
    presence.heard([Heard(device.pk, 1, 23)])
    assert Presence.objects.get(device=device).is_connected
    assert events_of(device) == ["online", "offline", "online"]


def test_heard_of_another_connection_counts_for_nothing(device: Device) -> None:
    attach(device, 1)
    before = timezone.now() - timedelta(seconds=60)
    Presence.objects.update(last_seen_at=before)
    presence.heard([Heard(device.pk, 99, 23)])
    assert Presence.objects.get(device=device).last_seen_at == before


def test_device_deleted_meanwhile_is_left_out(device: Device) -> None:
    presence.attach([Attach(device.pk + 1000, 1, "one", "192.0.2.7", 23)])
    assert not Presence.objects.exists()
