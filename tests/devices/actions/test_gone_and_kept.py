"""Devices that go while somebody has them on the screen, and what must outlive its retention."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from console.kit.problems import Conflict, Invalid
from console.teams.models import AuditEntry
from devices.actions import activation, integrity, logins, sessions, sweeps
from devices.actions import devices as device_actions
from devices.actions.values import Activated, Claim, LiveToken, Login, Refused
from devices.models import AuthToken, Device, ProvisioningSession, TimelineEvent
from devices.status import Refusal
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller

pytestmark = pytest.mark.django_db


def forget(device: Device, cast: Cast) -> None:
    """Somebody else deletes it."""
    device_actions.delete(device=Device.objects.get(pk=device.pk), by=cast.alice)


def age_sessions() -> None:
    long_ago = timezone.now() - timedelta(days=400)
    ProvisioningSession.objects.exclude(ended_at=None).update(ended_at=long_ago)


def test_token_of_a_reconfigured_device_outlives_its_session_s_retention(device: Device, cast: Cast) -> None:
    opened = sessions.open_session(template=device.template, by=cast.alice, device=device)
    activation.activate([Claim(opened.session.token.pk, "192.0.2.9")])
    age_sessions()
    assert sweeps.trim_sessions(limit=10) == 0
    token = AuthToken.objects.get(session=opened.session)
    (verdict,) = logins.look_up([Login(bytes(token.digest), token.hint, "192.0.2.9")])
    assert isinstance(verdict, LiveToken)
    assert integrity.violations() == {}


def test_cancelled_session_goes_with_its_dead_token(template: Template, cast: Cast) -> None:
    sessions.cancel(session=sessions.open_session(template=template, by=cast.alice).session)
    age_sessions()
    assert sweeps.trim_sessions(limit=10) == 1
    assert not AuthToken.objects.exists()


def test_device_that_is_gone_is_neither_renamed_nor_written(device: Device, cast: Cast) -> None:
    forget(device, cast)
    with pytest.raises(Conflict):
        device_actions.rename(device=device, name="Pump", by=cast.alice)
    with pytest.raises(Conflict):
        device_actions.write_pin(device=device, pin=1, value="2", by=cast.alice)


def test_second_deletion_does_nothing(device: Device, cast: Cast) -> None:
    forget(device, cast)
    device_actions.delete(device=device, by=cast.alice)
    assert AuditEntry.objects.filter(kind="device.deleted").count() == 1


@pytest.fixture
def goes_meanwhile(device: Device, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Device:
    """The device is deleted by somebody else between its look-up and the change."""
    found = device_actions._lock

    def lock(asked: Device) -> Device:
        forget(asked, cast)
        return found(asked)

    monkeypatch.setattr(device_actions, "_lock", lock)
    return device


@pytest.mark.parametrize(("path", "data"), [("rename", {"name": "Pump"}), ("write", {"pin": "1", "value": "2"})])
def test_page_says_that_the_device_is_gone(goes_meanwhile: Device, cast: Cast, path: str, data: Any) -> None:
    browser = signed_in(cast.alice)
    response = browser.post(f"/devices/{goes_meanwhile.pk}/{path}/", data, follow=True)
    assert "deleted in the meantime" in response.text


@pytest.mark.parametrize(
    ("method", "path", "body"), [("PATCH", "", {"name": "Pump"}), ("POST", "readings/", {"pin": 1, "value": "2"})]
)
def test_program_is_told_that_the_device_is_gone(
    goes_meanwhile: Device, cast: Cast, method: str, path: str, body: Any
) -> None:
    answer = caller(cast.alice).send(method, f"devices/{goes_meanwhile.pk}/{path}", body)
    assert (answer.status, answer.data["type"]) == (409, "urn:landfall:problem:conflict")


def test_late_mismatch_neither_kills_the_active_token_nor_changes_the_session(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    token_id = opened.session.token.pk
    (made,) = activation.activate([Claim(token_id, "192.0.2.9", template.template_id)])
    (late,) = activation.activate([Claim(token_id, "192.0.2.10", "TMPLanother12")])
    assert isinstance(made, Activated)
    assert late == Refused(Refusal.TEMPLATE_MISMATCH)
    assert ProvisioningSession.objects.get().reported_template_id == ""
    assert AuthToken.objects.get().revoked_at is None


def test_two_boards_with_one_token_in_one_batch_are_refused_when_one_is_of_another_template(
    template: Template, cast: Cast
) -> None:
    token_id = sessions.open_session(template=template, by=cast.alice).session.token.pk
    wrong, right = Claim(token_id, "192.0.2.9", "TMPLanother12"), Claim(token_id, "192.0.2.10", template.template_id)
    assert activation.activate([wrong, right]) == [Refused(Refusal.TEMPLATE_MISMATCH)] * 2
    assert not Device.objects.exists()


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u200d", "\u3164", "\ufeff \u00ad", "\u202eexe.elif", "a\u2066b"])
def test_name_that_nobody_can_read_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        device_actions.clean_name(name)


@pytest.mark.parametrize("name", ["Насос 2", "מזגן", "👩‍🌾 bed", "<b>&amp;", "ポンプ"])
def test_name_in_any_script_is_kept(name: str) -> None:
    assert device_actions.clean_name(name) == name


def test_activation_beyond_its_team_s_retention_is_missed_by_no_check(device: Device) -> None:
    Device.objects.update(activated_at=timezone.now() - timedelta(days=10))
    TimelineEvent.objects.all().delete()
    assert integrity.violations() == {"an activation stands in the timeline once": [device.pk]}
    device.team.timeline_days = 7
    device.team.save()
    assert integrity.violations() == {}
