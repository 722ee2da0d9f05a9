"""Changing roles, removing, leaving, handing a team over: what each does, and what two at once do."""

from collections.abc import Callable
from functools import partial

import pytest

from console.kit.problems import Conflict, Forbidden, Invalid
from console.teams.models import ApiKey, AuditEntry, Grant, Member, Team
from console.teams.permissions import MATRIX, Permission, Role
from devices.actions import activation, membership, sessions
from devices.actions.values import Activated, Claim, Refused
from devices.models import ProvisioningSession
from devices.status import SessionState
from templates_app.models import Template
from tests.cast import Cast, make_user
from tests.devices.actions.racing import at_once

at_the_same_time = pytest.mark.django_db(transaction=True)


def role_of(member: Member) -> str | None:
    return Member.objects.filter(pk=member.pk).values_list("role", flat=True).first()


def second_owner(cast: Cast) -> Member:
    return Member.objects.create(team=cast.team, user=make_user("olga"), role=Role.OWNER)


def told() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("kind", "actor", "subject"))


@pytest.mark.parametrize("by", list(Role))
@pytest.mark.parametrize("was", list(Role))
@pytest.mark.parametrize("to", list(Role))
def test_nobody_gives_or_takes_a_role_that_carries_more_than_theirs(cast: Cast, by: Role, was: Role, to: Role) -> None:
    actor = Member.objects.create(team=cast.team, user=make_user("acting"), role=by)
    target = Member.objects.create(team=cast.team, user=make_user("target"), role=was)
    may = Permission.MANAGE_MEMBERS in MATRIX[by] and MATRIX[was] <= MATRIX[by] and MATRIX[to] <= MATRIX[by]
    if may:
        membership.change_role(member=target, role=to, by=actor)
    else:
        with pytest.raises(Forbidden):
            membership.change_role(member=target, role=to, by=actor)
    assert role_of(target) == (to if may else was)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_admin_neither_makes_nor_demotes_nor_removes_owners(cast: Cast, role: Role) -> None:
    with pytest.raises(Forbidden, match="manage the team"):
        membership.change_role(member=cast.dan, role=Role.OWNER, by=cast.ann)
    with pytest.raises(Forbidden, match="manage the team"):
        membership.change_role(member=second_owner(cast), role=role, by=cast.ann)
    with pytest.raises(Forbidden, match="manage the team"):
        membership.remove(member=cast.alice, by=cast.ann)


def test_role_change_is_told_once(cast: Cast) -> None:
    for _ in range(2):
        membership.change_role(member=cast.dan, role=Role.VIEWER, by=cast.ann)
    (entry,) = AuditEntry.objects.all()
    assert (entry.kind, entry.actor, entry.subject) == ("member.role_changed", "Ann", "Dan")
    assert entry.detail == {"email": "dan@example.com", "was": "developer", "now": "viewer"}


def test_lowered_role_cancels_open_sessions_and_refuses_the_device(cast: Cast, template: Template) -> None:
    session = sessions.open_session(template=template, by=cast.dan).session
    membership.change_role(member=cast.dan, role=Role.INSTALLER, by=cast.ann)
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED
    (result,) = activation.activate([Claim(session.token.pk, "192.0.2.7")])
    assert isinstance(result, Refused)


def test_role_that_still_permits_keeps_open_sessions(cast: Cast, template: Template) -> None:
    session = sessions.open_session(template=template, by=cast.ann).session
    membership.change_role(member=cast.ann, role=Role.DEVELOPER, by=cast.alice)
    session.refresh_from_db()
    assert session.state == SessionState.OPEN


@pytest.mark.parametrize("act", ["demote", "leave", "remove"])
def test_last_owner_stays(cast: Cast, act: str) -> None:
    closed = second_owner(cast)
    closed.user.is_active = False
    closed.user.save()
    acts: dict[str, Callable[[], None]] = {
        "demote": partial(membership.change_role, member=cast.alice, role=Role.ADMIN, by=cast.alice),
        "leave": partial(membership.leave, member=cast.alice),
        "remove": partial(membership.remove, member=cast.alice, by=cast.alice),
    }
    with pytest.raises(Conflict, match="always has an owner"):
        acts[act]()
    assert role_of(cast.alice) == Role.OWNER
    assert not AuditEntry.objects.exists()


def test_removal_takes_keys_grants_and_sessions_with_it(cast: Cast, template: Template) -> None:
    Grant.objects.create(member=cast.ines, template_id="")
    ApiKey.objects.create(member=cast.ines, name="script", digest=b"x" * 32, hint="lfk_xxxx")
    session = sessions.open_session(template=template, by=cast.ines).session
    membership.remove(member=cast.ines, by=cast.ann)
    session.refresh_from_db()
    assert (session.state, session.member, session.opened_by) == (SessionState.CANCELLED, None, "Ines")
    assert session.finding is not None
    assert session.finding["code"] == "no_permission"
    assert (Grant.objects.count(), ApiKey.objects.count()) == (0, 0)
    assert role_of(cast.ines) is None
    assert told()[-1] == ("member.removed", "Ann", "Ines")


