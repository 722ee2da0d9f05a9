"""Writing audit rows; always inside the transaction of what they tell."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField, Value

from console.kit.origin import origin
from console.teams.audit_areas import area_of, team_word, words_of
from console.teams.models import AuditEntry, Member, Team, User

LANDFALL = "Landfall"
"""Who did what nobody asked for: the sweeps, say."""


def record(*, team: Team, by: Member | None, kind: str, subject: str, **detail: Any) -> None:
    """One row: `by` did `kind` (noun.verb) to `subject`. Without `by`, Landfall itself did it.

    Where the request came from, and the API key that it carried, are told by `console.kit.origin`.
    """
    _entry(team.pk, by.user if by else None, kind, subject, detail).save()


def record_everywhere(*, user: User, kind: str, subject: str, **detail: Any) -> None:
    """The same row in each team of `user`: what somebody does about their account is every team's business."""
    teams = Member.objects.filter(user=user).order_by("pk").values_list("team_id", flat=True)
    AuditEntry.objects.bulk_create(_entry(team_id, user, kind, subject, detail) for team_id in teams)


def _entry(team_id: int, user: User | None, kind: str, subject: str, detail: dict[str, Any]) -> AuditEntry:
    here = origin()
    actor, kept = user.label if user else LANDFALL, subject.replace("\0", "")[:200]
    return AuditEntry(
        team_id=team_id,
        actor=actor,
        user_id=user.pk if user else None,
        address=here.address,
        area=area_of(kind),
        kind=kind,
        subject=kept,
        detail=detail | ({"key": here.key} if here.key else {}),
        words=_vector(team_id, words_of(actor, user.email if user else "", kept, here.address)),
    )


def _vector(team_id: int, words: Iterable[str]) -> Func:
    texts = [Value(word, output_field=TextField()) for word in (team_word(team_id), *words)]
    array = Func(*texts, function="ARRAY", template="%(function)s[%(expressions)s]::text[]")
    return Func(array, function="array_to_tsvector", output_field=SearchVectorField())
