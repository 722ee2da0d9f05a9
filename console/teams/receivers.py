"""What allauth tells by signals, translated into actions. No rule lives here."""

from typing import Any

from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as outside_signals

from console.teams.actions import account_log, factors
from console.teams.models import User

_WORDS = {
    Authenticator.Type.TOTP: "Authenticator app",
    Authenticator.Type.RECOVERY_CODES: "Recovery codes",
}


def connect() -> None:
    """Called once, when the apps are ready."""
    factor_signals.authenticator_added.connect(_factor_added)
    factor_signals.authenticator_removed.connect(_factor_removed)
    factor_signals.authenticator_reset.connect(_codes_made)
    factor_signals.authenticator_used.connect(_factor_used)
    factor_signals.authentication_failed.connect(_factor_failed)
    outside_signals.social_account_added.connect(_connection_added)
    outside_signals.social_account_removed.connect(_connection_removed)


def _name(authenticator: Authenticator) -> str:
    return _WORDS.get(authenticator.type) or str(authenticator)


def _factor_failed(user: User, **_: Any) -> None:
    account_log.tell(user=user, kind="sign_in.factor_refused", subject=user.email)


def _factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        factors.begin_spent(authenticator=authenticator)
    account_log.tell(user=user, kind="factor.added", subject=_name(authenticator))


def _factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    account_log.tell(user=user, kind="factor.removed", subject=_name(authenticator))


def _codes_made(user: User, **_: Any) -> None:
    account_log.tell(user=user, kind="recovery_codes.made", subject=user.email)


def _factor_used(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        account_log.tell(user=user, kind="recovery_code.used", subject=user.email)


def _connection_added(sociallogin: Any, **_: Any) -> None:
    account_log.tell(user=sociallogin.user, kind="connection.added", subject=sociallogin.account.provider)


def _connection_removed(socialaccount: Any, **_: Any) -> None:
    account_log.tell(user=socialaccount.user, kind="connection.removed", subject=socialaccount.provider)
