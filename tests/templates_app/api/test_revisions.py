"""Revisions, copies, files and deletion in the API."""

import pytest
from django.test import Client

from console.teams.models import Grant
from devices.actions import facts, sessions
from devices.actions.values import Facts
from devices.models import Device, ProvisioningSession
from templates_app.models import Template
from tests.cast import Cast, make_device
from tests.console.api.caller import PROBLEM, Caller, caller

pytestmark = pytest.mark.django_db
STREAM = {"pin": 1, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85.5}
EVENT = {"code": "hot", "title": "Too hot", "severity": "critical"}


@pytest.fixture
def dan(cast: Cast) -> Caller:
    return caller(cast.dan)


@pytest.fixture
def path(template: Template) -> str:
    return f"templates/{template.template_id}/"


def test_every_saved_change_is_listed_newest_first(dan: Caller, path: str) -> None:
    dan.patch(path, {"name": "Pump"})

    rows = dan.get(f"{path}revisions/").data["results"]

    assert [(row["number"], row["name"], row["by"]) for row in rows] == [
        (2, "Pump", "Dan"),
        (1, "Soil Sensor", "Alice"),
    ]


def test_a_revision_says_what_it_changed_and_what_was_held(dan: Caller, path: str) -> None:
    dan.patch(path, {"name": "Pump", "datastreams": [STREAM]})

    data = dan.get(f"{path}revisions/2/").data

    assert data["sentence"] == "Renamed from “Soil Sensor” to “Pump”; 1 datastream added (V1)."
    assert data["changes"] == [
        {"kind": "changed", "label": "Name", "before": "Soil Sensor", "after": "Pump"},
        {"kind": "added", "label": "Datastream V1", "before": "", "after": "Air, Decimal, °C, -40, 85.5"},
    ]
    assert data["content"]["datastreams"] == [STREAM]
    assert dan.get(f"{path}revisions/1/").data["changes"] == []


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
def test_a_revision_that_never_was_is_not_found(dan: Caller, path: str, number: str) -> None:
    assert dan.get(f"{path}revisions/{number}/").status == 404
    assert dan.post(f"{path}revisions/{number}/restore/").status == 404


def test_restoring_makes_a_new_revision(dan: Caller, path: str) -> None:
    dan.patch(path, {"name": "Pump", "datastreams": [STREAM], "events": [EVENT]})

    answer = dan.post(f"{path}revisions/1/restore/", {"revision": 2})

    assert (answer.status, answer.data["revision"], answer.data["name"]) == (200, 3, "Soil Sensor")
    assert (answer.data["datastreams"], answer.data["events"]) == ([], [])
    assert dan.post(f"{path}revisions/2/restore/").data["datastreams"] == [STREAM]


def test_restoring_from_an_older_page_is_a_conflict(dan: Caller, path: str) -> None:
    dan.patch(path, {"name": "Pump"})

    answer = dan.post(f"{path}revisions/1/restore/", {"revision": 1})

    assert (answer.status, answer.content_type) == (409, PROBLEM)


def test_a_duplicate_holds_the_same_under_another_id(dan: Caller, path: str, template: Template) -> None:
    dan.patch(path, {"datastreams": [STREAM], "events": [EVENT]})

    answer = dan.post(f"{path}duplicate/")

    assert (answer.status, answer.data["name"], answer.data["revision"]) == (201, "Copy of Soil Sensor", 1)
    assert answer.data["template_id"] != template.template_id
    assert (answer.data["datastreams"], answer.data["events"]) == ([STREAM], [EVENT])


def test_a_duplicates_name_is_cut_to_what_fits(dan: Caller, path: str) -> None:
    dan.patch(path, {"name": "n" * 100})

    name = dan.post(f"{path}duplicate/").data["name"]

    assert (len(name), name.startswith("Copy of nnn")) == (100, True)


def test_what_is_exported_can_be_imported(dan: Caller, path: str) -> None:
    dan.patch(path, {"description": "yes: [no]\n# 1e3", "datastreams": [STREAM], "events": [EVENT]})

    exported = Client().get(f"/api/v1/{path}export/", headers={"authorization": f"Bearer {dan.secret}"})
    made = dan.send("POST", "templates/import/", raw=exported.content, content_type="application/yaml")

    assert exported["Content-Type"] == "application/yaml"
    assert made.status == 201
    assert {name: made.data[name] for name in ("name", "description", "datastreams", "events")} == {
        "name": "Soil Sensor",
        "description": "yes: [no]\n# 1e3",
        "datastreams": [STREAM],
        "events": [EVENT],
    }


def test_every_error_of_a_file_has_its_line_and_path_and_nothing_is_made(dan: Caller) -> None:
    text = "landfall: 1\nname: Pump\nboard: toaster\ndatastreams:\n- pin: 300\n  name: Air\n  kind: decimal\nextra: 1\n"

    answer = dan.send("POST", "templates/import/", raw=text.encode(), content_type="application/yaml")

    assert (answer.status, answer.content_type) == (400, PROBLEM)
    assert [(error["line"], error["field"]) for error in answer.data["errors"]] == [
        (3, "board"),
        (5, "datastreams.0.pin"),
        (8, "extra"),
    ]
    assert not Template.objects.exists()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 5000, b"a: &a [*a]", b"x" * 300_000, b"\x00"])
def test_hostile_files_are_refused(dan: Caller, body: bytes) -> None:
    answer = dan.send("POST", "templates/import/", raw=body, content_type="application/yaml")

    assert (answer.status, answer.content_type) == (400, PROBLEM)
    assert not Template.objects.exists()


def test_other_bodies_than_yaml_are_no_file(dan: Caller) -> None:
    assert dan.post("templates/import/", {"name": "Pump"}).status == 415


def test_devices_and_those_with_older_lines_are_counted(dan: Caller, path: str, template: Template, cast: Cast) -> None:
    devices = [make_device(template, cast.alice) for _ in range(3)]
    facts.report([Facts(device.pk, firmware_version=f"1.{index}") for index, device in enumerate(devices)])

    data = dan.get(path).data
    older = dan.get(f"devices/?template_id={template.template_id}&drift=any").data["results"]

    assert (data["devices_count"], data["drifted_count"]) == (3, 2)
    assert [row["id"] for row in older] == [devices[1].pk, devices[0].pk]
    assert {row["drift"]["drift"] for row in older} == {"firmware"}
    assert "is older than 1.2" in older[0]["drift"]["reason"]
    assert dan.get(f"devices/{devices[2].pk}/").data["drift"] is None
    assert dan.get("devices/?drift=name").data["results"] == []
    assert dan.get("devices/?drift=sideways").status == 400


def test_a_template_without_devices_is_deleted_with_what_ended(
    dan: Caller, path: str, template: Template, cast: Cast
) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    assert dan.delete(path).data["sessions"] == [session.pk]
    sessions.cancel(session=session)

    assert dan.delete(path).status == 204

    assert not Template.objects.exists()
    assert not ProvisioningSession.objects.exists()
    assert not Grant.objects.exists()
    assert dan.delete(path).status == 404


def test_a_template_with_devices_stays_and_they_are_named(dan: Caller, path: str, device: Device) -> None:
    answer = dan.delete(path)

    assert (answer.status, answer.content_type) == (409, PROBLEM)
    assert answer.data["devices"] == [{"id": device.pk, "name": device.name}]
    assert Template.objects.exists()
