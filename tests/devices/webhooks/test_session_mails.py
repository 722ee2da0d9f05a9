"""Mail about sessions that ended while their owner was away."""

from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from console.teams.links import link_to
from console.teams.models import Member
from devices import tasks
from devices.actions import activation, session_mails, sessions
from devices.actions.values import Claim
from devices.models import ProvisioningSession
from devices.status import Route
from templates_app.models import Template
from tests.cast import Cast, signed_in


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    settings.SESSION_MAIL_AFTER_SECONDS = 0
    settings.CONSOLE_URL = "https://landfall.example"


def opened(template: Template, by: Member, **fields: object) -> ProvisioningSession:
    """A session of a minute ago, whose page nobody has looked at."""
    session = sessions.open_session(template=template, by=by).session
    ProvisioningSession.objects.filter(pk=session.pk).update(**fields)
    return session


def activated(session: ProvisioningSession) -> None:
    activation.activate([Claim(session.token.pk, "192.0.2.7")])
    earlier()


def earlier() -> None:
    """Everything ended a second ago: the tests' own transaction stands still in time."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE devices_provisioningsession SET ended_at = ended_at - interval '1 second'")


def test_owner_who_was_away_is_written_to_once(cast: Cast, template: Template) -> None:
    Member.objects.filter(pk=cast.ines.pk).update(role="developer")
    session = opened(template, cast.ines)
    activated(session)
    tasks.mail_owners()
    tasks.mail_owners()
    (message,) = mail.outbox
    assert message.to == [cast.ines.user.email]
    assert message.subject.endswith("is online")
    assert link_to(f"/sessions/{session.pk}/", team_id=session.team_id) in message.body
    assert link_to("/team/webhooks/mails/", team_id=session.team_id) in message.body


def test_failure_is_told_with_its_finding(cast: Cast, template: Template) -> None:
    session = opened(template, cast.dan)
    activation.activate([Claim(session.token.pk, "192.0.2.7", "TMPLother0000")])
    earlier()
    tasks.mail_owners()
    (message,) = mail.outbox
    assert "firmware made for another template" in message.body
    assert "Next step:" in message.body


def test_owner_whose_page_was_open_is_not(cast: Cast, template: Template) -> None:
    session = opened(template, cast.dan)
    signed_in(cast.dan).get(f"/sessions/{session.pk}/")
    activated(session)
    tasks.mail_owners()
    assert mail.outbox == []
    session.refresh_from_db()
    assert session.told_at is not None


def test_a_teammates_page_is_not_the_owners(cast: Cast, template: Template) -> None:
    session = opened(template, cast.dan)
    signed_in(cast.ann).get(f"/sessions/{session.pk}/")
    activated(session)
    tasks.mail_owners()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("case", ["api", "cancelled", "not wanted", "inactive", "long ago"])
def test_who_need_not_know_is_left_alone(cast: Cast, template: Template, case: str) -> None:
    session = opened(template, cast.dan, route=Route.API if case == "api" else "")
    if case == "cancelled":
        sessions.cancel(session=session)
        earlier()
    else:
        activated(session)
    match case:
        case "not wanted":
            Member.objects.filter(pk=cast.dan.pk).update(mails_session_ends=False)
        case "inactive":
            cast.dan.user.is_active = False
            cast.dan.user.save()
        case "long ago":
            ProvisioningSession.objects.update(ended_at="2020-01-01T00:00:00Z")
    tasks.mail_owners()
    assert mail.outbox == []
    assert not ProvisioningSession.objects.filter(told_at=None).exists()


def test_mail_server_that_is_away_is_tried_again(
    cast: Cast, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    activated(opened(template, cast.dan))

    def refuse(*_: object, **__: object) -> None:
        raise SMTPServerDisconnected("away")

    with monkeypatch.context() as patch:
        patch.setattr(session_mails, "send_mail", refuse)
        assert tasks.mail_owners() == 0
    assert ProvisioningSession.objects.filter(told_at=None).exists()
    tasks.mail_owners()
    assert len(mail.outbox) == 1
