"""Where sign-in meets Landfall: who may sign up, the team each person starts with, limits, and mail that may fail."""

import time
from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from console.kit import server_time
from console.kit.sign_up import SignUp
from console.teams import too_often
from console.teams.actions import sign_ins, teams
from console.teams.invitations import SESSION_KEY
from console.teams.models import Invitation, User

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """allauth's hooks."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That e-mail and that password do not go together.",
        "email_taken": "This address has an account already.",
        "too_many_login_attempts": "Too many failed sign-ins. Wait five minutes, or reset the password.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your current password.",
        "rate_limited": "That was too often. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone where sign-up is open. The invited have a page of their own, which their mail leads to."""
        return settings.SIGN_UP is SignUp.OPEN

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Keep the new person; with them, in the same transaction, the team they own."""
        with transaction.atomic():
            saved: User = super().save_user(request, user, form, commit=commit)
            if commit and not self._is_invited(request, saved):
                teams.start(user=saved)
        return saved

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sign_ins.signed_in(user=user)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            sign_ins.signed_out(user=user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.refused(email=str(credentials.get("email") or credentials.get("username") or ""))

    def set_password(self, user: User, password: str) -> None:
        with transaction.atomic():
            super().set_password(user, password)
            sign_ins.password_changed(user=user)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What refuses a form; a limit that is reached answers the whole request with 429 instead."""
        if code in too_often.CODES:
            raise ImmediateHttpResponse(too_often.answer(context.request, settings.SIGN_IN_WINDOW_SECONDS))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of those who have just signed in."""
        return super().is_reauthentication_required(app=app, **kwargs) and not _has_just_signed_in(context.request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to confirm that it is you, in our words."""
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": _METHODS[method["id"]]} for method in methods]

    @staticmethod
    def _is_invited(request: HttpRequest, user: User) -> bool:
        """Whether this browser came by the link of an invitation for this address: its team is the person's first."""
        opened = request.session.get(SESSION_KEY)
        return (
            bool(opened)
            and Invitation.objects.live(now=server_time.now())
            .filter(digest=bytes.fromhex(str(opened)), email=user.email)
            .exists()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, and say so on the page where the mail server does not take it: the page must not fail with it."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.error("mail.failed", template=template_prefix, error=type(error).__name__)
            if self.request is not None:
                messages.error(self.request, "The mail server does not answer, so no mail was sent. Try again later.")


_METHODS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


def _has_just_signed_in(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < account_settings.REAUTHENTICATION_TIMEOUT for record in records)
