"""The audit log as a file, CSV or JSON: made piece by piece, so that it takes no more memory for more rows."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

from console.kit.exports import cell
from console.teams.models import AuditEntry
from console.teams.models.audit import AuditQuerySet

PIECE = 2000
COLUMNS = ("id", "at", "actor", "user_id", "address", "area", "kind", "subject", "detail")


def csv_of(found: AuditQuerySet) -> Iterator[str]:
    yield _lines([COLUMNS])
    for piece in pieces(found):
        yield _lines([[cell(value) for value in _values(entry)] for entry in piece])


def json_of(found: AuditQuerySet) -> Iterator[str]:
    """One array, an entry a line."""
    before = "["
    for piece in pieces(found):
        lines = [json.dumps(dict(zip(COLUMNS, _values(entry), strict=True)), ensure_ascii=False) for entry in piece]
        yield before + "\n" + ",\n".join(lines)
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def pieces(found: AuditQuerySet) -> Iterator[list[AuditEntry]]:
    """The entries newest first, some thousands at a time; rows that are written meanwhile come into none of them."""
    rows = found.newest_first().defer("words")
    piece = list(rows[:PIECE])
    while piece:
        yield piece
        piece = list(rows.older_than(piece[-1].at, piece[-1].pk)[:PIECE]) if len(piece) == PIECE else []


def _values(entry: AuditEntry) -> list[Any]:
    return [
        entry.pk,
        entry.at.isoformat(),
        entry.actor,
        entry.user_id,
        entry.address,
        entry.area,
        entry.kind,
        entry.subject,
        entry.detail,
    ]


def _lines(rows: Any) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
