"""Sign-in, sign-up, passwords and addresses, in Landfall's look and words."""

import re
import smtplib
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import Settings

from console.kit.sign_up import SignUp, sign_up
from console.teams.models import User
from console.teams.permissions import Role
from tests.cast import PASSWORD, Cast, make_user, signed_in
from tests.selectors import has, one, texts, words

NEW_PASSWORD = "quite another password"
SIGN_UP = {"email": "noa@example.com", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def fresh_rate_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def noa(db: None) -> User:
    user = make_user("noa")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def link_in_mail() -> str:
    (sent,) = mail.outbox
    found = re.search(r"http://testserver(\S+)", str(sent.body))
    assert found
    return found[1]


@pytest.mark.parametrize("name", ["login", "signup", "password/reset", "password/reset/done", "inactive"])
def test_signed_out_page_is_in_the_consoles_look(client: Client, db: None, name: str) -> None:
    response = client.get(f"/accounts/{name}/")

    assert response.status_code == 200
    assert has(response, ".plain-card h1")
    assert not has(response, "style, script:not([src]), [style], main [placeholder]")


@pytest.mark.parametrize("name", ["email", "password/change", "logout", "reauthenticate"])
def test_signed_in_page_is_in_the_consoles_look(cast: Cast, name: str) -> None:
    browser = signed_in(cast.vic)

    response = browser.get(f"/accounts/{name}/")

    assert response.status_code == 200
    assert has(response, "h1")
    assert not has(response, "style, script:not([src]), [style], main [placeholder]")


@pytest.mark.parametrize("name", ["email", "password/change"])
def test_account_pages_are_for_the_signed_in(client: Client, db: None, name: str) -> None:
    assert "/accounts/login/" in client.get(f"/accounts/{name}/")["Location"]


def test_account_page_shows_the_team_in_the_navigation(cast: Cast) -> None:
    assert words(one(signed_in(cast.vic).get("/accounts/email/"), ".rail-team .truncate")) == "Greenhouse"


def test_sign_in_leads_to_the_overview(client: Client, cast: Cast) -> None:
    response = client.post("/accounts/login/", {"login": "Alice@Example.com", "password": PASSWORD})

    assertRedirects(response, "/overview/")


def test_sign_in_leads_on_to_where_the_person_wanted_to_go(client: Client, cast: Cast) -> None:
    page = client.get("/accounts/login/?next=/team/")
    assert one(page, "input[name=next]")["value"] == "/team/"

    response = client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD, "next": "/team/"})

    assertRedirects(response, "/team/")


def test_sign_in_leads_to_no_other_host(client: Client, cast: Cast) -> None:
    typed = {"login": "alice@example.com", "password": PASSWORD, "next": "https://example.net/"}

    assertRedirects(client.post("/accounts/login/", typed), "/overview/")


@pytest.mark.parametrize("login", ["alice@example.com", "nobody@example.com"])
def test_failed_sign_in_does_not_say_whether_the_account_exists(client: Client, cast: Cast, login: str) -> None:
    response = client.post("/accounts/login/", {"login": login, "password": "wrong"})

    assert texts(response, ".form-errors p") == ["That e-mail and that password do not go together."]


def test_sixth_failed_sign_in_has_to_wait(client: Client, cast: Cast) -> None:
    for _ in range(6):
        response = client.post("/accounts/login/", {"login": "alice@example.com", "password": "wrong"})

    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    assert "Wait 5 minutes" in words(one(response, ".plain-lead"))


def test_rate_limit_answers_with_a_page(client: Client, db: None, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    client.post("/accounts/password/reset/", {"email": "a@example.com"})

    response = client.post("/accounts/password/reset/", {"email": "b@example.com"})

    assert response.status_code == 429
    assert words(one(response, "h1")) == "That was too often"


def test_sign_up_makes_a_team_that_the_person_owns(client: Client, db: None) -> None:
    response = client.post("/accounts/signup/", SIGN_UP)

    assertRedirects(response, "/overview/")
    member = User.objects.get(email="noa@example.com").memberships.get()
    assert (member.role, member.team.name) == (Role.OWNER, "noa's team")


def test_sign_up_mail_is_in_plain_words(client: Client, db: None) -> None:
    client.post("/accounts/signup/", SIGN_UP)

    (sent,) = mail.outbox
    assert sent.subject == "Landfall: confirm your e-mail address"
    assert str(sent.body).startswith("Welcome to Landfall.")


def test_sign_up_does_not_fail_with_the_mail_server(client: Client, db: None) -> None:
    with patch("django.core.mail.message.EmailMessage.send", side_effect=smtplib.SMTPServerDisconnected):
        response = client.post("/accounts/signup/", SIGN_UP, follow=True)

    assert response.status_code == 200
    assert any("mail server does not answer" in text for text in texts(response, ".toast"))
    assert User.objects.filter(email="noa@example.com").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password2": "something else"}, "password2"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "password123", "password2": "password123"}, "password1"),
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
    ],
)
def test_refused_sign_up_says_so_at_its_field(client: Client, db: None, change: dict[str, str], field: str) -> None:
    response = client.post("/accounts/signup/", SIGN_UP | change)

    assert has(response, f"#id_{field}_note.field-error")
    assert not User.objects.exists()


