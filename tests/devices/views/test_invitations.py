"""Invitations: who may send which, what the mail says, who may accept, and what becomes of the link."""

import re
import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import Settings

from console.kit.logs import mask_secrets
from console.kit.sign_up import SignUp
from console.kit.tokens import INVITATION_PREFIX, new_secret
from console.teams.models import AuditEntry, Grant, Invitation, Member, User
from console.teams.permissions import Role
from templates_app.models import Template
from tests.cast import PASSWORD, Cast, make_user, signed_in
from tests.selectors import has, one, texts, words

LIST, NEW, PAGE, SWITCH = "/team/invitations/", "/team/invitations/new/", "/invitation/", "/invitation/switch/"
ADDRESS = "noa@example.com"
PASSWORDS = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a commit follows at once: in these tests the transaction never ends."""

    def at_once(act: Callable[[], Any], **_: Any) -> None:
        act()

    monkeypatch.setattr(transaction, "on_commit", at_once)


def send(by: Member, **typed: Any) -> Any:
    return signed_in(by).post(NEW, {"email": ADDRESS, "role": "developer", "grants": "none"} | typed)


def link() -> str:
    """The link in the newest mail."""
    found = re.search(r"http://testserver(/invitation/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def opened(link_to: str, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assertRedirects(browser.get(link_to), PAGE, fetch_redirect_response=False)
    return browser


def heading(response: Any) -> str:
    return words(one(response, "h1"))


@pytest.fixture
def invited(cast: Cast) -> Invitation:
    send(cast.alice)
    return Invitation.objects.get()


@pytest.fixture
def noa(db: None) -> User:
    return make_user("noa")


def test_mail_has_what_the_invited_needs_and_the_database_no_secret(cast: Cast, template: Template) -> None:
    typed = {"role": "installer", "grants": "chosen", "templates": [template.template_id], "devices_limit": "3"}
    response = send(cast.alice, **typed, until="2099-01-31", note="first floor")

    assertRedirects(response, LIST)
    (sent,) = mail.outbox
    assert sent.to == [ADDRESS]
    assert sent.subject == "Landfall: join the team Greenhouse"
    body = str(sent.body)
    assert "Alice invites you to the team Greenhouse on Landfall, as an installer." in body
    assert "- Soil Sensor, until 31 Jan 2099, 3 devices at most" in body
    secret = link().split("/")[2]
    invitation = Invitation.objects.get()
    assert secret not in str(list(Invitation.objects.values()))
    assert (invitation.email, invitation.role, invitation.invited_by) == (ADDRESS, "installer", "Alice")
    assert invitation.sent_at is not None
    assert secret not in str(mask_secrets(None, "", {"event": f"GET {link()}"}))
    entry = AuditEntry.objects.get(kind="invitation.sent")
    assert (entry.subject, entry.detail) == (ADDRESS, {"role": "installer", "grants": 1})


def test_new_account_joins_with_role_and_grants_and_no_other_team(cast: Cast, template: Template) -> None:
    send(cast.ann, role="installer", grants="chosen", templates=[template.template_id], devices_limit="3", note="A")
    browser = opened(link())
    page = browser.get(PAGE)
    assert heading(page) == "Join Greenhouse"
    assert one(page, "#invited-email")["value"] == ADDRESS

    after = browser.post(PAGE, PASSWORDS | {"email": "evil@example.com"}, follow=True)

    assert words(one(after, ".rail-team .truncate")) == "Greenhouse"
    user = User.objects.get(email=ADDRESS)
    member = user.memberships.get()
    assert (member.team, member.role) == (cast.team, Role.INSTALLER)
    grant = Grant.objects.get(member=member)
    assert (grant.template_id, grant.devices_limit, grant.note) == (template.template_id, 3, "A")
    assert grant.granted_by == "Ann"
    assert EmailAddress.objects.get(user=user, email=ADDRESS).verified
    assert len(mail.outbox) == 1, "The link has proved the address: nothing is left to confirm."
    assert AuditEntry.objects.filter(kind="invitation.accepted", actor=ADDRESS).exists()
    assert Client().login(email=ADDRESS, password=PASSWORD)


def test_existing_account_signs_in_and_joins(cast: Cast, invited: Invitation, noa: User) -> None:
    browser = opened(link())
    page = browser.get(PAGE)
    assert one(page, ".plain-content a.btn")["href"] == f"/accounts/login/?next={PAGE}"
    browser.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD, "next": PAGE})
    assert heading(browser.get(PAGE)) == "Join Greenhouse"

    after = browser.post(PAGE, follow=True)

    assert words(one(after, ".rail-team .truncate")) == "Greenhouse"
    assert noa.memberships.get().role == Role.DEVELOPER
    assert EmailAddress.objects.get(user=noa).verified


def test_another_account_learns_the_address_and_nothing_else(cast: Cast, invited: Invitation, noa: User) -> None:
    browser = opened(link(), signed_in(cast.sam))
    page = browser.get(PAGE)

    assert heading(page) == "This invitation is for another address"
    text = page.content.decode()
    assert ADDRESS in text
    assert "Greenhouse" not in text
    assert "Alice" not in text
    assert browser.post(PAGE).status_code == 403
    assert not cast.team.members.filter(user=cast.sam.user).exists()

    assertRedirects(browser.post(SWITCH), PAGE)
    assert "_auth_user_id" not in browser.session
    assert heading(browser.get(PAGE)) == "Join Greenhouse"


def test_second_address_counts_once_it_is_confirmed(cast: Cast, invited: Invitation) -> None:
    mine = EmailAddress.objects.create(user=cast.sam.user, email=ADDRESS, verified=False)
    browser = opened(link(), signed_in(cast.sam))
    assert browser.post(PAGE).status_code == 403
    mine.verified = True
    mine.save()

    browser.post(PAGE)

    assert cast.team.members.filter(user=cast.sam.user).exists()


def test_account_that_took_an_address_is_not_its_owner(cast: Cast, invited: Invitation, noa: User) -> None:
    """Whose login the address is does not count where somebody else has confirmed it."""
    EmailAddress.objects.create(user=cast.sam.user, email=ADDRESS, verified=True)
    browser = Client()
    browser.force_login(noa)

    assert opened(link(), browser).post(PAGE).status_code == 403


def test_link_opened_twice_makes_one_member(cast: Cast, invited: Invitation, noa: User) -> None:
    first, second = Client(), Client()
    for browser in (first, second):
        browser.force_login(noa)
        opened(link(), browser)
    first.post(PAGE)

    assertRedirects(second.post(PAGE), "/overview/")
    assert noa.memberships.count() == 1
    assert AuditEntry.objects.filter(kind="invitation.accepted").count() == 1
    stranger = opened(link())
    page = stranger.get(PAGE)
    assert (page.status_code, heading(page)) == (410, "This invitation does not work")
    assert "Greenhouse" not in page.content.decode()


def test_used_link_gives_no_role_back(cast: Cast, invited: Invitation, noa: User) -> None:
    browser = Client()
    browser.force_login(noa)
    opened(link(), browser).post(PAGE)
    Member.objects.filter(user=noa).update(role=Role.VIEWER)

    opened(link(), browser).post(PAGE)
    assert noa.memberships.get().role == Role.VIEWER

    Member.objects.filter(user=noa).delete()
    opened(link(), browser)
    assert browser.post(PAGE).status_code == 410
    assert not noa.memberships.exists()


def test_who_is_in_the_team_already_keeps_their_role(cast: Cast, invited: Invitation, noa: User) -> None:
    Member.objects.create(team=cast.team, user=noa, role=Role.VIEWER)
    browser = Client()
    browser.force_login(noa)

    opened(link(), browser).post(PAGE)

    assert noa.memberships.get().role == Role.VIEWER
    invited.refresh_from_db()
    assert invited.accepted_at is not None


@pytest.mark.parametrize("fate", ["revoked", "expired", "inviter demoted", "inviter gone", "inviter's account closed"])
def test_link_is_dead_after(cast: Cast, invited: Invitation, noa: User, fate: str) -> None:
    browser = Client()
    browser.force_login(noa)
    opened(link(), browser)
    match fate:
        case "revoked":
            signed_in(cast.ann).post(f"{LIST}{invited.pk}/revoke/")
        case "expired":
            Invitation.objects.update(expires_at=timezone.now())
        case "inviter demoted":
            Member.objects.filter(pk=cast.alice.pk).update(role=Role.DEVELOPER)
        case "inviter gone":
            Member.objects.filter(pk=cast.alice.pk).delete()
        case _:
            User.objects.filter(pk=cast.alice.user_id).update(is_active=False)

    for response in (browser.get(PAGE), browser.post(PAGE)):
        assert (response.status_code, heading(response)) == (410, "This invitation does not work")
    assert not noa.memberships.exists()


def test_owner_that_was_promised_by_a_former_owner_is_not_made(cast: Cast, noa: User) -> None:
    send(cast.alice, role="owner")
    Member.objects.filter(pk=cast.alice.pk).update(role=Role.ADMIN)
    browser = Client()
    browser.force_login(noa)

    assert opened(link(), browser).post(PAGE).status_code == 410


def test_sending_again_kills_the_old_link_and_makes_it_ones_own(cast: Cast, invited: Invitation, noa: User) -> None:
    old = link()
    browser = Client()
    browser.force_login(noa)
    opened(old, browser)
    Member.objects.filter(pk=cast.alice.pk).update(role=Role.VIEWER)
    Invitation.objects.update(expires_at=timezone.now())
    assert texts(signed_in(cast.ann).get(LIST), "td[data-label=State] .status-word") == ["Expired"]

    signed_in(cast.ann).post(f"{LIST}{invited.pk}/resend/")

    assert link() != old
    assert browser.get(PAGE).status_code == 410
    assert browser.post(PAGE).status_code == 410
    assert Client().get(old).status_code == 410
    opened(link(), browser).post(PAGE)
    assert noa.memberships.get().role == Role.DEVELOPER


def test_mail_server_that_is_away_loses_no_invitation(cast: Cast) -> None:
    browser = signed_in(cast.alice)
    with patch("django.core.mail.message.EmailMessage.send", side_effect=smtplib.SMTPServerDisconnected):
        page = browser.post(NEW, {"email": ADDRESS, "role": "viewer", "grants": "none"}, follow=True)
    assert "the mail server did not take the mail" in words(one(page, ".toast"))
    assert texts(page, "td[data-label=State] .status-word") == ["Not sent"]

    after = browser.post(f"{LIST}{Invitation.objects.get().pk}/resend/", follow=True)

    assert "on its way" in words(one(after, ".toast"))
    assert texts(after, "td[data-label=State] .status-word") == ["Waiting"]


@pytest.mark.parametrize("name", ["dan", "ines", "vic"])
def test_those_who_do_not_manage_members_neither_see_nor_send(cast: Cast, invited: Invitation, name: str) -> None:
    browser = signed_in(cast.member(name))
    answers = [browser.get(LIST), browser.get(NEW), browser.post(NEW, {"email": "x@example.com", "role": "viewer"})]
    answers += [browser.post(f"{LIST}{invited.pk}/{act}/") for act in ("resend", "revoke")]

    for response in answers:
        assert response.status_code == 403
        assert "manage members" in words(one(response, ".plain-lead"))
    invited.refresh_from_db()
    assert invited.revoked_at is None
    assert not has(browser.get("/team/"), f"a[href='{LIST}'], a[href='{NEW}']")


def test_admin_neither_invites_owners_nor_touches_such_invitations(cast: Cast) -> None:
    send(cast.alice, role="owner")
    sent = Invitation.objects.get()
    browser = signed_in(cast.ann)

    assert browser.post(NEW, {"email": "x@example.com", "role": "owner", "grants": "none"}).status_code == 422
    assert browser.post(f"{LIST}{sent.pk}/resend/").status_code == 403
    assert browser.post(f"{LIST}{sent.pk}/revoke/").status_code == 403
    assert not has(browser.get(LIST), "form[action$='/resend/'], form[action$='/revoke/']")


def test_invitation_of_another_team_is_404(cast: Cast, invited: Invitation) -> None:
    browser = signed_in(cast.sam)

    assert [browser.post(f"{LIST}{invited.pk}/{act}/").status_code for act in ("resend", "revoke")] == [404, 404]
    assert ADDRESS not in browser.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "a@example.com\nBcc: b@example.com"}, "email"),
        ({"email": "a\0@example.com"}, "email"),
        ({"email": "😀@example.com"}, "email"),
        ({"email": "a@exämple.com"}, "email"),
        ({"email": "a" * 300 + "@example.com"}, "email"),
        ({"email": "ALICE@example.com"}, "email"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"grants": "all"}, "grants"),
        ({"role": "installer", "grants": "chosen"}, "grants"),
        ({"role": "installer", "grants": "all", "until": "2020-01-01"}, "until"),
        ({"role": "installer", "grants": "all", "until": "soon"}, "until"),
        ({"role": "installer", "grants": "all", "devices_limit": "0"}, "devices_limit"),
        ({"role": "installer", "grants": "all", "devices_limit": "9" * 30}, "devices_limit"),
        ({"role": "installer", "grants": "all", "note": "n" * 201}, "note"),
    ],
)
def test_unusable_input_is_refused_at_its_field(cast: Cast, typed: dict[str, str], field: str) -> None:
    response = send(cast.alice, **typed)

    assert response.status_code == 422
    assert has(response, f"#id_{field}_note.field-error")
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_grant_for_a_template_of_another_team_is_refused(cast: Cast, other_template: Template) -> None:
    response = send(cast.alice, role="installer", grants="chosen", templates=[other_template.template_id])

    assert response.status_code == 404
    assert send(cast.alice, role="installer", grants="chosen", templates=["\0"]).status_code == 404
    assert not Invitation.objects.exists()


def test_sending_twice_makes_one_invitation(cast: Cast, invited: Invitation) -> None:
    response = send(cast.alice, email="NOA@Example.com ")

    assert response.status_code == 422
    assert "Send that one again" in words(one(response, "#id_email_note"))
    assert len(mail.outbox) == 1


def test_number_of_waiting_invitations_has_a_limit(cast: Cast, invited: Invitation, settings: Settings) -> None:
    settings.WAITING_INVITATIONS_PER_TEAM = 1

    response = send(cast.alice, email="x@example.com")

    assert response.status_code == 422
    assert "Revoke some" in words(one(response, ".form-errors"))


def test_grants_of_what_is_gone_or_over_are_not_given(cast: Cast, template: Template) -> None:
    gone = Template.objects.create(team=cast.team, template_id="TMPLgone12345", name="Gone", board="esp32")
    chosen = [template.template_id, gone.template_id]
    send(cast.alice, role="installer", grants="chosen", templates=chosen)
    gone.delete()
    opened_in = opened(link())
    opened_in.post(PAGE, PASSWORDS)
    assert [grant.template_id for grant in Grant.objects.all()] == [template.template_id]

    send(cast.alice, email="x@example.com", role="installer", grants="all", until="2099-01-01")
    sent = Invitation.objects.get(email="x@example.com")
    sent.grants[0]["until_at"] = (timezone.now() - timedelta(days=1)).isoformat()
    sent.save()
    opened(link()).post(PAGE, PASSWORDS)
    assert not Grant.objects.filter(member__user__email="x@example.com").exists()


@pytest.mark.parametrize("mode", list(SignUp))
def test_sign_up_by_invitation_follows_the_setting(
    cast: Cast, invited: Invitation, settings: Settings, mode: SignUp
) -> None:
    settings.SIGN_UP = mode
    browser = opened(link())
    page = browser.get(PAGE)

    browser.post(PAGE, PASSWORDS)

    assert heading(page) == ("Sign-up is closed" if mode is SignUp.CLOSED else "Join Greenhouse")
    assert User.objects.filter(email=ADDRESS).exists() == (mode is not SignUp.CLOSED)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password1": "", "password2": ""}, "password1"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "password123", "password2": "password123"}, "password1"),
        ({"password1": PASSWORD, "password2": "another one, long"}, "password2"),
        ({"password1": "nul\0 in the password", "password2": "nul\0 in the password"}, "password1"),
    ],
)
def test_unusable_password_makes_no_account(cast: Cast, invited: Invitation, typed: dict[str, str], field: str) -> None:
    response = opened(link()).post(PAGE, typed)

    assert response.status_code == 422
    assert has(response, f"#id_{field}_note.field-error")
    assert not User.objects.filter(email=ADDRESS).exists()


def test_ordinary_sign_up_of_the_invited_makes_no_stray_team(cast: Cast, invited: Invitation) -> None:
    browser = opened(link())

    browser.post("/accounts/signup/", {"email": ADDRESS} | PASSWORDS)

    assert not User.objects.get(email=ADDRESS).memberships.exists()
    assert has(browser.get("/team/start/"), f"a[href='{PAGE}']")
    browser.post(PAGE)
    assert User.objects.get(email=ADDRESS).memberships.get().team == cast.team


@pytest.mark.parametrize("secret", ["x", "lfi_", "lfi_" + "x" * 28, "lfk_" + "0" * 28, "%00", "😀"])
def test_what_is_no_link_of_ours_is_404(db: None, secret: str) -> None:
    assert Client().get(f"/invitation/{secret}/").status_code == 404


def test_unknown_link_and_no_link_say_what_to_do(db: None) -> None:
    assert Client().get(f"/invitation/{new_secret(INVITATION_PREFIX)}/").status_code == 410
    assert Client().get(PAGE).status_code == 410
    assert "no-store" in Client().get(PAGE)["Cache-Control"], "Chromium keeps a 410 for good."
    assert Client().post(PAGE, PASSWORDS).status_code == 410


def test_wrong_methods_and_missing_tokens_are_refused(cast: Cast, invited: Invitation) -> None:
    assert Client().post(link()).status_code == 405
    assert Client().get(SWITCH).status_code == 405
    assert signed_in(cast.alice).get(f"{LIST}{invited.pk}/revoke/").status_code == 405
    careful = Client(enforce_csrf_checks=True)
    assert opened(link(), careful).post(PAGE, PASSWORDS).status_code == 403
    assert careful.post(SWITCH).status_code == 403


def test_list_shows_every_state_and_costs_the_same_for_many(cast: Cast, template: Template) -> None:
    for number in range(4):
        send(cast.alice, email=f"n{number}@example.com")
    first, second, third, _waiting = Invitation.objects.order_by("pk")
    Invitation.objects.filter(pk=first.pk).update(accepted_at=timezone.now())
    signed_in(cast.ann).post(f"{LIST}{second.pk}/revoke/")
    Invitation.objects.filter(pk=third.pk).update(inviter=None)
    page = signed_in(cast.ann).get(LIST)

    assert texts(page, "td[data-label=State] .status-word") == ["Waiting", "On hold", "Revoked", "Accepted"]
    assert len(texts(page, "form[action$='/revoke/']")) == 2
    assert signed_in(cast.ann).post(f"{LIST}{first.pk}/revoke/", follow=True).status_code == 200
    first.refresh_from_db()
    assert first.revoked_at is None
    signed_in(cast.ann).post(f"{LIST}{second.pk}/revoke/")
    assert AuditEntry.objects.filter(kind="invitation.revoked").count() == 1
