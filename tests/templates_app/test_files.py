"""A template as a file: written, read, refused, and held against its schema."""

import json
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes with drf-spectacular

from templates_app import boards, content_rows, files
from templates_app.content import check_content, cleaned
from templates_app.file_schema import schema

SCHEMA = Path(__file__).parents[2] / "docs" / "template.schema.json"
MAX = 200_000
NAMES = st.text(min_size=1, max_size=20).filter(str.strip)
STREAMS: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda pin, name, kind, unit, ends: {
        "pin": pin,
        "name": name,
        "kind": kind,
        "unit": unit,
        "minimum": min(ends) if kind in ("integer", "decimal") else None,
        "maximum": max(ends) if kind in ("integer", "decimal") else None,
    },
    st.integers(0, 255),
    NAMES,
    st.sampled_from(["integer", "decimal", "text", "switch"]),
    st.text(max_size=5),
    st.tuples(st.integers(-999, 999), st.integers(-999, 999)),
)
EVENTS: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda code, title, severity: {"code": code, "title": title, "severity": severity},
    st.text("abc_-1", min_size=1, max_size=8),
    NAMES,
    st.sampled_from(["info", "warning", "critical"]),
)
STREAM_LISTS = st.lists(STREAMS, max_size=4, unique_by=itemgetter("pin"))
EVENT_LISTS = st.lists(EVENTS, max_size=4, unique_by=itemgetter("code"))
CONTENTS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "board": st.sampled_from([key for key, _ in boards.CHOICES]),
        "description": st.text(max_size=40),
        "datastreams": STREAM_LISTS,
        "events": EVENT_LISTS,
    }
).filter(lambda content: not check_content(content))


def problems(text: str) -> list[tuple[int, str]]:
    read = files.read(text.encode(), max_bytes=MAX)
    assert read.content is None
    return [(problem.line, problem.path) for problem in read.problems]


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.TEMPLATE_DATASTREAMS_LIMIT, settings.TEMPLATE_EVENTS_LIMIT = 256, 100


@given(CONTENTS)
def test_what_is_written_is_read_back_and_fits_the_schema(content: dict[str, Any]) -> None:
    kept = cleaned(content)
    text = files.write(kept)

    assert files.read(text.encode(), max_bytes=MAX) == files.Read(kept)
    assert list(Draft202012Validator(schema()).iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize("description", ["a\tb\n\n c", "x" * 200, "  #\n---\n...", "😀 & *a !b"])
def test_odd_descriptions_are_read_back(description: str) -> None:
    kept = cleaned({"name": "Pump", "board": "esp32", "description": description})

    assert files.read(files.write(kept).encode(), max_bytes=MAX).content == kept


def test_a_small_file_is_enough() -> None:
    read = files.read(b"landfall: 1\nname: Pump\nboard: esp32\n", max_bytes=MAX)

    assert read.content == {"name": "Pump", "board": "esp32", "description": "", "datastreams": [], "events": []}


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read() -> None:
    assert files.read(b"\xef\xbb\xbflandfall: 1\r\nname: Pump\r\nboard: esp32\r\n", max_bytes=MAX).content is not None


def test_every_error_is_named_by_line_and_path() -> None:
    text = (
        "landfall: 1\nname: ''\nboard: toaster\ncolour: red\ndatastreams:\n- pin: 1\n  name: Air\n  kind: decimal\n"
        "- pin: 1\n  name: 12\n  kind: whole\nevents:\n- code: a b\n  title: A\n  severity: bad\n"
    )

    assert problems(text) == [
        (2, "name"),
        (3, "board"),
        (4, "colour"),
        (9, "datastreams.1.pin"),
        (10, "datastreams.1.name"),
        (11, "datastreams.1.kind"),
        (13, "events.0.code"),
        (15, "events.0.severity"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "")]),
        ("- name: Pump\n", [(1, "")]),
        ("just words", [(1, "")]),
        ("name: Pump\nboard: esp32\n", [(1, "landfall")]),
        ("name: Pump\nlandfall: 2\n", [(2, "landfall")]),
        ("landfall: true\nname: Pump\nboard: esp32\n", [(1, "landfall")]),
        ("landfall: 1\nboard: esp32\n", [(1, "name")]),
        ("landfall: 1\nname: Pump\nname: Pump\nboard: esp32\n", [(3, "name")]),
        ("landfall: 1\nname: Pump\nboard: esp32\ndatastreams: {}\n", [(4, "datastreams")]),
        ("landfall: 1\nname: Pump\nboard: [esp32]\n", [(3, "board")]),
        ("landfall: 1\nname: 12\nboard: esp32\n", [(2, "name")]),
    ],
)
def test_files_that_hold_no_template(text: str, found: list[tuple[int, str]]) -> None:
    assert problems(text) == found


def test_a_file_that_is_too_large_is_not_read() -> None:
    (problem,) = files.read(b"x" * (MAX + 1), max_bytes=MAX).problems

    assert "200,000 is the most" in problem.message


def test_another_encoding_is_named_with_its_line() -> None:
    (problem,) = files.read("landfall: 1\nname: Grün\n".encode("latin-1"), max_bytes=MAX).problems

    assert (problem.line, "UTF-8" in problem.message) == (2, True)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_reason(data: bytes) -> None:
    read = files.read(data, max_bytes=MAX)

    assert read.content is None
    assert read.problems


def test_the_committed_schema_is_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("template_schema")

    assert capsys.readouterr().out == SCHEMA.read_text(), "Run: manage.py template_schema > docs/template.schema.json"
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text()))


def test_the_schema_knows_every_field() -> None:
    rows: Any = schema()["properties"]

    assert tuple(rows["datastreams"]["items"]["properties"]) == content_rows.DATASTREAM_FIELDS
    assert tuple(rows["events"]["items"]["properties"]) == content_rows.EVENT_FIELDS
