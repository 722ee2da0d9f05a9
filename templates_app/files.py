"""A template as a file: one YAML document, whose schema is `docs/template.schema.json`.

    landfall: 1
    name: Greenhouse
    board: esp32
    datastreams:
    - pin: 0
      name: Air
      kind: decimal
      unit: °C

The fields are those of `templates_app.content`; `landfall` is the version of the format. A file carries no template id:
what is imported gets its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from templates_app.content import cleaned
from templates_app.snapshot import problems_in
from templates_app.yaml_reader import FileProblem, Tree, Unreadable
from templates_app.yaml_reader import read as read_yaml

FORMAT = 1
FORMAT_FIELD = "landfall"
CONTENT_TYPE = "application/yaml"
LINE_WIDTH = 100
_SAY_FORMAT = f"Write {FORMAT_FIELD}: {FORMAT}."


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: a content that can be saved, or else None and everything that is wrong, by line."""

    content: dict[str, Any] | None
    problems: tuple[FileProblem, ...] = ()


def write(content: Mapping[str, Any]) -> str:
    """The file of a template; read again it gives the same content. Ends of ranges that are not set are left out."""
    rows = [{name: value for name, value in row.items() if value not in (None, "")} for row in content["datastreams"]]
    document = {FORMAT_FIELD: FORMAT, **content, "datastreams": rows}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=LINE_WIDTH)


def read(data: bytes, *, max_bytes: int) -> Read:
    """The content of a file from anybody. Never raises: whatever is wrong is a problem."""
    if len(data) > max_bytes:
        return _refused(f"The file has {len(data):,} bytes; {max_bytes:,} is the most.")
    try:
        tree = read_yaml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _refused("This is no text in UTF-8. Save the file with that encoding.", line)
    except Unreadable as unreadable:
        return Read(None, (unreadable.problem,))
    problems = (*tree.problems, *_problems(tree))
    if problems:
        return Read(None, tuple(sorted(problems, key=lambda problem: problem.line)))
    return Read(cleaned(_content(tree.value)))


def _refused(message: str, line: int = 1) -> Read:
    return Read(None, (FileProblem(line, "", message),))


def _problems(tree: Tree) -> tuple[FileProblem, ...]:
    if not isinstance(tree.value, dict):
        return (FileProblem(1, "", "The file holds no template. It begins with landfall: 1."),)
    version = tree.value.get(FORMAT_FIELD)
    if version is not None and (version != FORMAT or isinstance(version, bool)):
        return (FileProblem(tree.line_of(FORMAT_FIELD), FORMAT_FIELD, f"This format is not known here. {_SAY_FORMAT}"),)
    unsaid = () if version else (FileProblem(1, FORMAT_FIELD, f"The file does not say its format. {_SAY_FORMAT}"),)
    found = problems_in(_content(tree.value))
    return (*unsaid, *(FileProblem(tree.line_of(problem.path), problem.path, problem.message) for problem in found))


def _content(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != FORMAT_FIELD}
