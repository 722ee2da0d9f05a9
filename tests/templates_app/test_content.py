"""What may be a template's content, and how it is kept."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.content import check_content, cleaned

STREAM = {"pin": 0, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85.5}
EVENT = {"code": "too_hot", "title": "Too hot", "severity": "critical"}
PLAIN = {"name": "Greenhouse", "board": "esp32", "description": "", "datastreams": [STREAM], "events": [EVENT]}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text() | st.integers(), children, max_size=4),
    max_leaves=10,
)
FIELDS = [*STREAM, *EVENT, *PLAIN]


def paths(content: object, **limits: int) -> list[str]:
    return [problem.path for problem in check_content(content, **limits)]


def cases(field: str, *values: object) -> list[tuple[str, object]]:
    return [(field, value) for value in values]


def with_stream(**values: Any) -> dict[str, Any]:
    return {**PLAIN, "datastreams": [{**STREAM, **values}]}


def with_event(**values: Any) -> dict[str, Any]:
    return {**PLAIN, "events": [{**EVENT, **values}]}


def test_a_whole_content_has_no_problems() -> None:
    assert paths(PLAIN) == []
    assert cleaned(PLAIN) == PLAIN


def test_what_is_left_out_is_filled_in() -> None:
    short = {"name": " Greenhouse ", "board": "esp32", "datastreams": [{"pin": 3, "name": " Lamp ", "kind": "switch"}]}
    assert paths(short) == []
    lamp = {"pin": 3, "name": "Lamp", "kind": "switch", "unit": "", "minimum": None, "maximum": None}
    assert cleaned(short) == {**PLAIN, "datastreams": [lamp], "events": []}


def test_order_and_ways_to_write_a_number_make_no_difference() -> None:
    rows = [{**STREAM, "pin": 9, "minimum": 1.0}, {**STREAM, "pin": 2, "minimum": 1}]
    assert cleaned({**PLAIN, "datastreams": rows}) == cleaned({**PLAIN, "datastreams": rows[::-1]})
    assert type(cleaned({**PLAIN, "datastreams": rows})["datastreams"][1]["minimum"]) is int


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *cases("pin", -1, 256, "1", 1.0, True, None, [], 10**400),
        *cases("name", "", "  ", "x" * 61, "a\0b", "a\nb", "\ud800", None, 7),
        *cases("kind", "", "enum", None, [], 7),
        *cases("unit", "x" * 17, "a\x1fb", None, 7),
        *cases("minimum", math.nan, math.inf, -math.inf, 10**400, -1e300, 1e-9, "1", True, []),
        *cases("maximum", -41, 10**10, 0.000001),
    ],
)
def test_unusable_datastream_is_named_by_its_field(field: str, value: object) -> None:
    assert paths(with_stream(**{field: value})) == [f"datastreams.0.{field}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *cases("code", "", "x" * 65, "a b", "é", "a\n", "a\0", None, 7),
        *cases("title", "", " ", "x" * 81, "a\0", None),
        *cases("severity", "", "content", None, []),
    ],
)
def test_unusable_event_is_named_by_its_field(field: str, value: object) -> None:
    assert paths(with_event(**{field: value})) == [f"events.0.{field}"]


def test_only_numbers_have_a_range() -> None:
    assert paths(with_stream(kind="text")) == ["datastreams.0.minimum", "datastreams.0.maximum"]
    assert paths(with_stream(kind="switch", minimum=None, maximum=None)) == []
    assert paths(with_stream(kind="integer")) == ["datastreams.0.maximum"]


def test_a_pin_or_code_given_twice_is_named_once() -> None:
    assert paths({**PLAIN, "datastreams": [STREAM, {**STREAM, "pin": 1}, STREAM]}) == ["datastreams.2.pin"]
    assert paths({**PLAIN, "events": [EVENT, EVENT]}) == ["events.1.code"]


def test_limits_are_named_before_the_rows() -> None:
    streams = [{**STREAM, "pin": pin} for pin in range(3)]
    assert paths({**PLAIN, "datastreams": streams}, datastreams_limit=2) == ["datastreams"]
    assert paths({**PLAIN, "events": [EVENT]}, events_limit=0) == ["events"]
    assert paths({**PLAIN, "datastreams": [{}] * 257}) == ["datastreams"]


def test_fields_that_do_not_exist_are_named() -> None:
    assert paths({**PLAIN, "nmae": 1}) == ["nmae"]
    assert paths(with_stream(unti="C")) == ["datastreams.0.unti"]
    assert len(paths({**PLAIN, **{str(n): n for n in range(10_000)}})) == 10


@pytest.mark.parametrize("content", [None, [], "x", 7, b"", {1: 2}, {"datastreams": {}, "events": "x"}])
def test_what_is_no_content_is_refused(content: object) -> None:
    assert paths(content)


@given(anything | st.fixed_dictionaries({}, optional=dict.fromkeys(PLAIN, anything)))
def test_check_never_fails_on_anything(content: object) -> None:
    check_content(content)


rows = st.lists(st.dictionaries(st.sampled_from(FIELDS), anything), max_size=3)


@given(rows, rows)
def test_check_never_fails_on_any_row(streams: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
    content = {**PLAIN, "datastreams": streams, "events": events}
    if not check_content(content):
        assert cleaned(cleaned(content)) == cleaned(content)
