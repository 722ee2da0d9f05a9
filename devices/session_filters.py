"""Which sessions a list shows: the filters of its address, for the page, its export and the API alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from console.kit.tokens import HINT_LENGTH
from devices.models.session import SessionQuerySet
from devices.status import Route, SessionState

TEXT_LENGTH = 100
DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class SessionFilters:
    """What an address asks for; what is none of a filter's values is left out."""

    text: str = ""
    state: str = ""
    template: str = ""
    route: str = ""
    person: str = ""
    board: str = ""
    library: str = ""
    cause: str = ""
    days: int = 0
    day: date | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "SessionFilters":
        def text(name: str) -> str:
            return query.get(name, "").replace("\0", "").strip()[:TEXT_LENGTH]

        days = text("days")
        return cls(
            text=text("q"),
            state=text("state") if text("state") in set(SessionState) else "",
            template=text("template")[:13],
            route=text("route") if text("route") in set(Route) else "",
            person=query.get("person", "").replace("\0", "")[:254],
            board=text("board"),
            library=text("library"),
            cause=text("cause")[:60],
            days=int(days) if days.isascii() and days.isdigit() and 0 < int(days[:4]) <= DAYS_MAX else 0,
            day=_day(text("day")),
        )

    @property
    def is_any(self) -> bool:
        return self != SessionFilters()

    def apply(self, sessions: SessionQuerySet, *, now: datetime) -> SessionQuerySet:
        """Those of `sessions` that are asked for."""
        found = sessions.in_state(self.state, now=now)
        if self.template:
            found = found.filter(template__template_id=self.template)
        if self.route:
            found = found.filter(route=self.route)
        if self.person:
            found = found.filter(opened_by=self.person)
        if self.cause:
            found = found.filter(finding__code=self.cause)
        if self.board:
            found = found.filter(Q(reported_board=self.board) | Q(reported_board="", device__reported_board=self.board))
        if self.library:
            found = found.filter(
                Q(library_version=self.library) | Q(library_version="", device__library_version=self.library)
            )
        return self._in_period(self._with_text(found), now)

    def _with_text(self, found: SessionQuerySet) -> SessionQuerySet:
        if not self.text:
            return found
        like = (
            Q(opened_by__icontains=self.text)
            | Q(planned_name__icontains=self.text)
            | Q(device__name__icontains=self.text)
            | Q(template__name__icontains=self.text)
            | Q(finding__title__icontains=self.text)
        )
        if len(self.text) == HINT_LENGTH:
            like |= Q(token__hint=self.text)
        return found.filter(like)

    def _in_period(self, found: SessionQuerySet, now: datetime) -> SessionQuerySet:
        if self.day is not None:
            start = datetime.combine(self.day, time(), UTC)
            return found.filter(opened_at__gte=start, opened_at__lt=start + timedelta(days=1))
        if self.days:
            first = now.astimezone(UTC).date() - timedelta(days=self.days - 1)
            return found.filter(opened_at__gte=datetime.combine(first, time(), UTC))
        return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
