"""Walking the pages of a list visits every row once, both ways, whatever arrives in between."""

from typing import Any

import pytest

from devices.actions import readings, sessions
from devices.actions.values import Written
from devices.models import Device
from templates_app.actions import templates as template_actions
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import Answer, Caller, caller

pytestmark = pytest.mark.django_db


def walk(who: Caller, path: str, direction: str = "next") -> tuple[list[Any], Answer]:
    """All rows from `path` on, and the last page."""
    answer, rows = who.get(path), []
    rows += answer.data["results"]
    for _ in range(50):
        if answer.data[direction] is None:
            return rows, answer
        answer = who.get(answer.data[direction])
        assert answer.status == 200, answer
        rows += answer.data["results"] if direction == "next" else []
    raise AssertionError("the pages have no end")


@pytest.fixture
def alice(cast: Cast) -> Caller:
    return caller(cast.alice)


def test_templates_come_newest_first_in_pages(alice: Caller, cast: Cast, template: Template) -> None:
    for number in range(6):
        template_actions.create(team=cast.team, name=f"T {number}", board="esp32", description="", by=cast.alice)
    rows, last = walk(alice, "templates/?page_size=3")
    assert [row["name"] for row in rows] == [*(f"T {number}" for number in reversed(range(6))), "Soil Sensor"]
    _, first = walk(alice, last.data["previous"], "previous")
    assert first.data["results"] == rows[:3]
    assert "page_size=3" in last.data["previous"]


def test_a_row_that_arrives_in_between_shifts_nothing(alice: Caller, cast: Cast, template: Template) -> None:
    first = alice.get("templates/?page_size=1")
    template_actions.create(team=cast.team, name="Later", board="esp32", description="", by=cast.alice)
    assert first.data["next"] is None
    again = alice.get("templates/?page_size=1")
    assert again.data["results"][0]["name"] == "Later"
    assert alice.get(again.data["next"]).data["results"][0]["name"] == "Soil Sensor"


def test_sessions_come_newest_first_in_pages(alice: Caller, cast: Cast, template: Template) -> None:
    opened = [sessions.open_session(template=template, by=cast.alice).session.pk for _ in range(5)]
    rows, _ = walk(alice, "provisioning-sessions/?page_size=2")
    assert [row["id"] for row in rows] == opened[::-1]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_readings_of_one_moment_are_each_shown_once(size: int, alice: Caller, device: Device) -> None:
    readings.write([Written(device.pk, 1, str(number)) for number in range(7)])
    readings.write([Written(device.pk, 1, "old", age=60.0), Written(device.pk, 2, "other")])
    rows, last = walk(alice, f"devices/{device.pk}/readings/?pin=V1&page_size={size}")
    assert [row["value"] for row in rows] == [*map(str, reversed(range(7))), "old"]
    if size < 8:
        _, first = walk(alice, last.data["previous"], "previous")
        assert first.data["results"] == rows[:size]


def test_the_timeline_comes_newest_first_in_pages(alice: Caller, device: Device) -> None:
    for number in range(5):
        assert alice.patch(f"devices/{device.pk}/", {"name": f"Name {number}"}).status == 200
    rows, _ = walk(alice, f"devices/{device.pk}/timeline/?page_size=2")
    assert [row["kind"] for row in rows] == ["renamed"] * 5 + ["activated"]
    assert [row["detail"]["after"] for row in rows[:-1]] == [f"Name {number}" for number in reversed(range(5))]
    renamed, _ = walk(alice, f"devices/{device.pk}/timeline/?page_size=2&kind=renamed")
    assert renamed == rows[:-1]
