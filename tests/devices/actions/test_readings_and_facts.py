"""What devices write and say: readings, info block, metadata, events."""

import pytest

from devices.actions import facts, readings
from devices.actions.values import Facts, Logged, Meta, Written
from devices.models import Device, PinValue, Reading, TimelineEvent

pytestmark = pytest.mark.django_db


def test_latest_value_wins_and_history_keeps_all(device: Device) -> None:
    readings.write([Written(device.pk, 1, "5", age=2.0), Written(device.pk, 1, "6"), Written(device.pk, 2, "on")])
    assert readings.latest(device_id=device.pk) == [(1, "6"), (2, "on")]
    assert readings.latest(device_id=device.pk, pins=[2, 9]) == [(2, "on")]
    assert Reading.objects.filter(device_id=device.pk).count() == 3


def test_later_batch_replaces_the_latest(device: Device) -> None:
    readings.write([Written(device.pk, 1, "5")])
    readings.write([Written(device.pk, 1, "6")])
    assert PinValue.objects.get(device=device, pin=1).value == "6"


def test_value_sent_late_is_history_and_not_the_latest(device: Device) -> None:
    readings.write([Written(device.pk, 1, "new"), Written(device.pk, 1, "an hour old", age=3600)])
    readings.write([Written(device.pk, 1, "two hours old", age=7200)])
    assert readings.latest(device_id=device.pk) == [(1, "new")]
    assert Reading.objects.count() == 3


def test_readings_of_a_deleted_device_are_left_out(device: Device) -> None:
    readings.write([Written(device.pk, 1, "5"), Written(device.pk + 1000, 1, "7")])
    assert Reading.objects.count() == 1


def test_info_block_is_kept_and_silence_keeps_what_was_known(device: Device) -> None:
    facts.report([Facts(device.pk, board="ESP32", firmware_version="0.1.0", heartbeat_seconds=45)])
    facts.report([Facts(device.pk, library_version="1.4.0")])
    device.refresh_from_db()
    assert (device.reported_board, device.firmware_version, device.library_version) == ("ESP32", "0.1.0", "1.4.0")
    assert device.heartbeat_seconds == 45


def test_changed_firmware_version_is_a_timeline_row(device: Device) -> None:
    facts.report([Facts(device.pk, firmware_version="0.1.0")])
    facts.report([Facts(device.pk, firmware_version="0.1.0")])
    facts.report([Facts(device.pk, firmware_version="0.2.0")])
    (row,) = TimelineEvent.objects.filter(device_id=device.pk, kind="firmware")
    assert row.detail == {"before": "0.1.0", "after": "0.2.0"}


def test_hotspot_name_is_a_fact_and_other_metadata_is_kept_by_name(device: Device) -> None:
    facts.set_metadata([Meta(device.pk, "Hotspot Name", "Blynk Soil-9A4R"), Meta(device.pk, "Room", "Attic")])
    device.refresh_from_db()
    assert device.hotspot_name == "Blynk Soil-9A4R"
    assert facts.metadata(device_id=device.pk, name="Room") == "Attic"
    assert facts.metadata(device_id=device.pk, name="Device Name") == device.name
    assert facts.metadata(device_id=device.pk, name="Nothing") is None


def test_device_cannot_fill_the_database_with_metadata(device: Device) -> None:
    facts.set_metadata([Meta(device.pk, f"key {number}", "x") for number in range(facts.METADATA_KEYS + 10)])
    facts.set_metadata([Meta(device.pk, "key 0", "changed")])
    device.refresh_from_db()
    assert len(device.metadata) == facts.METADATA_KEYS
    assert device.metadata["key 0"] == "changed"


def test_device_cannot_rename_itself_through_metadata(device: Device) -> None:
    before = device.name
    facts.set_metadata([Meta(device.pk, "Device Name", "Evil")])
    device.refresh_from_db()
    assert device.name == before
    assert device.metadata == {}


def test_logged_event_is_a_timeline_row(device: Device) -> None:
    facts.log_events([Logged(device.pk, device.team_id, "low_water", "Fill me up")])
    row = TimelineEvent.objects.get(device_id=device.pk, kind="event")
    assert row.detail == {"code": "low_water", "text": "Fill me up", "cleared": False}
