"""What of the audit log somebody wants to see, as an address tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from console.teams.audit_areas import Area
from console.teams.models.audit import AuditQuerySet

TEXT_LENGTH = 100
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filters:
    """Each None or empty where it narrows nothing. `since` and `until` are days, both included, in UTC."""

    area: str = ""
    who: int | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def is_any(self) -> bool:
        return self != Filters()

    def of(self, entries: AuditQuerySet, team_id: int) -> AuditQuerySet:
        """The team's entries that pass."""
        found = entries.matching(team_id, self.text)
        if self.area:
            found = found.filter(area=self.area)
        if self.who is not None:
            found = found.filter(user_id=self.who)
        if self.since:
            found = found.filter(at__gte=_midnight(self.since))
        if self.until and self.until < date.max:
            found = found.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return found

    def as_query(self) -> dict[str, str]:
        """The parameters of an address, without the empty ones."""
        told: dict[str, Any] = {
            "area": self.area,
            "who": self.who,
            "from": self.since,
            "to": self.until,
            "q": self.text,
        }
        return {name: str(value) for name, value in told.items() if value not in (None, "")}


def filters_of(query: Mapping[str, str]) -> Filters:
    """What an address asks for; whatever is no day, no area and no person narrows nothing."""
    area, who = query.get("area", ""), query.get("who", "")
    is_number = who.isascii() and who.isdigit() and len(who) < 20 and int(who) <= LARGEST_ID
    return Filters(
        area=area if area in set(Area) else "",
        who=int(who) if is_number else None,
        since=_day(query.get("from", "")),
        until=_day(query.get("to", "")),
        text=query.get("q", "").replace("\0", "").strip()[:TEXT_LENGTH],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
