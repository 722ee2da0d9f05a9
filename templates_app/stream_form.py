"""The rows of datastreams and events as a form has them: texts as they were typed, and what is wrong with each.

A row is one set of fields that repeat, so the form works without script: `add` and `remove` are buttons that send it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from console.kit.problems import Invalid
from templates_app.content_rows import DATASTREAM_FIELDS, EVENT_FIELDS
from templates_app.streams import PIN_LAST, EventSeverity, ValueKind, number_text

FIELDS = {"datastream": DATASTREAM_FIELDS, "event": EVENT_FIELDS}
CHOSEN = frozenset({"kind", "severity"})
"""Fields that always hold something: a row with nothing else in it is no row."""

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `typed` by field, `errors` by field."""

    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not any(text.strip() for name, text in self.typed.items() if name not in CHOSEN)


@dataclass(frozen=True, slots=True)
class StreamForm:
    """Everything on the page that can be edited; `errors` are those of no row."""

    datastreams: list[Row]
    events: list[Row]
    errors: list[str] = field(default_factory=list)

    def content(self) -> dict[str, list[dict[str, Any]]]:
        """What was typed, as a part of a template's content that may still have problems."""
        return {
            "datastreams": [_datastream(row.typed) for row in self.datastreams],
            "events": [{name: text.strip() for name, text in row.typed.items()} for row in self.events],
        }

    def refuse(self, problem: Invalid) -> None:
        """Put each of the problem's errors at the field that it is about, or above the rows."""
        lists = {"datastreams": self.datastreams, "events": self.events}
        for error in problem.errors:
            part, _, rest = error["field"].partition(".")
            number, _, name = rest.partition(".")
            if part in lists and number and name:
                lists[part][int(number)].errors.setdefault(name, error["detail"])
            else:
                self.errors.append(error["detail"])

    def add(self, noun: str) -> None:
        """One more row for a datastream or an event; anything else adds none."""
        if noun == "datastream":
            self.datastreams.append(blank_datastream(row.typed["pin"] for row in self.datastreams))
        elif noun == "event":
            self.events.append(blank_event())

    def remove(self, row: str) -> None:
        """Without the row called `datastream-3` or `event-0`; a name of no row removes none."""
        noun, _, number = row.partition("-")
        rows = {"datastream": self.datastreams, "event": self.events}.get(noun, [])
        if number.isascii() and number.isdigit() and len(number) < 5 and int(number) < len(rows):
            del rows[int(number)]


def form_of(content: Mapping[str, Any]) -> StreamForm:
    """The form filled with a template's content."""
    return StreamForm(
        [Row(_typed(row)) for row in content["datastreams"]],
        [Row(dict(row)) for row in content["events"]],
    )


def form_sent(posted: QueryDict) -> StreamForm:
    """The form as it was sent, without rows that are blank. Raises Invalid when fields of rows are missing."""
    return StreamForm(_rows(posted, "datastream"), _rows(posted, "event"))


def blank_datastream(pins: Iterable[str] = ()) -> Row:
    """A row for another datastream, its pin the first that `pins` leave free."""
    taken = {_pin(pin) for pin in pins}
    free = next((f"V{pin}" for pin in range(PIN_LAST + 1) if pin not in taken), "")
    return Row({**dict.fromkeys(DATASTREAM_FIELDS, ""), "pin": free, "kind": ValueKind.INTEGER.value})


def blank_event() -> Row:
    """A row for another event."""
    return Row({**dict.fromkeys(EVENT_FIELDS, ""), "severity": EventSeverity.INFO.value})


def _rows(posted: QueryDict, noun: str) -> list[Row]:
    columns = [posted.getlist(f"{noun}-{name}") for name in FIELDS[noun]]
    if len({len(column) for column in columns}) > 1:
        raise Invalid("Some fields of the form did not arrive. Reload the page and try again.")
    rows = [Row(dict(zip(FIELDS[noun], texts, strict=True))) for texts in zip(*columns, strict=True)]
    return [row for row in rows if not row.is_blank]


def _datastream(typed: Mapping[str, str]) -> dict[str, Any]:
    stripped = {name: text.strip() for name, text in typed.items()}
    ends = {name: _number(stripped[name]) if stripped[name] else None for name in ("minimum", "maximum")}
    return {**stripped, **ends, "pin": _pin(stripped["pin"])}


def _pin(text: str) -> int | str:
    digits = text.strip().upper().removeprefix("V")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 3 else text


def _number(text: str) -> int | float | str:
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _typed(row: Mapping[str, Any]) -> dict[str, str]:
    ends = {name: "" if row[name] is None else number_text(row[name]) for name in ("minimum", "maximum")}
    return {"pin": f"V{row['pin']}", "name": row["name"], "kind": row["kind"], "unit": row["unit"], **ends}
