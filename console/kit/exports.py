"""Rows as a file, CSV or JSON: made piece by piece, so that it takes no more memory for more rows."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import batched
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse

PIECE = 500
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula; such a cell gets an apostrophe in front."""


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, name: str) -> HttpResponse:
    """A download `name`.csv, its first line the names of the columns."""
    return _download(_csv(rows, columns), f"{name}.csv", "text/csv; charset=utf-8")


def as_json(rows: Iterable[Mapping[str, Any]], *, name: str) -> HttpResponse:
    """A download `name`.json: one array, a row a line."""
    return _download(_json(rows), f"{name}.json", "application/json")


def cell(value: Any) -> str:
    """One value as a spreadsheet shows it, and never takes for a formula."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    yield _lines([list(columns)])
    for piece in batched(rows, PIECE, strict=False):
        yield _lines([[cell(row[column]) for column in columns] for row in piece])


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _json(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    before = "[\n"
    for piece in batched(rows, PIECE, strict=False):
        yield before + ",\n".join(json.dumps(row, ensure_ascii=False) for row in piece)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _download(content: Iterator[str], filename: str, content_type: str) -> HttpResponse:
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return cast("HttpResponse", response)  # Django keeps the two apart; what views are wrapped in takes both alike
