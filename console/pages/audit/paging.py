"""Pages of the audit log: by time and id, so that the oldest page costs what the newest does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from console.kit.paging import Page
from console.teams.models import AuditEntry
from console.teams.models.audit import AuditQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST_ID = 2**63 - 1
LARGEST_MICROSECONDS = 253_402_300_799_000_000
"""The last second of the year 9999."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the log an entry stands."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}.{self.pk}"


def place_of(entry: AuditEntry) -> Place:
    return Place(entry.at, entry.pk)


def place_in(text: str) -> Place | None:
    """The place that a parameter tells; None for anything else, so that a mistyped address shows the first page."""
    parts = text.split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
        return None
    microseconds, pk = (int(part) for part in parts)
    if microseconds > LARGEST_MICROSECONDS or pk > LARGEST_ID:
        return None
    return Place(EPOCH + timedelta(microseconds=microseconds), pk)


def page_of(found: AuditQuerySet, *, query: Mapping[str, str], kept: Mapping[str, str], size: int) -> Page[AuditEntry]:
    """The page that `query` asks for with `before` (older than this place) or `after`; `kept` stays in addresses."""
    older, newer = place_in(query.get("before", "")), place_in(query.get("after", ""))
    if newer is not None:
        entries = list(found.newer_than(newer.at, newer.pk).order_by("at", "pk")[: size + 1])
        has_newer, has_older = len(entries) > size, True
        rows = list(reversed(entries[:size]))
    else:
        limited = found if older is None else found.older_than(older.at, older.pk)
        entries = list(limited.newest_first()[: size + 1])
        has_newer, has_older = older is not None, len(entries) > size
        rows = entries[:size]
    return Page(
        rows=rows,
        previous_url=_url(kept, "after", rows[0]) if rows and has_newer else None,
        next_url=_url(kept, "before", rows[-1]) if rows and has_older else None,
    )


def _url(kept: Mapping[str, str], direction: str, entry: AuditEntry) -> str:
    return "?" + urlencode({**kept, direction: str(place_of(entry))})
