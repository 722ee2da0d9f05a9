"""Asking for the permission to provision, and being answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings
from django.utils import timezone

from console.kit.problems import Conflict, Invalid, TooMany
from console.teams import access
from console.teams.models import AuditEntry, Grant, GrantRequest, Member
from console.teams.permissions import Role
from devices import tasks
from devices.actions import grant_mail, grant_requests, grants
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.actions.racing import at_once


class MailServerAway(BaseEmailBackend):
    """A mail server that takes no connection."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


AWAY = override_settings(MAILERS={"default": {"BACKEND": f"{__name__}.MailServerAway"}})


def ask(cast: Cast, template: Template | None, note: str = "") -> GrantRequest:
    return grant_requests.ask(by=cast.ines, template=template, note=note).request


@pytest.mark.django_db
def test_request_is_kept_and_told(cast: Cast, template: Template) -> None:
    ask(cast, template, " The north bed needs five more ")
    request = GrantRequest.objects.get()
    assert (request.member, request.template_id) == (cast.ines, template.template_id)
    assert request.note == "The north bed needs five more"
    entry = AuditEntry.objects.get(kind="grant.requested")
    assert (entry.actor, entry.subject) == ("Ines", "Ines: Soil Sensor")

    assert grant_mail.send(limit=10) == 1
    assert sorted(message.to[0] for message in mail.outbox) == ["alice@example.com", "ann@example.com"]
    assert all(len(message.recipients()) == 1 for message in mail.outbox)
    assert mail.outbox[0].subject == "Landfall: Ines asks for permission to provision Soil Sensor"
    assert "The north bed needs five more" in str(mail.outbox[0].body)
    assert f"/team/provisioning/requests/{request.pk}/" in str(mail.outbox[0].body)


@pytest.mark.django_db
def test_mail_is_sent_once(cast: Cast, template: Template) -> None:
    ask(cast, template)
    assert tasks.send_grant_mail() == 1
    assert tasks.send_grant_mail() == 0
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_second_request_is_the_first(cast: Cast, template: Template) -> None:
    first = grant_requests.ask(by=cast.ines, template=template)
    second = grant_requests.ask(by=cast.ines, template=template)
    assert (first.is_new, second.is_new, second.request) == (True, False, first.request)
    assert grant_requests.ask(by=cast.ines, template=None).is_new


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one(cast: Cast, template: Template) -> None:
    asked = at_once(*[lambda: grant_requests.ask(by=cast.ines, template=template)] * 4)
    assert sum(result.is_new for result in asked) == 1
    assert GrantRequest.objects.count() == AuditEntry.objects.filter(kind="grant.requested").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["alice", "dan"])
def test_who_has_the_permission_needs_not_ask(name: str, cast: Cast, template: Template) -> None:
    with pytest.raises(Invalid, match="already"):
        grant_requests.ask(by=cast.member(name), template=template)


@pytest.mark.django_db
def test_request_for_another_teams_template_is_refused(cast: Cast, other_template: Template) -> None:
    with pytest.raises(Invalid, match="another team"):
        ask(cast, other_template)


@pytest.mark.django_db
def test_requests_of_a_day_are_limited(cast: Cast, template: Template) -> None:
    with override_settings(GRANT_REQUESTS_PER_DAY=2):
        for _ in range(2):
            grant_requests.decline(request=ask(cast, template), by=cast.ann)
        with pytest.raises(TooMany):
            ask(cast, template)
    GrantRequest.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert ask(cast, template)


