"""The browsers that a person is signed in with, their profile, and what asks who is there."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from console.teams.browser_names import browser_name
from console.teams.models import AuditEntry, User
from devices.models import Device
from tests.cast import PASSWORD, Cast, note_sign_in, signed_in
from tests.selectors import has, one, texts, words

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def browser_of(user: User, user_agent: str = FIREFOX) -> Client:
    browser = Client(headers={"user-agent": user_agent})
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


def session_of(browser: Client) -> UserSession:
    session: UserSession = UserSession.objects.get(session_key=browser.session.session_key)
    return session


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [(FIREFOX, "Firefox on Linux"), (CHROME, "Chrome on Windows"), ("", "An unknown browser"), ("curl/8", "curl")],
)
def test_browser_is_named(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


def test_page_lists_each_browser_this_one_first(cast: Cast) -> None:
    browser_of(cast.dan.user)
    page = browser_of(cast.dan.user, CHROME).get("/accounts/sessions/")
    assert texts(page, ".row .strong") == ["Chrome on Windows", "Firefox on Linux"]
    assert words(one(page, ".row:first-child .badge")) == "this browser"


def test_another_browser_is_signed_out(cast: Cast) -> None:
    here, there = browser_of(cast.dan.user), browser_of(cast.dan.user, CHROME)
    here.post(f"/accounts/sessions/{session_of(there).pk}/sign-out/")
    assert there.get("/overview/")["Location"].startswith("/accounts/login/")
    assert here.get("/overview/").status_code == 200
    assert AuditEntry.objects.filter(kind="browser.signed_out", subject="Chrome on Windows").exists()


def test_all_others_are_signed_out(cast: Cast) -> None:
    here, there, third = (browser_of(cast.dan.user) for _ in range(3))
    here.post("/accounts/sessions/sign-out-others/")
    assert [b.get("/overview/").status_code for b in (here, there, third)] == [200, 302, 302]


def test_this_browser_signs_itself_out(cast: Cast) -> None:
    here = browser_of(cast.dan.user)
    response = here.post(f"/accounts/sessions/{session_of(here).pk}/sign-out/")
    assert response["Location"] == "/accounts/login/"
    assert here.get("/overview/").status_code == 302


def test_nobody_signs_out_somebody_else(cast: Cast) -> None:
    there = browser_of(cast.dan.user)
    assert signed_in(cast.alice).post(f"/accounts/sessions/{session_of(there).pk}/sign-out/").status_code == 404
    assert there.get("/overview/").status_code == 200


def test_signing_in_takes_no_session_that_was_there_before(cast: Cast) -> None:
    browser = Client()
    browser.get("/accounts/login/")
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    before = str(session.session_key)
    browser.cookies["sessionid"] = before
    browser.post("/accounts/login/", {"login": cast.dan.user.email, "password": PASSWORD})
    assert browser.session.session_key != before


def test_sign_in_and_failure_are_in_the_audit_log_of_each_team(cast: Cast) -> None:
    browser_of(cast.dan.user)
    Client().post("/accounts/login/", {"login": cast.dan.user.email, "password": "wrong"})
    Client().post("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"})
    rows = AuditEntry.objects.filter(kind__startswith="sign_in.").order_by("pk").values_list("team_id", "kind", "actor")
    assert list(rows) == [(cast.team.pk, "sign_in.done", "Dan"), (cast.team.pk, "sign_in.refused", "Dan")]


def test_name_is_changed(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    browser.post("/accounts/profile/", {"name": "  Daniel ☃  "})
    cast.dan.user.refresh_from_db()
    assert cast.dan.user.name == "Daniel ☃"


@pytest.mark.parametrize("name", ["x" * 81, "a\x00b", "\u200b", "a\nb"])
def test_name_that_cannot_be_shown_is_refused(cast: Cast, name: str) -> None:
    response = signed_in(cast.dan).post("/accounts/profile/", {"name": name})
    assert response.status_code == 422
    assert has(response, "#id_name_note.field-error")


def test_deleting_asks_whoever_signed_in_a_while_ago_and_then_goes_on(cast: Cast, device: Device) -> None:
    browser = signed_in(cast.dan)
    note_sign_in(browser, cast.dan.user, at=time.time() - 600)
    place = f"/devices/{device.pk}/delete/"
    asked = browser.post(place, {"confirm": device.name})
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert Device.objects.filter(pk=device.pk).exists()
    wrong = browser.post("/accounts/reauthenticate/", {"password": "wrong", "next": place})
    assert "That is not your password" in words(one(wrong, "#id_password_note"))

    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": place})

    assert not Device.objects.filter(pk=device.pk).exists()


def test_confirmation_leads_to_no_other_host(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    sent = {"password": PASSWORD, "next": "https://evil.example/"}
    assert browser.post("/accounts/reauthenticate/", sent)["Location"] == "/overview/"
