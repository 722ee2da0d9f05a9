"""Signing people out of browsers."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from console.teams.actions import account_log
from console.teams.browser_names import browser_name
from console.teams.models import User


@transaction.atomic
def sign_out(*, session: UserSession, user: User) -> None:
    """End this sign-in of `user`'s: the browser's next request is a signed-out one."""
    session.end()
    account_log.tell(user=user, kind="browser.signed_out", subject=browser_name(session.user_agent), address=session.ip)


@transaction.atomic
def sign_out_others(*, user: User, but_key: str | None) -> int:
    """End every sign-in of `user`'s but the one with the session key `but_key`; return how many."""
    others = list(UserSession.objects.filter(user_id=user.pk).exclude(session_key=but_key or ""))
    for session in others:
        sign_out(session=session, user=user)
    return len(others)
