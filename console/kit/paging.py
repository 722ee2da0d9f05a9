"""Keyset pages, newest first: the cost of a page does not grow with how far back it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

COUNT_CAP = 1000
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page[T: Model]:
    """Rows of one page and the addresses of its neighbours (None at an end)."""

    rows: Sequence[T]
    previous_url: str | None
    next_url: str | None


def _cursor(text: str | None) -> int | None:
    """The id in a cursor; None for anything that is not one, so that a mistyped address shows the first page."""
    if not text or not text.isascii() or not text.isdigit():
        return None
    number = int(text[:20])
    return number if number <= LARGEST_ID else None


def page_of[T: Model](queryset: QuerySet[T], *, query: Mapping[str, str], size: int) -> Page[T]:
    """The page that `query` asks for with `before` (older than this id) or `after` (newer), of `queryset` by -id.

    Every other parameter of `query` is kept in the neighbours' addresses. Costs one query.
    """
    older, newer = _cursor(query.get("before")), _cursor(query.get("after"))
    if newer is not None:
        found = list(queryset.filter(pk__gt=newer).order_by("pk")[: size + 1])
        has_newer, has_older = len(found) > size, True
        rows = list(reversed(found[:size]))
    else:
        limited = queryset if older is None else queryset.filter(pk__lt=older)
        found = list(limited.order_by("-pk")[: size + 1])
        has_newer, has_older = older is not None, len(found) > size
        rows = found[:size]
    return Page(
        rows=rows,
        previous_url=_url(query, "after", rows[0].pk) if rows and has_newer else None,
        next_url=_url(query, "before", rows[-1].pk) if rows and has_older else None,
    )


def _url(query: Mapping[str, str], direction: str, pk: Any) -> str:
    kept = {name: value for name, value in query.items() if name not in ("before", "after") and value}
    return f"?{urlencode({**kept, direction: pk})}"


def capped_count(queryset: QuerySet[Any], *, noun: str, plural: str | None = None) -> str:
    """How many rows there are, in words, counted no further than 1,000 ("1,000+ devices")."""
    many = plural or f"{noun}s"
    count = queryset.order_by()[: COUNT_CAP + 1].count()
    if count > COUNT_CAP:
        return f"{COUNT_CAP:,}+ {many}"
    return f"{count:,} {noun if count == 1 else many}"
