"""Datastreams and events inside the template of the API."""

from typing import Any

import pytest

from templates_app.models import Template
from templates_app.snapshot import content_of
from tests.cast import Cast
from tests.console.api.caller import Caller, caller

pytestmark = pytest.mark.django_db

AIR = {"pin": 0, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85.5}
LAMP = {"pin": 1, "name": "Lamp", "kind": "switch", "unit": "", "minimum": None, "maximum": None}
HOT = {"code": "too_hot", "title": "Too hot", "severity": "critical"}


@pytest.fixture
def dan(cast: Cast) -> Caller:
    return caller(cast.dan)


@pytest.fixture
def path(template: Template) -> str:
    return f"templates/{template.template_id}/"


def test_streams_are_given_with_the_template_and_read_back(dan: Caller) -> None:
    body = {"name": "Pump", "board": "esp32", "datastreams": [{"pin": 1, "name": "Lamp", "kind": "switch"}, AIR]}
    made = dan.post("templates/", body | {"events": [HOT]}).data
    assert (made["revision"], made["datastreams"], made["events"]) == (1, [AIR, LAMP], [HOT])
    counts = {"devices_count", "drifted_count"}
    assert dan.get("templates/").data["results"] == [{name: made[name] for name in made if name not in counts}]


def test_a_change_replaces_the_lists_it_names_and_keeps_the_others(dan: Caller, path: str) -> None:
    dan.patch(path, {"datastreams": [AIR], "events": [HOT]})
    changed = dan.patch(path, {"datastreams": [LAMP]}).data
    assert (changed["revision"], changed["datastreams"], changed["events"]) == (3, [LAMP], [HOT])
    assert dan.patch(path, {"name": "Pump"}).data["datastreams"] == [LAMP]
    assert dan.patch(path, {"datastreams": [], "events": []}).data["events"] == []


def test_an_older_revision_is_a_conflict(dan: Caller, path: str, template: Template) -> None:
    dan.patch(path, {"datastreams": [AIR], "revision": 1})
    assert dan.patch(path, {"datastreams": [LAMP], "revision": 1}).status == 409
    assert content_of(Template.objects.get(pk=template.pk))["datastreams"] == [AIR]


def test_everything_wrong_is_named_by_its_path(dan: Caller, path: str, template: Template) -> None:
    body = {"datastreams": [AIR, {**LAMP, "pin": 256, "nmae": "x"}], "events": [{**HOT, "severity": "bad"}]}
    answer = dan.patch(path, body)
    assert answer.status == 400
    assert answer.problem_fields() == {"datastreams.1.pin", "datastreams.1.nmae", "events.0.severity"}
    assert Template.objects.get(pk=template.pk).revision == 1


@pytest.mark.parametrize(
    "rows", ["x", 7, {}, [7], [[]], [None], [{}], [{**AIR, "minimum": 10**400}], [{**AIR, "name": "\0"}], [AIR] * 300]
)
def test_unusable_lists_are_refused(rows: Any, dan: Caller, path: str) -> None:
    for name in ("datastreams", "events"):
        assert dan.patch(path, {name: rows}).status == 400


def test_numbers_that_json_does_not_have_are_refused(dan: Caller, path: str) -> None:
    for number in (b"NaN", b"Infinity", b"1e999"):
        raw = b'{"datastreams": [{"pin": 0, "name": "Air", "kind": "decimal", "minimum": %s}]}' % number
        assert dan.send("PATCH", path, raw=raw).status == 400