@pytest.mark.django_db
def test_approval_gives_the_grant_and_tells_who_asked(cast: Cast, template: Template) -> None:
    request = ask(cast, template)
    grant_requests.approve(request=request, by=cast.ann)
    assert access.may_provision(cast.ines, template.template_id)
    request.refresh_from_db()
    assert (request.is_granted, request.decided_by) == (True, "Ann")
    kinds = AuditEntry.objects.filter(kind__startswith="grant.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["grant.requested", "grant.approved", "grant.given"]

    grant_mail.send(limit=10)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ines@example.com"], "Landfall: You may provision Soil Sensor")
    assert f"/templates/{template.template_id}/" in str(sent.body)


@pytest.mark.django_db
def test_declining_gives_nothing_and_tells_who_asked(cast: Cast, template: Template) -> None:
    request = ask(cast, template)
    grant_requests.decline(request=request, by=cast.alice)
    assert not Grant.objects.exists()
    assert AuditEntry.objects.filter(kind="grant.declined", actor="Alice").count() == 1
    grant_mail.send(limit=10)
    assert mail.outbox[0].subject == "Landfall: Your request for Soil Sensor is declined"
    assert grant_requests.ask(by=cast.ines, template=template).is_new


@pytest.mark.django_db
def test_approved_viewer_becomes_an_installer(cast: Cast, template: Template) -> None:
    request = grant_requests.ask(by=cast.vic, template=template).request
    grant_requests.approve(request=request, by=cast.ann)
    cast.vic.refresh_from_db()
    assert cast.vic.role == Role.INSTALLER
    assert access.may_provision(cast.vic, template.template_id)
    assert AuditEntry.objects.filter(kind="member.role_changed", subject="Vic").count() == 1


@pytest.mark.django_db
def test_who_provisions_by_role_by_now_gets_no_needless_grant(cast: Cast, template: Template) -> None:
    request = ask(cast, template)
    Member.objects.filter(pk=cast.ines.pk).update(role=Role.DEVELOPER)
    grant_requests.approve(request=request, by=cast.ann)
    assert not Grant.objects.exists()
    assert not GrantRequest.objects.waiting().exists()


@pytest.mark.django_db
def test_answer_that_comes_second_says_who_was_first(cast: Cast, template: Template) -> None:
    request = ask(cast, template)
    grant_requests.decline(request=request, by=cast.alice)
    for answer in (grant_requests.approve, grant_requests.decline):
        with pytest.raises(Conflict, match="Alice has declined this already"):
            answer(request=request, by=cast.ann)
    assert not Grant.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(cast: Cast, template: Template) -> None:
    request = ask(cast, template)

    def answer(act: Any, by: Member) -> bool:
        try:
            act(request=GrantRequest.objects.select_related("member__team").get(pk=request.pk), by=by)
        except Conflict:
            return False
        return True

    answered = at_once(
        lambda: answer(grant_requests.approve, cast.ann),
        lambda: answer(grant_requests.approve, cast.alice),
        lambda: answer(grant_requests.decline, cast.alice),
    )
    assert sum(answered) == 1
    request.refresh_from_db()
    assert Grant.objects.exists() is request.is_granted


@pytest.mark.django_db
def test_request_goes_with_its_template(cast: Cast, template: Template) -> None:
    request = ask(cast, template)
    Template.objects.filter(pk=template.pk).delete()
    with pytest.raises(Conflict, match="deleted"):
        grant_requests.approve(request=request, by=cast.ann)
    other = Template.objects.create(team=cast.team, name="Other", board="esp32")
    gone = ask(cast, other)
    templates.delete(template=other, by=cast.alice)
    with pytest.raises(Conflict, match="gone"):
        grant_requests.decline(request=gone, by=cast.ann)


@pytest.mark.django_db
def test_mail_server_that_is_away_breaks_nothing_and_gets_the_mail_later(cast: Cast, template: Template) -> None:
    with AWAY:
        request = ask(cast, template)
        assert tasks.send_grant_mail() == 0
        assert tasks.send_grant_mail() == 0
    GrantRequest.objects.update(mail_due_at=timezone.now() - timedelta(seconds=1))
    assert tasks.send_grant_mail() == 1
    request.refresh_from_db()
    assert request.mail_due_at is None


@pytest.mark.django_db
def test_answer_given_while_the_mail_server_is_away_is_what_is_sent(cast: Cast, template: Template) -> None:
    with AWAY:
        request = ask(cast, template)
        grant_mail.send(limit=10)
    grant_requests.approve(request=request, by=cast.ann)
    grant_mail.send(limit=10)
    assert [message.to for message in mail.outbox] == [["ines@example.com"]]


@pytest.mark.django_db
def test_mail_that_is_days_old_is_given_up(cast: Cast, template: Template) -> None:
    ask(cast, template)
    GrantRequest.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert grant_mail.send(limit=10) == 0
    assert not GrantRequest.objects.filter(mail_due_at__isnull=False).exists()
    assert mail.outbox == []


@pytest.mark.django_db
def test_hostile_names_do_not_reach_the_headers(cast: Cast, template: Template) -> None:
    cast.ines.user.name = "Ines\nBcc: everybody@example.com"
    cast.ines.user.save()
    ask(cast, template, "<b>& 😀")
    grant_mail.send(limit=10)
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() in (["alice@example.com"], ["ann@example.com"])
    assert "<b>& 😀" in str(mail.outbox[0].body)


@pytest.mark.django_db
def test_people_who_were_made_inactive_get_no_mail(cast: Cast, template: Template) -> None:
    request = ask(cast, template)
    cast.ann.user.is_active = False
    cast.ann.user.save()
    grant_mail.send(limit=10)
    assert [message.to for message in mail.outbox] == [["alice@example.com"]]
    assert access.who_may_give(cast.team.pk) == ["Alice"]
    mail.outbox.clear()
    cast.ines.user.is_active = False
    cast.ines.user.save()
    grants.give(member=cast.ines, template=template, limits=grants.NO_LIMITS, by=cast.alice)
    grant_mail.send(limit=10)
    assert mail.outbox == []
    assert GrantRequest.objects.get(pk=request.pk).mail_due_at is None
