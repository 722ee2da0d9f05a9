"""What differs between two contents, and the sentence for it."""

from typing import Any

import pytest

from templates_app.changes import Change, ChangeKind, changes, sentence

EMPTY: dict[str, Any] = {"name": "Pump", "board": "esp32", "description": "", "datastreams": [], "events": []}
AIR = {"pin": 0, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": None}
HOT = {"code": "hot", "title": "Too hot", "severity": "critical"}


def test_the_same_differs_in_nothing() -> None:
    assert changes(EMPTY, dict(EMPTY)) == ()
    assert sentence(EMPTY, dict(EMPTY)) == "Nothing changed."


def test_the_first_revision_has_nothing_before_it() -> None:
    assert sentence(None, EMPTY) == "The template was created."


@pytest.mark.parametrize(
    ("after", "change", "said"),
    [
        ({"name": "Tap"}, Change(ChangeKind.CHANGED, "Name", "Pump", "Tap"), "Renamed from “Pump” to “Tap”."),
        (
            {"board": "esp8266"},
            Change(ChangeKind.CHANGED, "Board", "ESP32", "ESP8266"),
            "Board changed from ESP32 to ESP8266.",
        ),
        ({"board": "gone"}, Change(ChangeKind.CHANGED, "Board", "ESP32", "gone"), "Board changed from ESP32 to gone."),
        ({"description": "x"}, Change(ChangeKind.ADDED, "Description", "", "x"), "Description added."),
        (
            {"datastreams": [AIR]},
            Change(ChangeKind.ADDED, "Datastream V0", "", "Air, Decimal, °C, -40"),
            "1 datastream added (V0).",
        ),
        ({"events": [HOT]}, Change(ChangeKind.ADDED, "Event hot", "", "Too hot, Critical"), "1 event added (hot)."),
    ],
)
def test_each_field_by_itself(after: dict[str, Any], change: Change, said: str) -> None:
    assert changes(EMPTY, EMPTY | after) == (change,)
    assert sentence(EMPTY, EMPTY | after) == said


def test_what_is_gone_is_told_from_what_came() -> None:
    (change,) = changes(EMPTY | {"events": [HOT]}, EMPTY)

    assert (change.kind, change.before, change.after) == (ChangeKind.REMOVED, "Too hot, Critical", "")


def test_a_row_that_stays_is_compared_field_by_field() -> None:
    after = {**AIR, "unit": "", "minimum": 0, "maximum": 85}

    found = changes(EMPTY | {"datastreams": [AIR]}, EMPTY | {"datastreams": [after]})

    assert [(change.label, change.kind, change.before, change.after) for change in found] == [
        ("Datastream V0, unit", "removed", "°C", ""),
        ("Datastream V0, minimum", "changed", "-40", "0"),
        ("Datastream V0, maximum", "added", "", "85"),
    ]


def test_many_rows_are_counted_and_the_first_few_named() -> None:
    after = EMPTY | {"name": "Tap", "datastreams": [{**AIR, "pin": pin} for pin in range(5)]}

    assert sentence(EMPTY, after) == "Renamed from “Pump” to “Tap”; 5 datastreams added (V0, V1, V2 and more)."
