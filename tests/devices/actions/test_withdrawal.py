"""Sessions of members who may provision less than before."""

from console.teams.models import Grant, Member
from console.teams.permissions import Role
from devices.actions import activation, sessions, withdrawal
from devices.actions.values import Claim, Refused
from devices.models import ProvisioningSession
from devices.status import Refusal, SessionState
from templates_app.models import Template
from tests.cast import Cast


def state_of(session: ProvisioningSession) -> str:
    session.refresh_from_db()
    return session.state


def test_sessions_without_a_grant_are_cancelled_and_say_why(cast: Cast, template: Template) -> None:
    grant = Grant.objects.create(member=cast.ines, template_id=template.template_id)
    session = sessions.open_session(template=template, by=cast.ines).session
    grant.delete()
    assert withdrawal.cancel_unpermitted([cast.ines.pk]) == 1
    assert state_of(session) == SessionState.CANCELLED
    assert session.finding is not None
    assert session.finding["code"] == "no_permission"
    assert "Alice or Ann" in session.finding["next_step"]


def test_activation_that_comes_second_is_refused(cast: Cast, template: Template) -> None:
    session = sessions.open_session(template=template, by=cast.dan).session
    Member.objects.filter(pk=cast.dan.pk).update(role=Role.VIEWER)
    assert withdrawal.cancel_unpermitted([cast.dan.pk]) == 1
    assert activation.activate([Claim(session.token.pk, "192.0.2.7")]) == [Refused(Refusal.NO_PERMISSION)]


def test_those_who_still_may_keep_their_sessions(cast: Cast, template: Template) -> None:
    grant = Grant.objects.create(member=cast.ines, template_id=template.template_id)
    Grant.objects.create(member=cast.ines, template_id="")
    kept = [sessions.open_session(template=template, by=member).session for member in (cast.ines, cast.dan)]
    grant.delete()
    assert withdrawal.cancel_unpermitted([cast.ines.pk, cast.dan.pk]) == 0
    assert {state_of(session) for session in kept} == {SessionState.OPEN}


def test_nobody_changed_nothing_ends(cast: Cast) -> None:
    assert withdrawal.cancel_unpermitted([]) == 0
