"""Invitations that several people, or one person twice, act on at the same moment."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core import mail

from console.kit.problems import Problem
from console.teams.models import Invitation, Member, User
from console.teams.permissions import Role
from devices.actions import invitations, joining, membership
from tests.cast import PASSWORD, Cast, make_user
from tests.devices.actions.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "noa@example.com"
URL = "http://testserver/"


def invited(by: Member) -> Invitation:
    return invitations.invite(email=ADDRESS, role=Role.DEVELOPER, base_url=URL, by=by)


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Problem as problem:
        return problem.code
    return "done"


def test_mail_goes_out_once_the_invitation_stands(cast: Cast) -> None:
    invitation = invited(cast.alice)
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    assert [sent.to for sent in mail.outbox] == [[ADDRESS]]


def test_two_invitations_of_one_address_at_once_are_one(cast: Cast) -> None:
    results = at_once(partial(outcome, partial(invited, cast.alice)), partial(outcome, partial(invited, cast.ann)))
    assert sorted(results) == ["done", "invalid"]
    assert Invitation.objects.count() == 1
    assert len(mail.outbox) == 1


def test_accepted_twice_at_once_makes_one_member(cast: Cast) -> None:
    invitation, noa = invited(cast.alice), make_user("noa")
    accept = partial(outcome, partial(joining.accept, invitation=invitation, user=noa))
    assert sorted(at_once(accept, accept)) == ["conflict", "done"]
    assert noa.memberships.count() == 1


def test_signed_up_twice_at_once_makes_one_account(cast: Cast) -> None:
    invitation = invited(cast.alice)
    sign_up = partial(outcome, partial(joining.sign_up, invitation=invitation, password=PASSWORD))
    assert sorted(at_once(sign_up, sign_up)) == ["conflict", "done"]
    assert User.objects.get(email=ADDRESS).memberships.count() == 1


def test_revoked_and_accepted_at_once_is_one_of_both(cast: Cast) -> None:
    invitation, noa = invited(cast.alice), make_user("noa")
    accepted, revoked = at_once(
        partial(outcome, partial(joining.accept, invitation=invitation, user=noa)),
        partial(outcome, partial(invitations.revoke, invitation=invitation, by=cast.ann)),
    )
    assert {accepted, revoked} == {"done", "conflict"}
    invitation.refresh_from_db()
    assert noa.memberships.exists() == (accepted == "done")
    assert (invitation.accepted_at is None) == (revoked == "done")


def test_inviter_who_is_demoted_at_once_brings_nobody_in_afterwards(cast: Cast) -> None:
    invitation, noa = invited(cast.ann), make_user("noa")
    accepted, demoted = at_once(
        partial(outcome, partial(joining.accept, invitation=invitation, user=noa)),
        partial(outcome, partial(membership.change_role, member=cast.ann, role=Role.VIEWER, by=cast.alice)),
    )
    assert demoted == "done"
    assert noa.memberships.exists() == (accepted == "done")
