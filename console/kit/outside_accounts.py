"""Accounts elsewhere that people may sign in with, from the environment: GitHub, Google, an OpenID Connect provider.

A provider without its variables does not exist: no button, no address, no app.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

OIDC_ID = "sso"
"""The provider's part of its addresses: `/accounts/oidc/sso/login/`."""


@dataclass(slots=True)
class OutsideAccounts:
    """`apps` for INSTALLED_APPS, `providers` for allauth, `origins` that a sign-in form may lead to."""

    apps: list[str] = field(default_factory=list)
    providers: dict[str, Any] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)


def outside_accounts(env: environ.Env) -> OutsideAccounts:
    """What is set. Raises ImproperlyConfigured for a client id without its secret, or an issuer without a client id."""
    found = OutsideAccounts()
    github = env.str("GITHUB_CLIENT_ID", default=""), env.str("GITHUB_CLIENT_SECRET", default="")
    google = env.str("GOOGLE_CLIENT_ID", default=""), env.str("GOOGLE_CLIENT_SECRET", default="")
    house = env.str("OIDC_CLIENT_ID", default=""), env.str("OIDC_CLIENT_SECRET", default="")
    issuer = env.str("OIDC_ISSUER", default="").rstrip("/")
    if _is_given("GITHUB", github):
        _add(found, "github", github, "https://github.com", SCOPE=["user:email"])
    if _is_given("GOOGLE", google):
        _add(found, "google", google, "https://accounts.google.com", SCOPE=["profile", "email"])
    if _is_given("OIDC", house) != bool(issuer):
        raise ImproperlyConfigured("Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, all or none.")
    if issuer:
        _add(found, "openid_connect", house, env.str("OIDC_SIGN_IN_ORIGIN", default="") or _origin(issuer))
        found.providers["openid_connect"]["APPS"][0] |= {
            "provider_id": OIDC_ID,
            "name": env.str("OIDC_NAME", default="Single sign-on"),
            "settings": {"server_url": issuer},
        }
    return found


def _is_given(prefix: str, client: tuple[str, str]) -> bool:
    if any(client) and not all(client):
        raise ImproperlyConfigured(f"Set {prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET, both or neither.")
    return all(client)


def _add(found: OutsideAccounts, provider: str, client: tuple[str, str], origin: str, **more: Any) -> None:
    client_id, secret = client
    found.apps.append(f"allauth.socialaccount.providers.{provider}")
    found.providers[provider] = {"APPS": [{"client_id": client_id, "secret": secret}], **more}
    found.origins.append(origin)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ImproperlyConfigured("OIDC_ISSUER is an address, such as https://id.example.com/realms/main.")
    return f"{parts.scheme}://{parts.netloc}"
