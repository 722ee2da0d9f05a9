"""Devices in the API: listed, narrowed, renamed, deleted, written to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from devices.actions import facts, presence, readings, sessions
from devices.actions.values import Attach, Facts, Meta, Written
from devices.models import Device, PinValue, Presence, TimelineEvent
from templates_app.models import Template
from tests.cast import Cast, make_device
from tests.console.api.caller import Caller, caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def dan(cast: Cast) -> Caller:
    return caller(cast.dan)


def connect(device: Device) -> None:
    presence.attach([Attach(device.pk, device.pk, "gateway-1", "192.0.2.7", 23)])


def names(who: Caller, query: str = "") -> list[str]:
    return [row["name"] for row in who.get(f"devices/{query}").data["results"]]


def test_a_device_tells_what_it_is_and_how_it_is(dan: Caller, device: Device, template: Template) -> None:
    connect(device)
    facts.report([Facts(device.pk, board="ESP32", firmware_version="1.4.2", heartbeat_seconds=10)])
    facts.set_metadata([Meta(device.pk, "Hotspot Name", "Blynk Soil Sensor-9A4R"), Meta(device.pk, "Bed", "4")])
    data = dan.get(f"devices/{device.pk}/").data
    assert (data["id"], data["name"]) == (device.pk, device.name)
    assert data["template"] == {"template_id": template.template_id, "name": "Soil Sensor"}
    assert data["status"]["state"] == "online"
    assert data["status"]["since"]
    assert (data["reported_board"], data["firmware_version"], data["heartbeat_seconds"]) == ("ESP32", "1.4.2", 10)
    assert (data["hotspot_name"], data["metadata"]) == ("Blynk Soil Sensor-9A4R", {"Bed": "4"})
    assert dan.get("devices/").data["results"] == [data]


def test_a_device_that_never_connected_is_offline(dan: Caller, device: Device) -> None:
    assert dan.get(f"devices/{device.pk}/").data["status"] == {"state": "offline", "since": None, "last_seen_at": None}


def test_a_silent_device_is_offline_before_the_sweep_has_run(dan: Caller, device: Device) -> None:
    connect(device)
    Presence.objects.update(last_seen_at=timezone.now() - timedelta(minutes=5))
    assert dan.get(f"devices/{device.pk}/").data["status"]["state"] == "offline"
    assert names(dan, "?status=offline") == [device.name]
    assert names(dan, "?status=online") == []


def test_the_list_is_narrowed_by_template_status_and_text(
    dan: Caller, device: Device, other_template: Template, cast: Cast
) -> None:
    stranger = make_device(other_template, cast.sam)
    second = make_device(device.template, cast.alice)
    connect(second)
    assert names(dan) == [second.name, device.name]
    assert names(dan, "?status=online") == [second.name]
    assert names(dan, "?status=offline") == [device.name]
    assert names(dan, f"?template_id={device.template.template_id}&status=offline") == [device.name]
    assert names(dan, f"?template_id={other_template.template_id}") == []
    assert names(dan, f"?q={second.name.upper()}") == [second.name]
    assert names(dan, "?q=%25") == []
    assert names(caller(cast.sam)) == [stranger.name]


def test_a_page_of_devices_costs_the_same_queries_however_many_there_are(
    dan: Caller, template: Template, cast: Cast
) -> None:
    connect(make_device(template, cast.alice))
    dan.get("devices/")
    paths = ("devices/", "templates/", "provisioning-sessions/")
    before = [queries(dan, path) for path in paths]
    for _ in range(4):
        make_device(template, cast.alice)
    sessions.open_session(template=template, by=cast.alice)
    assert [queries(dan, path) for path in paths] == before == [2, 4, 2]


def queries(who: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert who.get(path).status == 200
    return len(captured)


def test_a_new_name_is_kept_cleaned_and_written_down(dan: Caller, device: Device) -> None:
    answer = dan.patch(f"devices/{device.pk}/", {"name": "  Bed   4 "})
    assert (answer.status, answer.data["name"]) == (200, "Bed 4")
    assert TimelineEvent.objects.filter(device_id=device.pk, kind="renamed", actor="Dan").exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x07b", 5 * [1], None])
def test_unusable_names_are_refused(name: object, dan: Caller, device: Device) -> None:
    answer = dan.patch(f"devices/{device.pk}/", {"name": name})
    assert (answer.status, answer.problem_fields()) == (400, {"name"})


def test_a_deleted_device_is_gone(dan: Caller, device: Device) -> None:
    assert dan.delete(f"devices/{device.pk}/").status == 204
    assert dan.get(f"devices/{device.pk}/").status == 404
    assert dan.delete(f"devices/{device.pk}/").status == 404


def test_readings_are_the_latest_of_each_pin_or_the_history_of_one(dan: Caller, device: Device) -> None:
    readings.write(
        [Written(device.pk, 7, "1", age=9.0), Written(device.pk, 2, "a", age=5.0), Written(device.pk, 7, "2")]
    )
    latest = dan.get(f"devices/{device.pk}/readings/").data["results"]
    assert [(row["pin"], row["value"]) for row in latest] == [(2, "a"), (7, "2")]
    for pin in ("V7", "v7", "7"):
        history = dan.get(f"devices/{device.pk}/readings/?pin={pin}").data["results"]
        assert [row["value"] for row in history] == ["2", "1"]


@pytest.mark.parametrize("pin", ["", "V", "V256", "-1", "x", "%00", "%D9%A1", "9" * 50])
def test_a_pin_that_is_none_is_refused(pin: str, dan: Caller, device: Device) -> None:
    answer = dan.get(f"devices/{device.pk}/readings/?pin={pin}")
    assert (answer.status, answer.problem_fields()) == (400, {"pin"})


def test_a_written_pin_is_kept_and_in_the_timeline(dan: Caller, device: Device) -> None:
    answer = dan.post(f"devices/{device.pk}/readings/", {"pin": 1, "value": " 5 "})
    assert (answer.status, answer.data["pin"], answer.data["value"]) == (201, 1, " 5 ")
    assert PinValue.objects.get().value == " 5 "
    (row,) = dan.get(f"devices/{device.pk}/timeline/?kind=pin_written").data["results"]
    assert (row["actor"], row["detail"]) == ("Dan", {"pin": 1, "value": " 5 "})


@pytest.mark.parametrize("value", ["x" * 256, "a\nb", "a\x1fb"])
def test_unusable_values_are_refused(value: str, dan: Caller, device: Device) -> None:
    answer = dan.post(f"devices/{device.pk}/readings/", {"pin": 1, "value": value})
    assert (answer.status, answer.problem_fields()) == (400, {"value"})
