"""Making and revoking API keys."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from console.kit import server_time
from console.kit.problems import Conflict, Invalid, TooMany
from console.kit.text import is_invisible, unprintable
from console.kit.tokens import API_KEY_PREFIX, digest, hint, new_secret
from console.teams.actions import audit
from console.teams.models import ApiKey, Member
from console.teams.permissions import GRANTABLE_ROLES, Permission, Role

NAME_LIMIT = 80
DAYS_LIMIT = 3650


@dataclass(frozen=True, slots=True)
class Created:
    """An API key and its secret: the only time the secret is known. None for a repeated request."""

    key: ApiKey
    secret: str | None


def choosable(member: Member) -> tuple[Permission, ...]:
    """What a key of `member` may be given: what the role carries, and where grants do, to provision.

    For a member that a key acts as, only what that key was given.
    """
    is_granted = Role(member.role) in GRANTABLE_ROLES and member.lets(Permission.PROVISION)
    return tuple(
        permission
        for permission in Permission
        if member.may(permission) or (permission is Permission.PROVISION and is_granted)
    )


@transaction.atomic
def create(
    *,
    member: Member,
    name: str,
    permissions: Collection[str] | None = None,
    days: int | None = None,
    expires_at: datetime | None = None,
    request_id: UUID | None = None,
) -> Created:
    """A key that acts as `member`, within `permissions` (values of Permission) and what the role carries at each use.

    Without `permissions` it has all of the role, or of the key that asks. It expires after `days`, or at `expires_at`,
    else after API_KEY_LIFETIME_DAYS. A `request_id` seen before gives the key it made then, without its secret. Raises
    Invalid for a name, a permission or an expiry that is not usable, TooMany for a member who has many already,
    Conflict for a member who is gone.
    """
    cleaned = _clean(name)
    until = _expiry(days, expires_at)
    member.role = _role_now(member)
    earlier = member.api_keys.filter(request_id=request_id).first() if request_id else None
    if earlier:
        return Created(earlier, None)
    chosen = _chosen(member, permissions)
    if member.api_keys.live(now=server_time.now()).count() >= settings.API_KEYS_PER_MEMBER:
        raise TooMany(f"You have {settings.API_KEYS_PER_MEMBER} keys in use, which is the limit. Revoke some first.")
    secret = new_secret(API_KEY_PREFIX)
    key = ApiKey.objects.create(
        member=member,
        name=cleaned,
        digest=digest(secret),
        hint=hint(secret),
        permissions=chosen,
        expires_at=until,
        request_id=request_id,
    )
    told = {"hint": key.hint, "permissions": chosen, "expires_at": until.isoformat()}
    audit.record(team=member.team, by=member, kind="api_key.created", subject=cleaned, **told)
    key.refresh_from_db(fields=["created_at"])
    return Created(key, secret)


@transaction.atomic
def revoke(*, key: ApiKey, by: Member) -> bool:
    """Let nobody in with `key` any more, from its next call on. False when it was revoked already: nothing changes."""
    revoked = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(
        revoked_at=server_time.now(), revoked_by=by.label
    )
    if not revoked:
        return False
    audit.record(team=by.team, by=by, kind="api_key.revoked", subject=key.name, hint=key.hint, maker=key.member.label)
    return True


def _role_now(member: Member) -> str:
    """The role as it is: waits for a change of it that is under way, and makes the next one wait for the commit."""
    role = Member.objects.select_for_update().filter(pk=member.pk).values_list("role", flat=True).first()
    if role is None:
        raise Conflict("This person is no longer in the team, and no key was made.")
    return role


def _chosen(member: Member, permissions: Collection[str] | None) -> list[str] | None:
    """The values to keep, in the order of Permission; None for all that the role carries."""
    if permissions is None and member.narrowed_to is None:
        return None
    allowed = choosable(member)
    wanted = set(allowed if permissions is None else permissions)
    if not wanted:
        raise Invalid("Choose at least one permission.", field="permissions")
    refused = sorted(wanted - set(allowed))
    if refused:
        names = ", ".join(str(value)[:40] for value in refused[:3])
        raise Invalid(
            f"A key may do no more than who makes it. Not yours to give: {names}. "
            f"Yours: {', '.join(allowed) or 'none'}.",
            field="permissions",
        )
    return [permission.value for permission in allowed if permission in wanted]


def _expiry(days: int | None, at: datetime | None) -> datetime:
    now = server_time.now()
    if at is not None:
        if not now < at <= now + timedelta(days=DAYS_LIMIT):
            raise Invalid(f"A key expires in the future, within {DAYS_LIMIT} days.", field="expires_at")
        return at
    lifetime = settings.API_KEY_LIFETIME_DAYS if days is None else days
    if not 1 <= lifetime <= DAYS_LIMIT:
        raise Invalid(f"A key lives between 1 and {DAYS_LIMIT} days.", field="days")
    return now + timedelta(days=lifetime)


def _clean(name: str) -> str:
    cleaned = name.strip()
    if is_invisible(cleaned) or len(cleaned) > NAME_LIMIT:
        raise Invalid(f"Give the key a name of 1 to {NAME_LIMIT} characters.", field="name")
    if unprintable(cleaned):
        raise Invalid("The name has characters that cannot be shown, such as line breaks. Type it again.", field="name")
    return cleaned
