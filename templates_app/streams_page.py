"""What the page of datastreams and events shows, worked out from a template's content."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from templates_app.presenters import Difference
from templates_app.streams import EventSeverity, ValueKind, range_text


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One datastream as people read it."""

    pin: str
    name: str
    kind: str
    unit: str
    range: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as people read it."""

    code: str
    title: str
    severity: str
    tone: str


def stream_lines(content: Mapping[str, Any]) -> list[StreamLine]:
    """The datastreams of `content` in its order."""
    return [
        StreamLine(
            f"V{row['pin']}",
            row["name"],
            ValueKind(row["kind"]).label,
            row["unit"],
            range_text(row["minimum"], row["maximum"]),
        )
        for row in content["datastreams"]
    ]


def event_lines(content: Mapping[str, Any]) -> list[EventLine]:
    """The events of `content` in its order."""
    return [
        EventLine(row["code"], row["title"], (severity := EventSeverity(row["severity"])).label, severity.tone)
        for row in content["events"]
    ]


def differences(mine: Mapping[str, Any], saved: Mapping[str, Any]) -> list[Difference]:
    """The pins and codes that `mine` and `saved`, both without problems, describe differently."""
    ours, theirs = dict(_described(mine)), dict(_described(saved))
    return [
        Difference(key, ours.get(key, ""), theirs.get(key, ""))
        for key in dict.fromkeys((*ours, *theirs))
        if ours.get(key) != theirs.get(key)
    ]


def _described(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for stream in stream_lines(content):
        parts = (stream.name, stream.kind.lower(), stream.unit, stream.range)
        yield stream.pin, ", ".join(part for part in parts if part)
    for event in event_lines(content):
        yield event.code, f"{event.title}, {event.severity.lower()}"
