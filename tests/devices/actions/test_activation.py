"""Activation: one token makes one device, whatever races."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from console.kit.tokens import digest, hint
from console.teams.models import Grant, Member
from console.teams.permissions import Role
from devices.actions import activation, integrity, logins, sessions
from devices.actions.values import Activated, Claim, LiveToken, Login, Refused
from devices.models import AuthToken, Device, ProvisioningSession, RefusedLogin, TimelineEvent
from devices.status import Refusal, SessionState
from templates_app.models import Template
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def attempt(token: str | None) -> Login:
    assert token is not None
    return Login(digest(token), hint(token), "192.0.2.9")


def log_in(token: str | None) -> LiveToken | Refused:
    (verdict,) = logins.look_up([attempt(token)])
    return verdict


def claim(opened: sessions.Opened, template_id: str | None = None) -> Activated | Refused:
    (result,) = activation.activate([Claim(opened.session.token.pk, "192.0.2.9", template_id)])
    return result


def test_first_login_makes_the_device_and_closes_the_session(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    live = log_in(opened.token)
    assert isinstance(live, LiveToken)
    assert live.device_id is None
    made = claim(opened, template.template_id)
    assert isinstance(made, Activated)
    session = ProvisioningSession.objects.get(pk=opened.session.pk)
    assert (session.state, session.device_id) == (SessionState.ACTIVATED, made.device_id)
    assert session.seen_from == "192.0.2.9"
    assert TimelineEvent.objects.filter(device_id=made.device_id, kind="activated").count() == 1
    again = log_in(opened.token)
    assert isinstance(again, LiveToken)
    assert again.device_id == made.device_id
    assert integrity.violations() == {}


def test_nothing_exists_before_the_first_login(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    log_in(opened.token)
    assert not Device.objects.exists()


def test_token_is_kept_as_digest_only(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    assert opened.token is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t::text FROM devices_authtoken t UNION ALL SELECT s::text FROM devices_provisioningsession s"
        )
        rows = " ".join(row for (row,) in cursor.fetchall())
    assert opened.token not in rows
    assert opened.token[:8] in rows


def test_another_template_id_fails_the_session_and_kills_the_token(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    assert claim(opened, "TMPLsomeother") == Refused(Refusal.TEMPLATE_MISMATCH)
    session = ProvisioningSession.objects.get(pk=opened.session.pk)
    assert session.state == SessionState.FAILED
    assert session.finding is not None
    assert template.template_id in session.finding["evidence"]
    assert "TMPLsomeother" in session.finding["evidence"]
    assert log_in(opened.token) == Refused(Refusal.TEMPLATE_MISMATCH)
    assert not Device.objects.exists()


def test_expiry_is_checked_on_read(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    AuthToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert log_in(opened.token) == Refused(Refusal.EXPIRED)
    assert claim(opened) == Refused(Refusal.EXPIRED)


def test_cancelled_session_refuses(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    assert sessions.cancel(session=opened.session)
    assert not sessions.cancel(session=opened.session)
    assert log_in(opened.token) == Refused(Refusal.CANCELLED)
    assert claim(opened) == Refused(Refusal.CANCELLED)


def test_cancel_after_activation_changes_nothing(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    claim(opened)
    assert not sessions.cancel(session=opened.session)
    assert isinstance(log_in(opened.token), LiveToken)


@pytest.mark.parametrize("step", ["login", "activation"])
def test_permission_taken_away_is_noticed_at(step: str, template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.dan)
    if step == "activation":
        assert isinstance(log_in(opened.token), LiveToken)
    Member.objects.filter(pk=cast.dan.pk).update(role=Role.VIEWER)
    verdict = log_in(opened.token) if step == "login" else claim(opened)
    assert verdict == Refused(Refusal.NO_PERMISSION)
    session = ProvisioningSession.objects.get(pk=opened.session.pk)
    assert session.state == SessionState.FAILED
    assert session.finding is not None
    assert "permission to provision" in session.finding["title"]


def test_deactivated_person_cannot_activate(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.dan)
    cast.dan.user.is_active = False
    cast.dan.user.save()
    assert log_in(opened.token) == Refused(Refusal.NO_PERMISSION)


def test_grant_for_one_device_activates_one(template: Template, cast: Cast) -> None:
    grant = Grant.objects.create(member=cast.ines, template_id=template.template_id, devices_limit=1)
    first = sessions.open_session(template=template, by=cast.ines)
    second = sessions.open_session(template=template, by=cast.ines)
    both = activation.activate([Claim(o.session.token.pk, "192.0.2.9") for o in (first, second)])
    assert [type(result) for result in both] == [Activated, Refused]
    grant.refresh_from_db()
    assert grant.devices_count == 1
    assert both[1] == Refused(Refusal.NO_PERMISSION)


def test_unknown_token_is_kept_as_bounded_evidence(cast: Cast) -> None:
    for _ in range(3):
        assert log_in("a" * 32) == Refused(Refusal.UNKNOWN)
    (row,) = RefusedLogin.objects.all()
    assert (row.hint, row.address, row.reason, row.attempts_count) == ("aaaaaaaa", "192.0.2.9", Refusal.UNKNOWN, 3)


def test_reconfiguring_gives_the_device_its_new_token_and_retires_the_old(template: Template, cast: Cast) -> None:
    first = sessions.open_session(template=template, by=cast.alice)
    made = claim(first)
    assert isinstance(made, Activated)
    device = Device.objects.get(pk=made.device_id)
    again = sessions.open_session(template=template, by=cast.alice, device=device)
    assert isinstance(log_in(first.token), LiveToken)
    renewed = claim(again)
    assert isinstance(renewed, Activated)
    assert renewed.device_id == device.pk
    assert log_in(first.token) == Refused(Refusal.REVOKED)
    assert Device.objects.count() == 1
    assert integrity.violations() == {}


def test_many_claims_keep_their_order(template: Template, cast: Cast) -> None:
    opened = [sessions.open_session(template=template, by=cast.alice) for _ in range(20)]
    sessions.cancel(session=opened[7].session)
    results = activation.activate([Claim(o.session.token.pk, "192.0.2.9") for o in reversed(opened)])
    assert results[12] == Refused(Refusal.CANCELLED)
    made = [result for result in results if isinstance(result, Activated)]
    assert [result.token_id for result in made] == [o.session.token.pk for o in reversed(opened) if o is not opened[7]]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_claims_at_once_make_one_device(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    token_id = opened.session.token.pk

    def race(_: int) -> Activated | Refused:
        try:
            (result,) = activation.activate([Claim(token_id, "192.0.2.9")])
            return result
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(race, range(100)))
    devices = {result.device_id for result in results if isinstance(result, Activated)}
    assert len(devices) == 1
    assert sum(result.is_new for result in results if isinstance(result, Activated)) == 1
    assert Device.objects.count() == TimelineEvent.objects.filter(kind="activated").count() == 1


@pytest.mark.django_db(transaction=True)
def test_activation_racing_cancellation_ends_one_way(template: Template, cast: Cast) -> None:
    opened = [sessions.open_session(template=template, by=cast.alice) for _ in range(20)]

    def activate(index: int) -> bool:
        try:
            return isinstance(claim(opened[index]), Activated)
        finally:
            connection.close()

    def cancel(index: int) -> bool:
        try:
            return sessions.cancel(session=opened[index].session)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        activations = [pool.submit(activate, index) for index in range(20)]
        cancellations = [pool.submit(cancel, index) for index in range(20)]
        pairs = [(a.result(), c.result()) for a, c in zip(activations, cancellations, strict=True)]
    assert all(activated != cancelled for activated, cancelled in pairs)
    assert integrity.violations() == {}
