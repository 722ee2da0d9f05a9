"""One page of a device's timeline, newest first, by a cursor of (at, id)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q

from devices.models import Device, TimelineEvent
from devices.presenters.timeline import Row, Words, kinds_of, rows_of

ROWS = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, and the addresses of what is newer and older (None at an end)."""

    rows: list[Row]
    newest_url: str | None
    older_url: str | None


def _cursor(text: str) -> tuple[datetime, int] | None:
    """The moment and id in a cursor; None for anything that is not one."""
    moment, _, number = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 16 for part in (moment, number)):
        return None
    if int(moment) > LARGEST or int(number) > LARGEST:
        return None
    return EPOCH + timedelta(microseconds=int(moment)), int(number)


def page_of(device: Device, *, kind: str, before: str, words: Words) -> Page:
    """The events of `device` that the filter `kind` keeps (all, when it is none), older than the cursor `before`."""
    events = TimelineEvent.objects.filter(device_id=device.pk, team_id=device.team_id).order_by("-at", "-id")
    kinds = kinds_of(kind)
    kept = {"kind": kind} if kinds else {}
    if kinds:
        events = events.filter(kind__in=kinds)
    cursor = _cursor(before)
    if cursor:
        events = events.filter(Q(at__lt=cursor[0]) | Q(at=cursor[0], id__lt=cursor[1]))
    found = list(events[: ROWS + 1])
    older = f"?{urlencode({**kept, 'before': _text(found[ROWS - 1])})}" if len(found) > ROWS else None
    return Page(rows_of(found[:ROWS], words), f"?{urlencode(kept)}" if cursor else None, older)


def _text(event: TimelineEvent) -> str:
    return f"{(event.at - EPOCH) // timedelta(microseconds=1)}-{event.id}"
