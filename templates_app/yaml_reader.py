"""Reading YAML from strangers: plain values with the line of each, and nothing that YAML can do beyond that.

The text is taken event by event. Anchors, aliases, tags and further documents are refused where they stand, and depth
and number of values are counted, before anything is built from them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

DEPTH_LIMIT = 8
VALUES_LIMIT = 20_000

# Of YAML 1.2's core schema what YAML 1.1 reads alike, so that a text which PyYAML writes without quotes stays a text.
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{0,18}(?:[eE][-+][0-9]{1,3})?|\.[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong in a file; `path` leads to it as in `templates_app.content`, `line` starts at 1."""

    line: int
    path: str
    message: str


class Unreadable(Exception):
    """The text is refused as a whole."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class Tree:
    """The value of a text, the line where each path in it begins, and keys that stand twice."""

    value: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)

    def line_of(self, path: str) -> int:
        """The line of `path`, or of the nearest thing around it that is in the text."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)


def read(text: str) -> Tree:
    """The one document in `text`. Raises Unreadable for what is no YAML, or more of YAML than is taken."""
    tree = Tree()
    reader = _Reader(tree)
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        tree.value = reader.document(events)
    except yaml.YAMLError as error:
        raise Unreadable(_syntax(text, error)) from error
    return tree


def _syntax(text: str, error: yaml.YAMLError) -> FileProblem:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        what = str(getattr(error, "problem", None) or "this cannot be read")
        return FileProblem(mark.line + 1, "", f"This is no YAML: {what}.")
    position = getattr(error, "position", None) or 0
    line = text.encode()[:position].count(b"\n") + 1
    return FileProblem(line, "", "Here is a character that YAML does not allow. Type the line again.")


@dataclass(slots=True)
class _Reader:
    tree: Tree
    count: int = 0

    def document(self, events: Iterator[Event]) -> Any:
        value, documents = None, 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refused(event, "", "A file holds one template: there is a second document here.")
            elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent, AliasEvent)):
                value = self._value(event, events, "", 1)
            elif isinstance(event, StreamStartEvent):
                continue
        return value

    def _value(self, event: Event, events: Iterator[Event], path: str, depth: int) -> Any:
        self._admit(event, path, depth)
        self.tree.lines.setdefault(path, _line(event))
        match event:
            case ScalarEvent():
                return _scalar(event)
            case SequenceStartEvent():
                return self._sequence(events, path, depth)
            case MappingStartEvent():
                return self._mapping(events, path, depth)
        raise self._refused(event, path, "This cannot be read.")

    def _admit(self, event: Event, path: str, depth: int) -> None:
        """Refuse what is no plain value, before anything is built from it."""
        self.count += 1
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._refused(event, path, "Anchors and aliases (& and *) are not taken. Write the value out.")
        if getattr(event, "tag", None) is not None:
            raise self._refused(event, path, "Tags (!) are not taken. Write the value alone.")
        if depth > DEPTH_LIMIT:
            raise self._refused(event, path, f"This is nested more than {DEPTH_LIMIT} levels deep.")
        if self.count > VALUES_LIMIT:
            raise self._refused(event, path, f"The file has more than {VALUES_LIMIT:,} values.")

    def _sequence(self, events: Iterator[Event], path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            found.append(self._value(event, events, _below(path, str(len(found))), depth + 1))
        return found

    def _mapping(self, events: Iterator[Event], path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            self._admit(event, path, depth + 1)
            if not isinstance(event, ScalarEvent):
                raise self._refused(event, path, "The name of a field is a single word.")
            below = _below(path, event.value)
            is_twice = event.value in found
            if is_twice:
                self.tree.problems.append(FileProblem(_line(event), below, "This field stands here a second time."))
            self.tree.lines.setdefault(below, _line(event))
            value = self._value(next(events), events, below, depth + 1)
            if not is_twice:
                found[event.value] = value
        return found

    def _refused(self, event: Event, path: str, message: str) -> Unreadable:
        return Unreadable(FileProblem(_line(event), path, message))


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _scalar(event: ScalarEvent) -> str | int | float | bool | None:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
