"""Static tokens: issued for long, rotated with an overlap, revoked; on real PostgreSQL."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from console.kit import gateway_bus
from console.kit.problems import Conflict, Invalid
from console.kit.tokens import digest, hint
from console.teams.models import AuditEntry
from devices.actions import activation, logins, sessions, tokens
from devices.actions import devices as device_actions
from devices.actions.integrity import violations
from devices.actions.values import Activated, Claim, LiveToken, Login, Refused
from devices.models import AuthToken, Device, ProvisioningSession, SessionEvidence, TimelineEvent
from devices.status import Refusal, Route
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.actions.racing import at_once

DAY = 24 * 3600


def login(token: str | None) -> LiveToken | Refused:
    assert token
    (verdict,) = logins.look_up([Login(digest(token), hint(token), "192.0.2.9")])
    return verdict


def use(opened: sessions.Opened) -> int:
    """The first use of a token; the device that it stands for."""
    (outcome,) = activation.activate([Claim(opened.session.token.pk, "192.0.2.9")])
    assert isinstance(outcome, Activated)
    return outcome.device_id


@pytest.fixture
def first(template: Template, cast: Cast) -> sessions.Opened:
    """The static token of a device."""
    opened = tokens.issue_static(template=template, by=cast.alice)
    use(opened)
    return opened


@pytest.fixture
def it(first: sessions.Opened) -> Device:
    return Device.objects.get()


@pytest.mark.django_db
def test_static_token_waits_for_thirty_days(template: Template, cast: Cast) -> None:
    session = tokens.issue_static(template=template, by=cast.alice).session
    assert session.route == Route.STATIC
    assert session.expires_at - session.opened_at == timedelta(days=settings.STATIC_TOKEN_LIFETIME_DAYS)


@pytest.mark.django_db
def test_until_its_first_use_a_rotation_changes_nothing(first: sessions.Opened, it: Device, cast: Cast) -> None:
    new = tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY)
    assert login(first.token) == LiveToken(first.session.token.pk, it.team_id, it.template.template_id, it.pk)
    sessions.cancel(session=new.session)
    assert isinstance(login(first.token), LiveToken)
    assert login(new.token) == Refused(Refusal.CANCELLED)
    assert violations() == {}


@pytest.mark.django_db
def test_earlier_token_lives_on_for_its_overlap(first: sessions.Opened, it: Device, cast: Cast) -> None:
    new = tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY)
    assert use(new) == it.pk
    for opened in (first, new):
        verdict = login(opened.token)
        assert isinstance(verdict, LiveToken)
        assert verdict.device_id == it.pk
    left = AuthToken.objects.get(session=first.session).retires_at
    assert left is not None
    assert abs(left - timezone.now() - timedelta(days=1)) < timedelta(minutes=1)
    told = TimelineEvent.objects.get(kind="rotated")
    assert (told.actor, told.detail["overlap"]) == (cast.alice.label, DAY)
    assert violations() == {}


def end_overlap(opened: sessions.Opened) -> None:
    past = timezone.now() - timedelta(seconds=1)
    AuthToken.objects.filter(session=opened.session).update(retires_at=past)


@pytest.mark.django_db
def test_token_whose_overlap_is_over_is_refused_before_any_sweep(
    first: sessions.Opened, it: Device, cast: Cast
) -> None:
    use(tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY))
    end_overlap(first)
    assert login(first.token) == Refused(Refusal.REVOKED)
    assert logins.live_tokens([first.session.token.pk]) == {}


@pytest.mark.django_db
def test_sweep_retires_once_and_closes_the_connection(
    first: sessions.Opened,
    it: Device,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    dropped: list[int] = []
    monkeypatch.setattr(gateway_bus, "drop_tokens", lambda ids: dropped.extend(ids))
    use(tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY))
    assert tokens.retire(limit=10) == 0
    end_overlap(first)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert (tokens.retire(limit=10), tokens.retire(limit=10)) == (1, 0)
    assert dropped == [first.session.token.pk]
    assert TimelineEvent.objects.filter(kind="retired").count() == 1
    assert login(first.token) == Refused(Refusal.REVOKED)
    assert violations() == {}


@pytest.mark.django_db
def test_without_overlap_the_earlier_token_dies_at_the_first_use(
    first: sessions.Opened, it: Device, cast: Cast
) -> None:
    use(tokens.rotate(device=it, by=cast.alice))
    assert login(first.token) == Refused(Refusal.REVOKED)
    assert violations() == {}


@pytest.mark.django_db
def test_reconfiguring_ends_those_that_live_on_too(first: sessions.Opened, it: Device, cast: Cast) -> None:
    second = tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY)
    use(second)
    third = sessions.open_session(template=it.template, by=cast.alice, device=it)
    use(third)
    assert [isinstance(login(opened.token), LiveToken) for opened in (first, second, third)] == [False, False, True]
    assert violations() == {}


@pytest.mark.django_db
def test_second_rotation_never_lengthens_the_first_overlap(first: sessions.Opened, it: Device, cast: Cast) -> None:
    use(tokens.rotate(device=it, by=cast.alice, overlap_seconds=60))
    ends_at = AuthToken.objects.get(session=first.session).retires_at
    use(tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY))
    assert AuthToken.objects.get(session=first.session).retires_at == ends_at
    assert AuthToken.objects.active().filter(device=it).count() == 3
    assert violations() == {}


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-1, 91 * DAY])
def test_overlap_out_of_range_is_refused(seconds: int, it: Device, cast: Cast) -> None:
    with pytest.raises(Invalid, match="0 to"):
        tokens.rotate(device=it, by=cast.alice, overlap_seconds=seconds)


@pytest.mark.django_db
def test_revoking_kills_what_works_and_keeps_the_device(first: sessions.Opened, it: Device, cast: Cast) -> None:
    second = tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY)
    use(second)
    waiting = tokens.rotate(device=it, by=cast.alice)
    assert tokens.revoke(device=it, by=cast.alice)
    assert not tokens.revoke(device=it, by=cast.alice)
    for opened in (first, second):
        assert login(opened.token) == Refused(Refusal.REVOKED)
    assert Device.objects.filter(pk=it.pk).exists()
    assert violations() == {}
    assert TimelineEvent.objects.filter(kind="revoked").count() == 1
    assert AuditEntry.objects.filter(kind="token.revoked").count() == 1
    assert use(waiting) == it.pk
    assert isinstance(login(waiting.token), LiveToken)
    assert violations() == {}


@pytest.mark.django_db
def test_device_without_a_token_that_nobody_revoked_is_an_offence(it: Device) -> None:
    AuthToken.objects.update(revoked_at=timezone.now(), revoked_because="replaced")
    assert list(violations()) == ["a device has one active token beside those that retire, or none once it was revoked"]


@pytest.mark.django_db
def test_deleted_device_is_not_revoked(it: Device, cast: Cast) -> None:
    device_actions.delete(device=Device.objects.get(), by=cast.alice)
    with pytest.raises(Conflict):
        tokens.revoke(device=it, by=cast.alice)


@pytest.mark.django_db(transaction=True)
def test_revoking_and_the_first_use_of_a_rotation_at_once(first: sessions.Opened, it: Device, cast: Cast) -> None:
    new = tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY)
    at_once(lambda: use(new), lambda: tokens.revoke(device=it, by=cast.alice))
    assert login(first.token) == Refused(Refusal.REVOKED)
    assert violations() == {}


@pytest.mark.django_db(transaction=True)
def test_two_rotations_used_at_once_leave_one_token_in_use(first: sessions.Opened, it: Device, cast: Cast) -> None:
    pair = [tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY) for _ in range(2)]
    at_once(*[lambda opened=opened: use(opened) for opened in pair])
    assert AuthToken.objects.active().filter(device=it, retires_at=None).count() == 1
    assert AuthToken.objects.active().filter(device=it).count() == 3
    assert violations() == {}


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_retire_once(first: sessions.Opened, it: Device, cast: Cast) -> None:
    use(tokens.rotate(device=it, by=cast.alice, overlap_seconds=DAY))
    end_overlap(first)
    assert sum(at_once(lambda: tokens.retire(limit=10), lambda: tokens.retire(limit=10))) == 1


@pytest.mark.django_db
def test_mac_is_kept_from_the_list_or_from_the_board(template: Template, cast: Cast) -> None:
    planned = sessions.open_session(template=template, by=cast.alice)
    ProvisioningSession.objects.filter(pk=planned.session.pk).update(planned_mac="24:6f:28:01:02:03")
    told = sessions.open_session(template=template, by=cast.alice)
    for mac in ("24:6F:28:01:02:04", "nonsense", None):
        SessionEvidence.objects.create(session=told.session, kind="board_info", detail={"mac": mac})
    unknown = sessions.open_session(template=template, by=cast.alice)
    macs = [Device.objects.get(pk=use(opened)).mac for opened in (planned, told, unknown)]
    assert macs == ["24:6F:28:01:02:03", "24:6F:28:01:02:04", ""]


@pytest.mark.django_db
def test_reconfigured_device_learns_its_mac(it: Device, cast: Cast) -> None:
    opened = sessions.open_session(template=it.template, by=cast.alice, device=it)
    SessionEvidence.objects.create(session=opened.session, kind="board_info", detail={"mac": "24:6f:28:01:02:05"})
    use(opened)
    it.refresh_from_db()
    assert it.mac == "24:6F:28:01:02:05"
