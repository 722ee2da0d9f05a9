"""Starting a team, and changing what holds for all of it."""

from typing import cast

from django.conf import settings
from django.db import transaction

from console.kit.problems import Invalid, TooMany
from console.kit.text import is_invisible, unprintable
from console.teams.actions import audit
from console.teams.models import Member, Team, User
from console.teams.permissions import Role
from console.teams.retention import KEPT, LONGEST_DAYS, Days, shortened

NAME_LIMIT = 80


@transaction.atomic
def start(*, user: User, name: str = "") -> Member:
    """A new team with `user` as its owner; named after the person when no name is given. Raises Invalid, TooMany."""
    cleaned = _clean(name) if name else f"{user.email.partition('@')[0]}'s team"[:NAME_LIMIT]
    # Two starts at once are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Member.objects.filter(user=user, role=Role.OWNER).count() >= settings.TEAMS_PER_PERSON:
        raise TooMany(
            f"One person may own {settings.TEAMS_PER_PERSON} teams here, and you do. Give one to somebody else first."
        )
    team = Team.objects.create(name=cleaned)
    owner = Member.objects.create(team=team, user=user, role=Role.OWNER)
    audit.record(team=team, by=owner, kind="team.started", subject=team.name)
    return owner


@transaction.atomic
def change(*, team: Team, name: str, days: Days, may_shorten: bool, by: Member) -> None:
    """Save the name, and for how many days things are kept (None: as the installation does).

    Raises Invalid; where something would be kept for less long and `may_shorten` is not said, its `goes` tells what
    that deletes. What is as it was already changes nothing and leaves no trace.
    """
    cleaned = _clean(name)
    for kept in KEPT:
        own = days[kept.field]
        if own is not None and not 1 <= own <= LONGEST_DAYS:
            raise Invalid(f"Give a number of days from 1 to {LONGEST_DAYS}, or none.", field=kept.field)
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    was = cast("Days", {kept.field: getattr(locked, kept.field) for kept in KEPT})
    goes = shortened(was, days)
    if goes and not may_shorten:
        raise Invalid("This deletes what is older. Confirm it, or keep it longer.", field="may_shorten", goes=goes)
    if cleaned != locked.name:
        audit.record(team=team, by=by, kind="team.renamed", subject=cleaned, was=locked.name)
    if changed := {field: own for field, own in days.items() if own != was[field]}:
        before = {field: was[field] for field in changed}
        audit.record(team=team, by=by, kind="team.retention_changed", subject=cleaned, was=before, now=changed)
    Team.objects.filter(pk=team.pk).update(name=cleaned, **changed)


def _clean(name: str) -> str:
    cleaned = name.strip()
    if is_invisible(cleaned) or len(cleaned) > NAME_LIMIT:
        raise Invalid(f"Give the team a name of 1 to {NAME_LIMIT} characters.", field="name")
    if unprintable(cleaned):
        raise Invalid("The name has characters that cannot be shown, such as line breaks. Type it again.", field="name")
    return cleaned
