"""Signing in with an account elsewhere, against a provider of our own that speaks OpenID Connect."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import clear_url_caches, include, path
from pytest_django.fixtures import Settings

import console.urls
from console.kit.outside_accounts import outside_accounts
from console.kit.sign_up import SignUp
from console.teams.models import AuditEntry, User
from tests.cast import PASSWORD, Cast, signed_in
from tests.selectors import has, texts

NOBODY: dict[str, Any] = {"sub": "1", "email": "noa@example.com", "email_verified": True, "name": "Noa"}


class Provider(HTTPServer):
    """Says of everybody who comes what `claims` are."""

    claims: dict[str, Any]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing: tests read what they need."""

    def do_GET(self) -> None:
        here = self.server.address
        known = {
            "/.well-known/openid-configuration": {
                "issuer": here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo",
                "jwks_uri": f"{here}/jwks",
            },
            "/userinfo": self.server.claims,
        }
        self._say(known[urlsplit(self.path).path])

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "x", "token_type": "Bearer"})

    def _say(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _listening() -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), _Answers)
    server.claims = dict(NOBODY)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A running provider that this Landfall is set up with, as OIDC_ISSUER does at a start."""
    with _listening() as server:
        app = {"client_id": "c", "secret": "s", "provider_id": "sso", "name": "House", "settings": {}}
        app["settings"] = {"server_url": server.address}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        registry.get_class_list()
        monkeypatch.setitem(registry.provider_map, OpenIDConnectProvider.id, OpenIDConnectProvider)
        addresses = path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls"))
        monkeypatch.setattr(console.urls, "urlpatterns", [*console.urls.urlpatterns, addresses])
        clear_url_caches()
        yield server
    clear_url_caches()


def go(browser: Client, process: str = "login") -> Any:
    """Go to the provider and come back."""
    there = browser.post(f"/accounts/oidc/sso/login/?process={process}")
    asked = parse_qs(urlsplit(there["Location"]).query)
    return browser.get("/accounts/oidc/sso/login/callback/", {"code": "c", "state": asked["state"][0]}, follow=True)


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_button_is_there_and_a_new_person_gets_a_team(db: None, provider: Provider) -> None:
    browser = Client()
    assert "Sign in with House" in browser.get("/accounts/login/").text

    go(browser)

    noa = User.objects.get(email="noa@example.com")
    assert is_signed_in(browser)
    assert (noa.name, noa.memberships.get().team.name) == ("Noa", "noa's team")
    assert not noa.has_usable_password()
    assert AuditEntry.objects.filter(kind="sign_in.done", actor="Noa").exists()


@pytest.mark.parametrize("verified", [True, False, "false", "true", None])
def test_address_of_a_person_here_is_never_taken_over(cast: Cast, provider: Provider, verified: object) -> None:
    provider.claims |= {"email": "alice@example.com", "email_verified": verified}
    browser = Client()

    go(browser)

    assert not is_signed_in(browser)
    assert not SocialAccount.objects.exists()
    refused = browser.post("/accounts/3rdparty/signup/", {"email": "alice@example.com"})
    assert not is_signed_in(browser)
    assert refused.status_code in {200, 302}
    assert cast.alice.user.check_password(PASSWORD)


def test_word_for_true_verifies_no_address(db: None, provider: Provider) -> None:
    provider.claims |= {"email_verified": "true"}
    go(Client())
    assert not EmailAddress.objects.get(email="noa@example.com").verified


def test_closed_sign_up_is_closed_to_accounts_elsewhere(db: None, provider: Provider, settings: Settings) -> None:
    settings.SIGN_UP = SignUp.CLOSED
    browser = Client()
    page = go(browser)
    assert not is_signed_in(browser)
    assert "Sign-up is closed" in texts(page, "h1")


def test_account_is_connected_signs_in_and_is_disconnected(cast: Cast, provider: Provider) -> None:
    browser = signed_in(cast.dan)
    provider.claims |= {"email": "elsewhere@example.net"}
    assert has(go(browser, "connect"), ".row")
    other = Client()
    go(other)
    assert other.session["_auth_user_id"] == str(cast.dan.user_id)

    account = SocialAccount.objects.get()
    browser.post("/accounts/3rdparty/", {"account": account.pk})

    assert not SocialAccount.objects.exists()
    kinds = set(AuditEntry.objects.values_list("kind", flat=True))
    assert {"connection.added", "connection.removed"} <= kinds


def test_account_of_somebody_else_is_not_connected(cast: Cast, provider: Provider) -> None:
    go(signed_in(cast.dan), "connect")
    go(signed_in(cast.alice), "connect")
    assert SocialAccount.objects.get().user_id == cast.dan.user_id


def test_person_who_was_switched_off_does_not_come_in(cast: Cast, provider: Provider) -> None:
    go(signed_in(cast.dan), "connect")
    User.objects.filter(pk=cast.dan.user_id).update(is_active=False)
    browser = Client()
    go(browser)
    assert not is_signed_in(browser)


def test_answer_that_nobody_asked_for_signs_nobody_in(db: None, provider: Provider) -> None:
    browser = Client()
    page = browser.get("/accounts/oidc/sso/login/callback/", {"code": "c", "state": "made up"})
    assert "That did not work" in texts(page, "h1")
    assert not is_signed_in(browser)


def test_without_variables_there_is_nothing(db: None) -> None:
    assert outside_accounts(environ.Env()).apps == []
    assert "Sign in with House" not in Client().get("/accounts/login/").text
    assert Client().get("/accounts/github/login/").status_code == 404


@pytest.mark.parametrize("half", ["GITHUB_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "OIDC_ISSUER"])
def test_half_a_set_of_variables_is_refused(monkeypatch: pytest.MonkeyPatch, half: str) -> None:
    monkeypatch.setenv(half, "https://id.example.com")
    with pytest.raises(ImproperlyConfigured):
        outside_accounts(environ.Env())


SHOW = """
import django; django.setup()
from django.conf import settings; from django.urls import reverse
print(reverse("github_login"), reverse("google_login"), reverse("openid_connect_login", args=["sso"]))
print(settings.SECURE_CSP["form-action"])
"""


def test_variables_turn_each_provider_on() -> None:
    variables = {f"{name}_CLIENT_{part}": "x" for name in ("GITHUB", "GOOGLE", "OIDC") for part in ("ID", "SECRET")}
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env=os.environ
        | variables
        | {"OIDC_ISSUER": "https://id.example.com/realms/main", "DJANGO_SETTINGS_MODULE": "console.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "/accounts/github/login/ /accounts/google/login/ /accounts/oidc/sso/login/" in done.stdout
    for origin in ("https://github.com", "https://accounts.google.com", "https://id.example.com"):
        assert origin in done.stdout
