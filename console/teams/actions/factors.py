"""What happens to second factors beyond what allauth keeps: no code counts twice, and a way back for the locked out."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction

from console.teams import factors
from console.teams.actions import account_log
from console.teams.models import User

LAST_STEP = "last_step"


@transaction.atomic
def spend(*, authenticator: Authenticator, code: str) -> bool:
    """Whether `code`, which fits, is of a later half minute than any that was used (RFC 6238, 5.2); it is used now.

    The row is what remembers, so that it holds while Redis is away, and for two attempts at once.
    """
    locked = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = factors.unsealed(locked.data["secret"])
    fitting = [
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    ]
    if not fitting or max(fitting) <= locked.data.get(LAST_STEP, -1):
        return False
    _remember(locked, max(fitting))
    authenticator.data = locked.data
    return True


@transaction.atomic
def begin_spent(*, authenticator: Authenticator) -> None:
    """The code that set up an authenticator app, and those before it, do not sign in."""
    locked = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    steps = list(yield_hotp_counters_from_time())
    _remember(locked, steps[len(steps) // 2])


def _remember(authenticator: Authenticator, step: int) -> None:
    authenticator.data[LAST_STEP] = step
    authenticator.save(update_fields=["data"])


@transaction.atomic
def remove_all(*, user: User) -> int:
    """Take every factor off `user`, who has lost them; return how many there were."""
    count: int = Authenticator.objects.filter(user_id=user.pk).count()
    Authenticator.objects.filter(user_id=user.pk).delete()
    if count:
        account_log.tell(user=user, kind="factor.all_removed", subject=user.email)
    return count
