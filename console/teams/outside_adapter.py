"""Signing in with an account elsewhere: a new person gets a team, and an address that exists is never taken over."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.http import HttpRequest

from console.kit import server_time
from console.kit.text import unprintable
from console.teams.actions import teams
from console.teams.actions.people import NAME_LIMIT
from console.teams.models import User


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """allauth's hooks. An account elsewhere with the address of a person here does not sign in as that person."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": "This address has an account here already. Sign in to it, then connect %s under Account.",
        "no_password": "Set a password first: without it you could not sign in any more.",
        "no_verified_email": "Confirm your e-mail address first: without it you could not sign in any more.",
        "disconnect_last": "This is the last way you sign in. Set a password first.",
        "connected_other": "That account is connected to another person here.",
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Only `true` means verified: some providers send the word."""
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True

    def new_user(self, request: HttpRequest, sociallogin: Any) -> User:
        """A person who is not kept yet: allauth writes them into the session, for which each field needs a value."""
        user: User = super().new_user(request, sociallogin)
        user.joined_at = server_time.now()
        return user

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        given = " ".join(str(data.get(part) or "") for part in ("first_name", "last_name")).strip()
        name = str(data.get("name") or given)[:NAME_LIMIT].strip()
        user.name = "" if unprintable(name) else name
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Keep the new person; with them, in the same transaction, the team they own."""
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            if form is None:
                teams.start(user=user)
        return user
