"""What a template holds, as one value of plain JSON types: for revisions, the API, and files.

    {"name": "Greenhouse", "board": "esp32", "description": "",
     "datastreams": [{"pin": 0, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85}],
     "events": [{"code": "too_hot", "title": "Too hot", "severity": "critical"}]}

`name` and `board` are needed; of a datastream `pin`, `name` and `kind`, of an event `code`, `title` and `severity`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from console.kit.findings import errors
from console.kit.text import unprintable
from templates_app import boards, content_rows, naming
from templates_app.content_rows import Problem

DESCRIPTION_LENGTH = 200
DATASTREAMS_LIMIT = 256
EVENTS_LIMIT = 100

FIELDS = ("name", "board", "description", "datastreams", "events")


class Rows(NamedTuple):
    """A list in a content: how one of its rows is checked, what makes two rows the same, how many there may be."""

    noun: str
    problems: Callable[[Mapping[str, Any]], Iterator[Problem]]
    key: str
    limit: int


def check_content(
    content: object, *, datastreams_limit: int = DATASTREAMS_LIMIT, events_limit: int = EVENTS_LIMIT
) -> tuple[Problem, ...]:
    """Everything that keeps `content` from being saved; nothing, when it can be. Takes any value, however wrong."""
    if not isinstance(content, Mapping):
        return (Problem("", "A template is a mapping of name, board, description, datastreams and events."),)
    streams = Rows("datastream", content_rows.datastream_problems, "pin", datastreams_limit)
    events = Rows("event", content_rows.event_problems, "code", events_limit)
    return (
        *content_rows.unknown_fields(content, FIELDS),
        *_name(content.get("name")),
        *_board(content.get("board")),
        *_description(content.get("description", "")),
        *_rows("datastreams", content.get("datastreams", []), streams),
        *_rows("events", content.get("events", []), events),
    )


def cleaned(content: Mapping[str, Any]) -> dict[str, Any]:
    """`content`, which has no problems, as it is kept: texts stripped, nothing left out, rows in order of pin and code.

    Two contents that mean the same are equal after it.
    """
    return {
        "name": content["name"].strip(),
        "board": content["board"],
        "description": content.get("description", "").replace("\r\n", "\n").strip(),
        "datastreams": sorted(map(content_rows.clean_datastream, content.get("datastreams", [])), key=_pin),
        "events": sorted(map(content_rows.clean_event, content.get("events", [])), key=_code),
    }


def _pin(row: dict[str, Any]) -> int:
    return int(row["pin"])


def _code(row: dict[str, Any]) -> str:
    return str(row["code"])


def _name(name: object) -> Iterator[Problem]:
    if not isinstance(name, str):
        yield Problem("name", "The name is a text. Give the template one, such as Greenhouse.")
        return
    refused = errors(naming.name_findings(name))
    if refused:
        yield Problem("name", f"{refused[0].title} {refused[0].next_step}")


def _board(board: object) -> Iterator[Problem]:
    if board not in [key for key, _ in boards.CHOICES]:
        yield Problem("board", "Choose a board from the catalogue.")


def _description(description: object) -> Iterator[Problem]:
    if not isinstance(description, str):
        yield Problem("description", "The description is a text.")
    elif len(description.replace("\r\n", "\n")) > DESCRIPTION_LENGTH:
        yield Problem("description", f"The description is longer than {DESCRIPTION_LENGTH} characters.")
    elif set(unprintable(description)) - set("\r\n\t"):
        yield Problem("description", "The description has characters that cannot be shown. Type it again.")


def _rows(path: str, rows: object, shape: Rows) -> Iterator[Problem]:
    if not isinstance(rows, list | tuple):
        yield Problem(path, f"The {shape.noun}s are a list.")
    elif len(rows) > shape.limit:
        yield Problem(path, f"A template has {shape.limit} {shape.noun}s at most; here are {len(rows)}.")
    else:
        seen: dict[Any, int] = {}
        for number, row in enumerate(rows):
            for problem in _row(row, number, shape, seen):
                yield Problem(f"{path}.{number}{'.' if problem.path else ''}{problem.path}", problem.message)


def _row(row: object, number: int, shape: Rows, seen: dict[Any, int]) -> Iterator[Problem]:
    if not isinstance(row, Mapping):
        yield Problem("", f"Each {shape.noun} is a mapping.")
        return
    problems = list(shape.problems(row))
    yield from problems
    if any(problem.path == shape.key for problem in problems):
        return
    first = seen.setdefault(row[shape.key], number)
    if first != number:
        yield Problem(shape.key, f"Row {first + 1} has this {shape.key} already.")
