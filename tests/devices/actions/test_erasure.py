"""Erasing what a device has told: what goes, what stays, two at once, and a great deal of it."""

import pytest
from django.db import connection

from console.kit.problems import Conflict
from console.teams.models import AuditEntry
from devices.actions import devices as device_actions
from devices.actions import erasure, facts, presence, readings
from devices.actions.integrity import violations
from devices.actions.values import Attach, Logged, Meta, Written
from devices.models import AuthToken, Device, PinValue, Reading, TimelineEvent
from templates_app.models import Template
from tests.cast import Cast, make_device
from tests.devices.actions.racing import at_once


def fill(device: Device) -> None:
    readings.write([Written(device.pk, pin, str(pin)) for pin in range(3)])
    readings.write([Written(device.pk, 0, "again")])
    facts.log_events([Logged(device.pk, device.team_id, "hot", "72")])
    facts.set_metadata([Meta(device.pk, "Room", "Cellar"), Meta(device.pk, "Hotspot Name", "Blynk Soil Sensor-9A4R")])


@pytest.mark.django_db
def test_data_goes_and_the_device_stays(device: Device, cast: Cast, template: Template) -> None:
    other = make_device(template, cast.alice)
    fill(device)
    fill(other)
    presence.attach([Attach(device.pk, 7, "one", "192.0.2.7", 60)])
    device_actions.write_pin(device=device, pin=1, value="5", by=cast.alice)
    erased = erasure.erase_data(device=device, by=cast.alice)
    assert erased == erasure.Erased(readings=5, values=3, events=2, metadata=1, is_complete=True)
    assert erased.sentence == "5 readings, 3 latest values, 2 events and 1 metadata value"
    device.refresh_from_db()
    assert (device.metadata, device.hotspot_name) == ({}, "Blynk Soil Sensor-9A4R")
    assert not Reading.objects.filter(device_id=device.pk).exists()
    kinds = set(TimelineEvent.objects.filter(device_id=device.pk).values_list("kind", flat=True))
    assert kinds == {"activated", "online", "erased"}
    told = TimelineEvent.objects.get(kind="erased")
    assert told.detail == {"readings": 5, "values": 3, "events": 2, "metadata": 1}
    assert AuthToken.objects.live().filter(device=device).count() == 1
    assert (PinValue.objects.filter(device=other).count(), Reading.objects.filter(device_id=other.pk).count()) == (3, 4)
    assert AuditEntry.objects.filter(kind="device.data_erased", actor=cast.alice.label).count() == 1
    assert violations() == {}


@pytest.mark.django_db
def test_nothing_to_erase_leaves_no_row(device: Device, cast: Cast) -> None:
    assert not erasure.erase_data(device=device, by=cast.alice)
    assert not TimelineEvent.objects.filter(kind="erased").exists()


@pytest.mark.django_db
def test_more_than_one_call_takes_is_said_and_goes_on(
    device: Device, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "BATCH", 2)
    monkeypatch.setattr(erasure, "BATCHES", 2)
    readings.write([Written(device.pk, 0, str(number)) for number in range(7)])
    first = erasure.erase_data(device=device, by=cast.alice)
    assert (first.readings, first.is_complete) == (4, False)
    second = erasure.erase_data(device=device, by=cast.alice)
    assert (second.readings, second.is_complete) == (3, True)


@pytest.mark.django_db
def test_many_rows_go_in_batches(device: Device, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO devices_reading (at, device_id, pin, value) "
            "SELECT now() - make_interval(secs => n), %s, 1, n::text FROM generate_series(1, 12000) AS n",
            [device.pk],
        )
    assert erasure.erase_data(device=device, by=cast.alice).readings == 12_000


@pytest.mark.django_db(transaction=True)
def test_two_at_once_count_each_row_once(device: Device, cast: Cast) -> None:
    readings.write([Written(device.pk, 0, str(number)) for number in range(500)])
    erased = at_once(*[lambda: erasure.erase_data(device=device, by=cast.alice)] * 2)
    assert sum(each.readings for each in erased) == 500
    assert sum(each.values for each in erased) == 1
    assert not Reading.objects.filter(device_id=device.pk).exists()


@pytest.mark.django_db
def test_deleted_device_is_said(device: Device, cast: Cast) -> None:
    device_actions.delete(device=Device.objects.get(), by=cast.alice)
    with pytest.raises(Conflict, match="deleted in the meantime"):
        erasure.erase_data(device=device, by=cast.alice)
