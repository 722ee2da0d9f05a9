"""Giving, limiting and taking away the permission to provision."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from console.kit.problems import Conflict, Forbidden, Invalid
from console.teams import access
from console.teams.models import AuditEntry, Grant, GrantRequest
from console.teams.models.grant import ALL_TEMPLATES
from devices.actions import activation, grants, sessions
from devices.actions.grants import NO_LIMITS, Limits
from devices.actions.values import Activated, Claim, Refused
from devices.models import Device, ProvisioningSession
from devices.status import Refusal, SessionState
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.actions.racing import at_once, one_behind_the_other

GRANTS = "teams_grant"


def give(cast: Cast, template: Template | None, **limits: object) -> Grant:
    return grants.give(member=cast.ines, template=template, limits=Limits(**limits), by=cast.ann).grant  # type: ignore[arg-type]


def state_of(session: ProvisioningSession) -> str:
    session.refresh_from_db()
    return session.state


def activate(session: ProvisioningSession) -> Activated | Refused:
    (result,) = activation.activate([Claim(session.token.pk, "192.0.2.7")])
    return result


@pytest.mark.django_db
def test_grant_is_given_changed_and_taken_with_an_audit_row_each(cast: Cast, template: Template) -> None:
    until = timezone.now() + timedelta(days=3)
    give(cast, template)
    assert access.may_provision(cast.ines, template.template_id)
    give(cast, template, until_at=until, devices_limit=5, note=" For the north bed ")
    grant = Grant.objects.get()
    assert (grant.until_at, grant.devices_limit, grant.note, grant.granted_by) == (until, 5, "For the north bed", "Ann")
    assert grants.take(member=cast.ines, template=template, by=cast.alice).was_given
    assert not access.may_provision(cast.ines, template.template_id)

    rows = AuditEntry.objects.filter(kind__startswith="grant.").order_by("pk")
    assert [(row.kind, row.actor, row.subject) for row in rows] == [
        ("grant.given", "Ann", "Ines: Soil Sensor"),
        ("grant.changed", "Ann", "Ines: Soil Sensor"),
        ("grant.taken", "Alice", "Ines: Soil Sensor"),
    ]
    assert rows[1].detail["devices_limit"] == 5
    assert rows[1].detail["template"] == template.template_id


@pytest.mark.django_db
def test_same_grant_again_and_taking_what_is_not_there_change_nothing(cast: Cast, template: Template) -> None:
    give(cast, template, devices_limit=5)
    give(cast, template, devices_limit=5)
    assert AuditEntry.objects.filter(kind__startswith="grant.").count() == 1
    assert not grants.take(member=cast.ines, template=None, by=cast.ann).was_given
    assert AuditEntry.objects.filter(kind="grant.taken").count() == 0


@pytest.mark.django_db
def test_grant_for_a_template_of_another_team_is_refused(cast: Cast, other_template: Template) -> None:
    with pytest.raises(Invalid, match="another team"):
        give(cast, other_template)
    with pytest.raises(Invalid, match="another team"):
        grants.take(member=cast.ines, template=other_template, by=cast.ann)
    assert not Grant.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"until_at": timezone.now() - timedelta(seconds=1)}, "until_at"),
        ({"until_at": timezone.now() + timedelta(days=4000)}, "until_at"),
        ({"devices_limit": 0}, "devices_limit"),
        ({"devices_limit": 2_000_000}, "devices_limit"),
        ({"note": "n" * 201}, "note"),
        ({"note": "two\nlines"}, "note"),
        ({"note": "nul\0"}, "note"),
    ],
)
def test_unusable_limits_are_refused_by_their_field(
    limits: dict[str, object], field: str, cast: Cast, template: Template
) -> None:
    with pytest.raises(Invalid) as refused:
        give(cast, template, **limits)
    assert refused.value.field == field
    assert not Grant.objects.exists()


@pytest.mark.django_db
def test_limit_below_what_is_activated_is_refused_in_words(cast: Cast, template: Template) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id, devices_limit=5, devices_count=3)
    with pytest.raises(Invalid, match="3 devices are activated under this grant already: allow at least as many"):
        give(cast, template, devices_limit=2)
    assert give(cast, template, devices_limit=3).left_count == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "words"), [("dan", "by role"), ("vic", "Change the role first")])
def test_grants_are_for_installers(name: str, words: str, cast: Cast, template: Template) -> None:
    with pytest.raises(Invalid, match=words):
        grants.give(member=cast.member(name), template=template, limits=NO_LIMITS, by=cast.ann)


@pytest.mark.django_db
def test_member_who_has_left_is_given_nothing(cast: Cast, template: Template) -> None:
    ines = cast.ines
    type(ines).objects.filter(pk=ines.pk).delete()
    with pytest.raises(Conflict, match="left the team"):
        give(cast, template)


@pytest.mark.django_db
def test_taking_away_cancels_only_the_sessions_that_rested_on_it(cast: Cast, template: Template) -> None:
    other = Template.objects.create(team=cast.team, name="Other", board="esp32")
    for each in (template, other):
        give(cast, each)
    ended, kept = (sessions.open_session(template=each, by=cast.ines).session for each in (template, other))

    assert grants.take(member=cast.ines, template=template, by=cast.ann).cancelled_count == 1
    assert (state_of(ended), state_of(kept)) == (SessionState.CANCELLED, SessionState.OPEN)
    assert ended.finding is not None
    assert "Alice or Ann" in ended.finding["next_step"]
    assert activate(ended) == Refused(Refusal.NO_PERMISSION)


@pytest.mark.django_db
def test_narrowing_ends_the_sessions_it_no_longer_covers(cast: Cast, template: Template) -> None:
    give(cast, template)
    device = activate(sessions.open_session(template=template, by=cast.ines).session)
    assert isinstance(device, Activated)
    waiting = sessions.open_session(template=template, by=cast.ines).session
    given = grants.give(member=cast.ines, template=template, limits=Limits(devices_limit=1), by=cast.ann)
    assert given.cancelled_count == 1
    assert state_of(waiting) == SessionState.CANCELLED


@pytest.mark.django_db
def test_grant_for_all_templates_keeps_what_it_covers(cast: Cast, template: Template) -> None:
    give(cast, template)
    give(cast, None)
    session = sessions.open_session(template=template, by=cast.ines).session
    assert grants.take(member=cast.ines, template=template, by=cast.ann).cancelled_count == 0
    assert grants.take(member=cast.ines, template=None, by=cast.ann).cancelled_count == 1
    assert state_of(session) == SessionState.CANCELLED


@pytest.mark.django_db
def test_grant_runs_out_by_itself(cast: Cast, template: Template) -> None:
    until = timezone.now() + timedelta(days=1)
    give(cast, template, until_at=until)
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert access.may_provision(cast.ines, template.template_id)
    with time_machine.travel(until, tick=False):
        assert not access.may_provision(cast.ines, template.template_id)
        with pytest.raises(Forbidden):
            sessions.open_session(template=template, by=cast.ines)


@pytest.mark.django_db
def test_session_is_not_opened_by_somebody_whose_grant_has_gone_since_the_page_asked(
    cast: Cast, template: Template
) -> None:
    with pytest.raises(Forbidden) as refused:
        sessions.open_session(template=template, by=cast.ines)
    assert refused.value.template_id == template.template_id
    assert not ProvisioningSession.objects.exists()


@pytest.mark.django_db
def test_grant_answers_what_was_asked_for(cast: Cast, template: Template) -> None:
    for template_id in (template.template_id, ALL_TEMPLATES):
        GrantRequest.objects.create(member=cast.ines, template_id=template_id)
    give(cast, template)
    assert list(GrantRequest.objects.waiting().values_list("template_id", flat=True)) == [ALL_TEMPLATES]
    give(cast, None)
    answered = GrantRequest.objects.get(template_id=ALL_TEMPLATES)
    assert (answered.is_granted, answered.decided_by) == (True, "Ann")
    assert answered.mail_due_at is not None


@pytest.mark.django_db(transaction=True)
def test_activation_in_flight_that_comes_second_is_refused(cast: Cast, template: Template) -> None:
    give(cast, template)
    session = sessions.open_session(template=template, by=cast.ines).session
    taken, result = one_behind_the_other(
        lambda: grants.take(member=cast.ines, template=template, by=cast.ann), lambda: activate(session)
    )
    assert taken.cancelled_count == 1
    assert result == Refused(Refusal.NO_PERMISSION)
    assert not Device.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_activation_that_comes_first_stands(cast: Cast, template: Template) -> None:
    give(cast, template)
    session = sessions.open_session(template=template, by=cast.ines).session
    result, taken = one_behind_the_other(
        lambda: activate(session), lambda: grants.take(member=cast.ines, template=template, by=cast.ann)
    )
    assert isinstance(result, Activated)
    assert taken.cancelled_count == 0
    assert state_of(session) == SessionState.ACTIVATED


@pytest.mark.django_db(transaction=True)
def test_session_opened_while_the_grant_is_taken_does_not_outlive_it(cast: Cast, template: Template) -> None:
    give(cast, template)
    with pytest.raises(Forbidden):
        one_behind_the_other(
            lambda: grants.take(member=cast.ines, template=template, by=cast.ann),
            lambda: sessions.open_session(template=template, by=cast.ines),
        )
    give(cast, template)
    opened, taken = one_behind_the_other(
        lambda: sessions.open_session(template=template, by=cast.ines),
        lambda: grants.take(member=cast.ines, template=template, by=cast.ann),
    )
    assert taken.cancelled_count == 1
    assert state_of(opened.session) == SessionState.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_one_place_left_makes_one_device_of_many_at_once(cast: Cast, template: Template) -> None:
    give(cast, template, devices_limit=1)
    opened = [sessions.open_session(template=template, by=cast.ines).session for _ in range(4)]
    results = at_once(*[lambda session=session: activate(session) for session in opened])
    assert sum(isinstance(result, Activated) for result in results) == 1
    assert Grant.objects.get().devices_count == 1


@pytest.mark.django_db(transaction=True)
def test_limit_and_activation_at_once_never_overdraw(cast: Cast, template: Template) -> None:
    give(cast, template)
    first = sessions.open_session(template=template, by=cast.ines).session
    activate(first)
    second = sessions.open_session(template=template, by=cast.ines).session

    def narrow() -> object:
        try:
            return give(cast, template, devices_limit=1)
        except Invalid as refused:
            return refused

    result, narrowed = one_behind_the_other(lambda: activate(second), narrow)
    assert isinstance(result, Activated)
    assert isinstance(narrowed, Invalid)
    assert "2 devices" in str(narrowed)


@pytest.mark.django_db(transaction=True)
def test_giving_and_taking_at_once_leave_one_grant_or_none(cast: Cast, template: Template) -> None:
    at_once(
        *[lambda: give(cast, template)] * 3,
        lambda: grants.take(member=cast.ines, template=template, by=cast.ann),
    )
    kinds = list(AuditEntry.objects.filter(kind__startswith="grant.").values_list("kind", flat=True))
    assert kinds.count("grant.given") - kinds.count("grant.taken") == Grant.objects.count()


@pytest.mark.django_db
def test_who_was_demoted_a_moment_ago_gives_and_takes_nothing(cast: Cast, template: Template) -> None:
    give(cast, template)
    type(cast.ann).objects.filter(pk=cast.ann.pk).update(role="developer")
    with pytest.raises(Conflict, match="Your own role was changed"):
        give(cast, None)
    with pytest.raises(Conflict, match="Your own role was changed"):
        grants.take(member=cast.ines, template=template, by=cast.ann)
    assert Grant.objects.count() == 1
