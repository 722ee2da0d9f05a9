"""What the worker does: run twice or late, the result is the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from console.kit.tokens import digest, hint
from devices import tasks
from devices.actions import failures, logins, partitions, sessions, sweeps
from devices.actions.values import Login
from devices.models import AuthToken, Device, ProvisioningSession, Reading, RefusedLogin, TimelineEvent
from devices.status import SessionState
from templates_app.models import Template
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def make_overdue(session: ProvisioningSession) -> None:
    past = timezone.now() - timedelta(minutes=1)
    ProvisioningSession.objects.filter(pk=session.pk).update(expires_at=past, opened_at=past - timedelta(minutes=15))
    AuthToken.objects.filter(session=session).update(expires_at=past)


def test_overdue_session_is_closed_with_a_finding_and_its_token_killed(template: Template, cast: Cast) -> None:
    overdue = sessions.open_session(template=template, by=cast.alice).session
    fresh = sessions.open_session(template=template, by=cast.alice).session
    make_overdue(overdue)
    assert tasks.expire_sessions() == 1
    assert tasks.expire_sessions() == 0
    overdue.refresh_from_db()
    fresh.refresh_from_db()
    assert (overdue.state, fresh.state) == (SessionState.EXPIRED, SessionState.OPEN)
    assert overdue.finding is not None
    assert overdue.finding["code"] == "never_seen"
    assert AuthToken.objects.get(session=overdue).revoked_at is not None


def test_sweep_that_dies_half_way_leaves_nothing_half_done_and_is_caught_up(
    template: Template, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue = [sessions.open_session(template=template, by=cast.alice).session for _ in range(3)]
    for session in overdue:
        make_overdue(session)
    expire = failures.expire
    done: list[int] = []

    def die_at_the_second(session: ProvisioningSession) -> bool:
        if done:
            raise SystemExit
        done.append(session.pk)
        return expire(session)

    monkeypatch.setattr(failures, "expire", die_at_the_second)
    with pytest.raises(SystemExit):
        tasks.expire_sessions()
    assert ProvisioningSession.objects.filter(state=SessionState.OPEN).count() == 3
    assert AuthToken.objects.filter(revoked_at=None).count() == 3
    monkeypatch.undo()
    assert tasks.expire_sessions() == 3


def test_expiry_after_being_seen_says_so(template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    make_overdue(session)
    ProvisioningSession.objects.update(seen_at=timezone.now())
    tasks.expire_sessions()
    session.refresh_from_db()
    assert session.finding is not None
    assert session.finding["code"] == "seen_then_expired"


def test_mistyped_token_is_named_when_the_session_expires(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    assert opened.token is not None
    mistyped = opened.token[:20] + "x" * 12
    logins.look_up([Login(digest(mistyped), hint(mistyped), "192.0.2.9")])
    logins.look_up([Login(digest("b" * 32), "bbbbbbbb", "198.51.100.1")])
    opened.session.opened_at -= timedelta(minutes=1)
    finding = failures.expiry_findings(opened.session)[0]
    assert finding.code == "token_cut"
    assert "192.0.2.9" in finding.evidence
    assert "198.51.100.1" not in finding.evidence


def test_with_the_worker_stopped_an_overdue_session_is_expired_on_read(template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    make_overdue(session)
    session.refresh_from_db()
    assert session.state == SessionState.OPEN
    assert session.state_at(timezone.now()) is SessionState.EXPIRED
    expired = ProvisioningSession.objects.all().in_state("expired", now=timezone.now())
    assert list(expired) == [session]


def test_partitions_take_over_what_the_rest_caught_and_are_made_once(device: Device) -> None:
    assert TimelineEvent.objects.filter(device_id=device.pk).exists()
    made = partitions.make_ahead(today=timezone.now().date())
    assert len(made) == 6
    assert partitions.make_ahead(today=timezone.now().date()) == []
    assert TimelineEvent.objects.filter(device_id=device.pk, kind="activated").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM devices_timelineevent_rest")
        assert cursor.fetchone() == (0,)


def test_month_that_nobody_keeps_is_dropped(device: Device) -> None:
    Reading.objects.create(id=1, at=datetime(2020, 1, 5, tzinfo=UTC), device_id=device.pk, pin=1, value="old")
    partitions.make_ahead(today=date(2020, 1, 20))
    assert "devices_reading_2020_01" in partitions.drop_before(table="devices_reading", day=date(2020, 2, 1))
    assert not Reading.objects.filter(value="old").exists()


def test_teams_own_retention_trims_rows(device: Device) -> None:
    old = timezone.now() - timedelta(days=10)
    Reading.objects.create(id=1, at=old, device_id=device.pk, pin=1, value="old")
    Reading.objects.create(id=2, at=timezone.now(), device_id=device.pk, pin=1, value="new")
    assert sweeps.trim_history(limit=100) == 0
    device.team.readings_days = 7
    device.team.save()
    assert sweeps.trim_history(limit=100) == 1
    assert list(Reading.objects.values_list("value", flat=True)) == ["new"]


@override_settings(REFUSED_LOGINS_KEPT=3)
def test_only_the_newest_refused_logins_are_kept(cast: Cast) -> None:
    for number in range(6):
        logins.look_up([Login(bytes([number]) * 32, f"hint{number}", "192.0.2.9")])
        RefusedLogin.objects.filter(hint=f"hint{number}").update(last_at=timezone.now() + timedelta(seconds=number))
    assert sweeps.trim_refused() == 3
    assert sweeps.trim_refused() == 0
    assert set(RefusedLogin.objects.values_list("hint", flat=True)) == {"hint3", "hint4", "hint5"}


def test_old_ended_sessions_go_unless_a_device_came_of_them(device: Device, template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    sessions.cancel(session=session)
    ProvisioningSession.objects.update(ended_at=timezone.now() - timedelta(days=400))
    assert sweeps.trim_sessions(limit=10) == 1
    assert list(ProvisioningSession.objects.all()) == [device.activation]
