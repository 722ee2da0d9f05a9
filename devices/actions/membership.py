"""Changing roles, removing, leaving, handing a team over. What narrows a permission ends the open sessions it held up.

Every act locks the team first: two at once come one after the other, and the second sees what the first has left. So a
team never loses its last owner, and nobody acts by a role that was taken from them a moment ago.
"""

from console.kit.problems import Conflict, Invalid
from console.kit.transactions import DEADLOCK, atomic_again
from console.teams import access
from console.teams.actions import audit
from console.teams.models import Member, Team
from console.teams.permissions import Role
from devices.actions import withdrawal

LAST_OWNER = "A team always has an owner. Make somebody else an owner first, or hand the team over."


@atomic_again(DEADLOCK)
def change_role(*, member: Member, role: Role, by: Member) -> None:
    """Give `member` another role; the one they have changes nothing.

    Raises Forbidden where `by` may not give or take one of the two roles, Conflict for the last owner.
    """
    current = _begin(member, by=by)
    access.require_role(by, Role(current.role))
    access.require_role(by, role)
    if current.role == role:
        return
    if current.role == Role.OWNER:
        _require_another_owner(current)
    _set_role(current, role)
    _tell("member.role_changed", current, by=by, was=current.role, now=role.value)


@atomic_again(DEADLOCK)
def remove(*, member: Member, by: Member) -> None:
    """Take `member` out of the team, with grants and API keys. Raises Forbidden, Conflict for the last owner."""
    current = _begin(member, by=by)
    access.require_role(by, Role(current.role))
    _take_out(current)
    _tell("member.removed", current, by=by, role=current.role)


@atomic_again(DEADLOCK)
def leave(*, member: Member) -> None:
    """Go out of the team, which anyone may but its last owner. Raises Conflict."""
    current = _begin(member, by=member)
    _take_out(current)
    _tell("member.left", current, by=member, role=current.role)


@atomic_again(DEADLOCK)
def transfer(*, to: Member, by: Member) -> None:
    """Make `to` an owner in place of `by`, who becomes an admin. Raises Forbidden, Invalid for oneself, Conflict."""
    current = _begin(to, by=by)
    access.require_role(by, Role.OWNER)
    if current.pk == by.pk:
        raise Invalid("You own the team already. Choose somebody else.")
    if not current.user.is_active:
        raise Invalid("This person's account is closed. Choose somebody else.")
    _set_role(current, Role.OWNER)
    _set_role(by, Role.ADMIN)
    _tell("team.ownership_transferred", current, by=by, was=current.role)


def _begin(member: Member, *, by: Member) -> Member:
    """Lock the team; `member` as they are now. Raises Conflict where they, or the role of `by`, are no longer there."""
    Team.objects.select_for_update(no_key=True).get(pk=by.team_id)
    access.as_it_is_now(by)
    found = Member.objects.filter(pk=member.pk, team_id=by.team_id).select_related("user", "team").first()
    if found is None:
        raise Conflict("This member is no longer in the team.")
    return found


def _require_another_owner(member: Member) -> None:
    """Raise Conflict unless the team has an owner besides `member` who can sign in."""
    owners = Member.objects.filter(team_id=member.team_id, role=Role.OWNER, user__is_active=True)
    if not owners.exclude(pk=member.pk).exists():
        raise Conflict(LAST_OWNER)


def _set_role(member: Member, role: Role) -> None:
    Member.objects.filter(pk=member.pk).update(role=role.value)
    withdrawal.cancel_unpermitted([member.pk])


def _take_out(member: Member) -> None:
    """Open sessions end first: once the member is gone, nobody knows whose they were.

    The row is locked so that a session which is being opened is waited for, and ended with the others.
    """
    Member.objects.select_for_update().get(pk=member.pk)
    if member.role == Role.OWNER:
        _require_another_owner(member)
    _set_role(member, Role.VIEWER)
    Member.objects.get(pk=member.pk).delete()


def _tell(kind: str, member: Member, *, by: Member, **detail: str) -> None:
    audit.record(team=by.team, by=by, kind=kind, subject=member.label, email=member.user.email, **detail)
