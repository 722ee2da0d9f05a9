"""What differs between two contents of a template (see `templates_app.content`), field by field and in a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from templates_app import boards
from templates_app.streams import EventSeverity, ValueKind

type Content = Mapping[str, Any]


class ChangeKind(StrEnum):
    """What became of a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def tone(self) -> str:
        """The tone of its badge; the word says the same."""
        return {"added": "good", "removed": "bad", "changed": "warn"}[self.value]


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as people read them; a text is empty where the field was not there, or was empty."""

    kind: ChangeKind
    label: str
    before: str
    after: str


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """Every field in which the two differ: name, board, description, then datastreams by pin and events by code."""
    return (
        *_field("Name", before.get("name", ""), after.get("name", "")),
        *_field("Board", _board(before), _board(after)),
        *_field("Description", before.get("description", ""), after.get("description", "")),
        *_rows(_streams(before), _streams(after), "Datastream"),
        *_rows(_events(before), _events(after), "Event"),
    )


def sentence(before: Content | None, after: Content) -> str:
    """What a revision changed, in one sentence; `before` is None for the first."""
    if before is None:
        return "The template was created."
    parts = [
        *_texts(before, after),
        *_counts("datastream", _streams(before), _streams(after)),
        *_counts("event", _events(before), _events(after)),
    ]
    said = "; ".join(parts) or "nothing changed"
    return f"{said[0].upper()}{said[1:]}."


def _field(label: str, before: str, after: str) -> Iterator[Change]:
    if before == after:
        return
    kind = ChangeKind.CHANGED
    if not before or not after:
        kind = ChangeKind.REMOVED if before else ChangeKind.ADDED
    yield Change(kind, label, before, after)


def _rows(before: Mapping[str, Content], after: Mapping[str, Content], noun: str) -> Iterator[Change]:
    for key in _keys(before, after):
        label = f"{noun} {key}"
        if key in before and key in after:
            for name in after[key]:
                yield from _field(f"{label}, {name}", before[key].get(name, ""), after[key][name])
        elif key in after:
            yield Change(ChangeKind.ADDED, label, "", _whole(after[key]))
        else:
            yield Change(ChangeKind.REMOVED, label, _whole(before[key]), "")


def _keys(before: Mapping[str, Content], after: Mapping[str, Content]) -> list[str]:
    """The rows of both, each once: those of `after` in their order, then those that are gone."""
    return [*after, *(key for key in before if key not in after)]


def _whole(row: Content) -> str:
    return ", ".join(value for value in row.values() if value)


def _board(content: Content) -> str:
    key = str(content.get("board", ""))
    return str(dict(boards.CHOICES).get(key, key))


def _streams(content: Content) -> dict[str, Content]:
    """The datastreams by pin, their fields as people read them."""
    return {
        f"V{row['pin']}": {
            "name": row["name"],
            "type": ValueKind(row["kind"]).label,
            "unit": row["unit"],
            "minimum": "" if row["minimum"] is None else f"{row['minimum']}",
            "maximum": "" if row["maximum"] is None else f"{row['maximum']}",
        }
        for row in content.get("datastreams", [])
    }


def _events(content: Content) -> dict[str, Content]:
    """The events by code, their fields as people read them."""
    return {
        row["code"]: {"title": row["title"], "severity": EventSeverity(row["severity"]).label}
        for row in content.get("events", [])
    }


def _texts(before: Content, after: Content) -> Iterator[str]:
    if before["name"] != after["name"]:
        yield f"renamed from “{before['name']}” to “{after['name']}”"
    if before["board"] != after["board"]:
        yield f"board changed from {_board(before)} to {_board(after)}"
    for change in _field("description", before["description"], after["description"]):
        yield f"{change.label} {change.kind}"


def _counts(noun: str, before: Mapping[str, Content], after: Mapping[str, Content]) -> Iterator[str]:
    """One phrase for the rows that came, one for those that changed, one for those that went."""
    groups = (
        (ChangeKind.ADDED, [key for key in after if key not in before]),
        (ChangeKind.CHANGED, [key for key in after if key in before and before[key] != after[key]]),
        (ChangeKind.REMOVED, [key for key in before if key not in after]),
    )
    for kind, keys in groups:
        if keys:
            yield f"{len(keys)} {noun}{'' if len(keys) == 1 else 's'} {kind} ({_some(keys)})"


def _some(keys: Sequence[str], most: int = 3) -> str:
    return ", ".join(keys[:most]) + (" and more" if len(keys) > most else "")
