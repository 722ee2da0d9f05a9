"""One datastream, one event of a template's content: what is wrong with it, and how it is kept."""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from console.kit.text import is_invisible, unprintable
from templates_app.streams import (
    CODE_LIMIT,
    CODE_PATTERN,
    NUMBER_LAST,
    NUMBER_PLACES,
    PIN_LAST,
    STREAM_NAME_LIMIT,
    TITLE_LIMIT,
    UNIT_LIMIT,
    EventSeverity,
    ValueKind,
    plain_number,
)

DATASTREAM_FIELDS = ("pin", "name", "kind", "unit", "minimum", "maximum")
EVENT_FIELDS = ("code", "title", "severity")
UNKNOWN_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a content from being saved. `path` leads to it: "name", "datastreams.0.pin"; a row's start at 0."""

    path: str
    message: str


def unknown_fields(row: Mapping[Any, Any], known: Collection[str]) -> Iterator[Problem]:
    """A problem for each field that does not exist, ten at most: a typing error must not pass for a default."""
    for name in islice((name for name in row if name not in known), UNKNOWN_SHOWN):
        yield Problem(str(name)[:STREAM_NAME_LIMIT], f"There is no such field. Known fields: {', '.join(known)}.")


def datastream_problems(row: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with one datastream, by its fields."""
    yield from unknown_fields(row, DATASTREAM_FIELDS)
    pin, kind = row.get("pin"), row.get("kind")
    if not isinstance(pin, int) or isinstance(pin, bool) or not 0 <= pin <= PIN_LAST:
        yield Problem("pin", f"A pin is a whole number from 0 to {PIN_LAST}.")
    yield from _text("name", row.get("name"), STREAM_NAME_LIMIT, needed="Give the datastream a name.")
    yield from _text("unit", row.get("unit", ""), UNIT_LIMIT)
    if kind not in [known.value for known in ValueKind]:
        yield Problem("kind", f"Choose a type: {', '.join(ValueKind)}.")
    else:
        yield from _range(row, ValueKind(kind))


def event_problems(row: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with one event, by its fields."""
    yield from unknown_fields(row, EVENT_FIELDS)
    code = row.get("code")
    if not isinstance(code, str) or not re.fullmatch(CODE_PATTERN, code):
        yield Problem("code", f"A code has 1 to {CODE_LIMIT} letters, digits, underscores and hyphens.")
    yield from _text("title", row.get("title"), TITLE_LIMIT, needed="Give the event a title.")
    if row.get("severity") not in [known.value for known in EventSeverity]:
        yield Problem("severity", f"Choose a severity: {', '.join(EventSeverity)}.")


def clean_datastream(row: Mapping[str, Any]) -> dict[str, Any]:
    """A datastream without problems as it is kept."""
    return {
        "pin": row["pin"],
        "name": row["name"].strip(),
        "kind": str(row["kind"]),
        "unit": row.get("unit", "").strip(),
        "minimum": _plain(row.get("minimum")),
        "maximum": _plain(row.get("maximum")),
    }


def clean_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event without problems as it is kept."""
    return {"code": row["code"], "title": row["title"].strip(), "severity": str(row["severity"])}


def _plain(number: float | None) -> int | float | None:
    return None if number is None else plain_number(Decimal(repr(number)))


def _text(path: str, text: object, limit: int, *, needed: str = "") -> Iterator[Problem]:
    if not isinstance(text, str):
        yield Problem(path, needed or f"The {path} is a text.")
    elif needed and is_invisible(text):
        yield Problem(path, needed)
    elif len(text.strip()) > limit:
        yield Problem(path, f"The {path} is longer than {limit} characters.")
    elif unprintable(text.strip()):
        yield Problem(path, f"The {path} has characters that cannot be shown. Type it again.")


def _range(row: Mapping[str, Any], kind: ValueKind) -> Iterator[Problem]:
    minimum, maximum = row.get("minimum"), row.get("maximum")
    problems = [*_end("minimum", minimum, kind), *_end("maximum", maximum, kind)]
    yield from problems
    if not problems and minimum is not None and maximum is not None and minimum > maximum:
        yield Problem("maximum", "The maximum is smaller than the minimum.")


def _end(path: str, end: object, kind: ValueKind) -> Iterator[Problem]:
    if end is None:
        return
    if not kind.is_number:
        yield Problem(path, f"Only numbers have a range; this one is of type {kind}.")
    elif not isinstance(end, int | float) or isinstance(end, bool) or (isinstance(end, float) and math.isnan(end)):
        yield Problem(path, f"The {path} is a number.")
    elif abs(end) > NUMBER_LAST:
        yield Problem(path, f"The {path} has more than ten digits before the point.")
    elif kind is ValueKind.INTEGER and end != int(end):
        yield Problem(path, f"The {path} of whole numbers is a whole number.")
    elif round(end, NUMBER_PLACES) != end:
        yield Problem(path, f"The {path} has more than {NUMBER_PLACES} digits after the point.")
