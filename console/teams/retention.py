"""How long a team keeps what happened: its own number of days, or the installation's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

type Field = Literal["timeline_days", "readings_days", "audit_days"]
type Days = Mapping[Field, int | None]

LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that is kept: the team's field, what people call it, and the installation's setting."""

    field: Field
    words: str
    setting: str

    @property
    def default_days(self) -> int:
        return int(getattr(settings, self.setting))


KEPT = (
    Kept("timeline_days", "timelines of devices", "TIMELINE_RETENTION_DAYS"),
    Kept("readings_days", "readings of devices", "READINGS_RETENTION_DAYS"),
    Kept("audit_days", "the audit log", "AUDIT_RETENTION_DAYS"),
)


def shortened(was: Days, now: Days) -> list[str]:
    """What is kept for less long than before, a sentence each: what goes, and that it does not come back."""
    return [
        f"What is older than {_days(kept, now)} days goes from {kept.words}, for good. It was kept for "
        f"{_days(kept, was)} days."
        for kept in KEPT
        if _days(kept, now) < _days(kept, was)
    ]


def _days(kept: Kept, days: Days) -> int:
    own = days[kept.field]
    return kept.default_days if own is None else own
