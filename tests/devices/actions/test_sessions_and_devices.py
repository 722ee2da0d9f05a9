"""What people do: open, cancel and name sessions; rename, write to and delete devices."""

from uuid import uuid4

import pytest
from django.test import override_settings

from console.kit.problems import Invalid, TooMany
from console.kit.tokens import TOKEN_PREFIX, digest, is_ours
from console.teams.models import AuditEntry
from devices.actions import devices, logins, sessions
from devices.actions.values import Login, Refused
from devices.models import AuthToken, Device, PinValue, ProvisioningSession, TimelineEvent
from devices.status import Refusal
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_token_has_the_form_every_library_expects(template: Template, cast: Cast) -> None:
    token = sessions.open_session(template=template, by=cast.alice).token
    assert token is not None
    assert is_ours(token, TOKEN_PREFIX)
    assert len(token) == 32


def test_repeated_request_gives_the_same_session_without_its_token(template: Template, cast: Cast) -> None:
    request_id = uuid4()
    first = sessions.open_session(template=template, by=cast.alice, request_id=request_id)
    second = sessions.open_session(template=template, by=cast.alice, request_id=request_id)
    assert (second.session, second.token) == (first.session, None)
    assert ProvisioningSession.objects.count() == 1


def test_archived_template_opens_no_session(template: Template, cast: Cast) -> None:
    templates.archive(template=template, by=cast.alice)
    template.refresh_from_db()
    with pytest.raises(Invalid, match="archived"):
        sessions.open_session(template=template, by=cast.alice)


@pytest.mark.parametrize("seconds", [0, -5, 29, 10**9])
def test_lifetime_out_of_range_is_refused(seconds: int, template: Template, cast: Cast) -> None:
    with pytest.raises(Invalid, match="lifetime"):
        sessions.open_session(template=template, by=cast.alice, lifetime_seconds=seconds)


@override_settings(OPEN_SESSIONS_PER_MEMBER=2)
def test_open_sessions_are_limited(template: Template, cast: Cast) -> None:
    opened = [sessions.open_session(template=template, by=cast.alice) for _ in range(2)]
    with pytest.raises(TooMany):
        sessions.open_session(template=template, by=cast.alice)
    sessions.cancel(session=opened[0].session)
    sessions.open_session(template=template, by=cast.alice)


def test_naming_closes_the_last_step(device: Device, cast: Cast) -> None:
    session = device.activation
    session.refresh_from_db()
    sessions.name_device(session=session, name="  Greenhouse   north ", by=cast.alice)
    device.refresh_from_db()
    session.refresh_from_db()
    assert device.name == "Greenhouse north"
    assert session.named_at is not None


def test_session_without_a_device_names_nothing(template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    with pytest.raises(Invalid, match="no device"):
        sessions.name_device(session=session, name="North", by=cast.alice)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "bell\x07", "\udc80"])
def test_unusable_device_name_is_refused(name: str, device: Device, cast: Cast) -> None:
    with pytest.raises(Invalid):
        devices.rename(device=device, name=name, by=cast.alice)


def test_rename_is_a_timeline_row_and_the_same_name_is_not(device: Device, cast: Cast) -> None:
    devices.rename(device=device, name="Nord \N{SEEDLING}", by=cast.alice)
    devices.rename(device=device, name="Nord \N{SEEDLING}", by=cast.alice)
    row = TimelineEvent.objects.get(device_id=device.pk, kind="renamed")
    assert (row.actor, row.detail["after"]) == ("Alice", "Nord \N{SEEDLING}")


@pytest.mark.parametrize(("pin", "value"), [(-1, "1"), (256, "1"), (1, "x" * 256), (1, "a\0b")])
def test_unusable_pin_write_is_refused(pin: int, value: str, device: Device, cast: Cast) -> None:
    with pytest.raises(Invalid):
        devices.write_pin(device=device, pin=pin, value=value, by=cast.alice)
    assert not PinValue.objects.exists()


def test_deleting_kills_the_token_and_keeps_the_session(device: Device, cast: Cast) -> None:
    token = AuthToken.objects.get(device=device)
    session = device.activation
    devices.delete(device=device, by=cast.alice)
    assert not Device.objects.exists()
    assert not TimelineEvent.objects.exists()
    assert ProvisioningSession.objects.filter(pk=session.pk).exists()
    (verdict,) = logins.look_up([Login(bytes(token.digest), token.hint, "192.0.2.9")])
    assert verdict == Refused(Refusal.DELETED)
    assert AuditEntry.objects.filter(kind="device.deleted").count() == 1


def test_deleting_cancels_an_open_reconfiguration(device: Device, template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice, device=device)
    assert opened.token is not None
    devices.delete(device=device, by=cast.alice)
    (verdict,) = logins.look_up([Login(digest(opened.token), "x", "192.0.2.9")])
    assert verdict == Refused(Refusal.DELETED)