def test_leaving_is_everybodys_right(cast: Cast) -> None:
    membership.leave(member=cast.vic)
    assert role_of(cast.vic) is None
    assert told() == [("member.left", "Vic", "Vic")]


def test_owner_leaves_once_there_is_another(cast: Cast) -> None:
    membership.change_role(member=cast.dan, role=Role.OWNER, by=cast.alice)
    membership.leave(member=cast.alice)
    assert role_of(cast.dan) == Role.OWNER


def test_transfer_makes_one_an_owner_and_the_other_an_admin(cast: Cast) -> None:
    membership.transfer(to=cast.vic, by=cast.alice)
    assert (role_of(cast.vic), role_of(cast.alice)) == (Role.OWNER, Role.ADMIN)
    assert told() == [("team.ownership_transferred", "Alice", "Vic")]


def test_team_is_not_handed_to_oneself_or_to_a_closed_account(cast: Cast) -> None:
    with pytest.raises(Invalid):
        membership.transfer(to=cast.alice, by=cast.alice)
    cast.dan.user.is_active = False
    cast.dan.user.save()
    with pytest.raises(Invalid):
        membership.transfer(to=cast.dan, by=cast.alice)
    with pytest.raises(Forbidden):
        membership.transfer(to=cast.vic, by=cast.ann)
    assert role_of(cast.alice) == Role.OWNER


def test_member_of_another_team_is_out_of_reach(cast: Cast) -> None:
    for act in (
        partial(membership.change_role, member=cast.sam, role=Role.VIEWER),
        partial(membership.remove, member=cast.sam),
    ):
        with pytest.raises(Conflict, match="no longer in the team"):
            act(by=cast.alice)
    with pytest.raises(Conflict):
        membership.transfer(to=cast.sam, by=cast.alice)
    assert role_of(cast.sam) == Role.OWNER


def test_nobody_acts_by_a_role_they_no_longer_have(cast: Cast) -> None:
    Member.objects.filter(pk=cast.ann.pk).update(role=Role.VIEWER)
    with pytest.raises(Conflict, match="Your own role"):
        membership.change_role(member=cast.dan, role=Role.VIEWER, by=cast.ann)


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Conflict:
        return "conflict"
    return "done"


@at_the_same_time
@pytest.mark.parametrize("_again", range(5))
def test_two_owners_demoting_each_other_leave_one_owner(cast: Cast, _again: int) -> None:
    olga = second_owner(cast)
    results = at_once(
        partial(outcome, partial(membership.change_role, member=olga, role=Role.ADMIN, by=cast.alice)),
        partial(outcome, partial(membership.change_role, member=cast.alice, role=Role.ADMIN, by=olga)),
    )
    assert sorted(results) == ["conflict", "done"]
    assert Member.objects.filter(team=cast.team, role=Role.OWNER).count() == 1
    assert AuditEntry.objects.filter(kind="member.role_changed").count() == 1


@at_the_same_time
def test_both_owners_leaving_leave_one(cast: Cast) -> None:
    olga = second_owner(cast)
    results = at_once(
        partial(outcome, partial(membership.leave, member=olga)),
        partial(outcome, partial(membership.leave, member=cast.alice)),
    )
    assert sorted(results) == ["conflict", "done"]
    assert Member.objects.filter(team=cast.team, role=Role.OWNER).count() == 1


@at_the_same_time
def test_removing_one_member_twice_removes_them_once(cast: Cast) -> None:
    results = at_once(
        partial(outcome, partial(membership.remove, member=cast.dan, by=cast.alice)),
        partial(outcome, partial(membership.remove, member=cast.dan, by=cast.ann)),
    )
    assert sorted(results) == ["conflict", "done"]
    assert AuditEntry.objects.filter(kind="member.removed").count() == 1


@at_the_same_time
@pytest.mark.parametrize("_again", range(3))
def test_removal_and_activation_at_once_end_in_one_of_both(cast: Cast, template: Template, _again: int) -> None:
    """By a grant, whose row activation locks first and a removal last: a deadlock is done again."""
    Grant.objects.create(member=cast.ines, template_id="", devices_limit=5)
    session = sessions.open_session(template=template, by=cast.ines).session
    (result,), _ = at_once(
        lambda: activation.activate([Claim(session.token.pk, "192.0.2.7")]),
        lambda: membership.remove(member=cast.ines, by=cast.ann),
    )
    state = ProvisioningSession.objects.get(pk=session.pk).state
    assert state == (SessionState.ACTIVATED if isinstance(result, Activated) else SessionState.CANCELLED)
    assert role_of(cast.ines) is None


@at_the_same_time
def test_session_that_opens_while_its_member_is_removed_is_not_left_open(cast: Cast, template: Template) -> None:
    def open_one() -> str:
        return outcome(lambda: sessions.open_session(template=template, by=cast.dan))

    at_once(open_one, partial(membership.remove, member=cast.dan, by=cast.ann))
    assert not ProvisioningSession.objects.unfinished().exists()
    assert Team.objects.filter(pk=cast.team.pk).exists()
