"""Which fields of forms and of the API's bodies name a row."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup

from tests.isolation.expectations import Line
from tests.isolation.stage import Rows, Stage
from tests.isolation.table import TABLE

SCHEMA = Path(__file__).parents[2] / "docs" / "openapi.yaml"
NO_ROWS = {"request_id"}
"""Names that end as an id does, and are chosen by whoever sends them."""


def ids_in_schema() -> Iterator[tuple[str, str, str]]:
    """(path, method, name) of every property of a body, and every parameter of a query, that is called an id."""
    schema = yaml.safe_load(SCHEMA.read_text())
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            names = {part["name"] for part in operation.get("parameters", ()) if part["in"] == "query"}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                names |= set(_properties(content["schema"], schema))
            yield from ((path, method, name) for name in sorted(names) if _is_id(name))


def _properties(shape: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    yield from shape.get("properties", {})


def _is_id(name: str) -> bool:
    return bool(re.search(r"(^|_)ids?$", name)) and name not in NO_ROWS


def ids_in_forms(page: str, rows: Rows) -> set[tuple[str, str]]:
    """(action, name) of every field that is called an id or as a row is, or offers one of the rows."""
    called = {name.removesuffix("_id") for name in rows if name.endswith("_id")}
    known = {str(row) for row in rows.values() if str(row).startswith("TMPL")}
    found = set()
    for form in BeautifulSoup(page, "html.parser").select("main form"):
        for field in form.select("[name]"):
            name = str(field["name"])
            values = {str(option.get("value", "")) for option in [field, *field.select("option")]}
            if name not in NO_ROWS and (_is_id(name) or name in called or values & known):
                found.add((str(form.get("action") or ""), name))
    return found


def line_of(address: str, stage: Stage) -> Line:
    """The line of an address with rows in it."""
    path = urlsplit(address).path
    lines = [line for line in TABLE if re.fullmatch(re.sub(r"<\w+>", "[^/]+", line.address), path)]
    return min(lines, key=lambda line: line.address.count("<"))