def test_taken_address_is_refused_at_its_field(client: Client, noa: User) -> None:
    response = client.post("/accounts/signup/", SIGN_UP)

    assert words(one(response, "#id_email_note")) == "This address has an account already."


def test_where_addresses_must_be_confirmed_a_taken_one_is_told_by_mail_only(
    client: Client, noa: User, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"

    response = client.post("/accounts/signup/", SIGN_UP, follow=True)

    assert words(one(response, "h1")) == "Look in your mail"
    (sent,) = mail.outbox
    assert sent.subject == "Landfall: you have an account already"


@pytest.mark.parametrize(
    ("mode", "heading"),
    [(SignUp.CLOSED, "Sign-up is closed"), (SignUp.INVITATION, "Sign-up is by invitation")],
)
def test_closed_sign_up_says_who_to_ask(
    client: Client, db: None, settings: Settings, mode: SignUp, heading: str
) -> None:
    settings.SIGN_UP = mode

    assert words(one(client.get("/accounts/signup/"), "h1")) == heading
    assert words(one(client.post("/accounts/signup/", SIGN_UP), "h1")) == heading
    assert not has(client.get("/accounts/login/"), ".plain-below a")
    assert not has(client.get("/"), "a[href='/accounts/signup/']")
    assert not User.objects.exists()


def test_unknown_word_for_sign_up_is_refused_at_the_start() -> None:
    assert sign_up(" Invitation ") is SignUp.INVITATION
    with pytest.raises(ImproperlyConfigured, match="open, invitation or closed"):
        sign_up("perhaps")


def test_lost_password_is_replaced_through_the_mail(client: Client, noa: User) -> None:
    assertRedirects(client.post("/accounts/password/reset/", {"email": noa.email}), "/accounts/password/reset/done/")
    assert mail.outbox[0].subject == "Landfall: choose a new password"
    form = client.get(link_in_mail(), follow=True)
    action = str(one(form, "form")["action"])

    done = client.post(action, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)

    assert words(one(done, "h1")) == "Your password is changed"
    noa.refresh_from_db()
    assert noa.check_password(NEW_PASSWORD)


def test_used_reset_link_says_that_it_no_longer_works(client: Client, noa: User) -> None:
    client.post("/accounts/password/reset/", {"email": noa.email})
    noa.set_password(NEW_PASSWORD)
    noa.save()

    response = client.get(link_in_mail(), follow=True)

    assert words(one(response, "h1")) == "This link no longer works"


def test_reset_for_an_unknown_address_looks_the_same(client: Client, db: None) -> None:
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})

    assertRedirects(response, "/accounts/password/reset/done/")
    assert mail.outbox[0].subject == "Landfall: no account with this address"


def test_password_is_changed_with_the_current_one(client: Client, noa: User) -> None:
    client.force_login(noa)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    noa.refresh_from_db()
    assert noa.check_password(NEW_PASSWORD)


def test_password_is_not_changed_with_a_wrong_one(client: Client, noa: User) -> None:
    client.force_login(noa)

    response = client.post(
        "/accounts/password/change/",
        {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert "not your current password" in words(one(response, "#id_oldpassword_note"))


def test_second_address_is_added_confirmed_and_made_primary(client: Client, cast: Cast, noa: User) -> None:
    client.force_login(cast.vic.user)
    client.post("/accounts/email/", {"action_add": "", "email": "vic@example.net"})
    link = link_in_mail()
    assert words(one(client.get(link), "h1")) == "Confirm your address"
    client.post(link)

    client.post("/accounts/email/", {"action_primary": "", "email": "vic@example.net"})

    cast.vic.user.refresh_from_db()
    assert cast.vic.user.email == "vic@example.net"


def test_unknown_confirmation_link_says_that_it_no_longer_works(client: Client, db: None) -> None:
    assert words(one(client.get("/accounts/confirm-email/nonsense/"), "h1")) == "This link no longer works"


def test_sign_out_asks_on_get_and_signs_out_on_post(cast: Cast) -> None:
    browser = signed_in(cast.vic)
    assert has(browser.get("/accounts/logout/"), "form[action='/accounts/logout/']")

    assertRedirects(browser.post("/accounts/logout/"), "/")
    assert "/accounts/login/" in browser.get("/overview/")["Location"]


def test_signing_out_takes_along_what_pages_have_put_aside_in_the_browser(cast: Cast) -> None:
    browser = signed_in(cast.vic)
    assert "Clear-Site-Data" not in browser.get("/accounts/logout/").headers
    assert browser.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'


def test_where_addresses_must_be_confirmed_nobody_comes_in_before(client: Client, db: None, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sent = {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]}
    client.post("/accounts/signup/", SIGN_UP)
    assert Client().post("/accounts/login/", sent)["Location"] == "/accounts/confirm-email/"
    assert "/accounts/login/" in client.get("/overview/")["Location"]

    client.post(link_in_mail())

    browser = Client()
    assert browser.post("/accounts/login/", sent)["Location"] == "/overview/"
    assert browser.get("/overview/").status_code == 200
