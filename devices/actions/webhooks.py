"""Webhooks of a team: make, change, give another secret, delete; try one, and send a delivery again."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from console.kit import server_time
from console.kit.outgoing import checked_url
from console.kit.problems import Conflict, Invalid, TooMany
from console.kit.text import is_invisible, unprintable
from console.teams.actions import audit
from console.teams.models import Member
from devices.models import Delivery, Webhook
from devices.webhooks import MEANINGS, WebhookEvent

NAME_LENGTH = 80
SALT_BYTES = 16
SECRET_PREFIX = "lfw_"  # noqa: S105 - the public beginning of a secret


@dataclass(frozen=True, slots=True)
class Made:
    """A webhook and the secret that its receiver checks signatures with."""

    webhook: Webhook
    secret: str


def secret_of(webhook: Webhook) -> str:
    """The secret: worked out from the salt and the installation's key, so that no copy of the database holds it."""
    key = f"webhook:{settings.SECRET_KEY}".encode()
    return SECRET_PREFIX + hmac.new(key, bytes(webhook.salt), hashlib.sha256).hexdigest()


@transaction.atomic
def create(*, name: str, url: str, events: Collection[str], by: Member) -> Made:
    """A webhook of the member's team. Raises Invalid for what cannot be used, TooMany above the team's limit."""
    if Webhook.objects.filter(team=by.team).count() >= settings.WEBHOOKS_PER_TEAM:
        raise TooMany(f"A team has at most {settings.WEBHOOKS_PER_TEAM} webhooks. Delete one first.")
    webhook = Webhook.objects.create(
        team=by.team,
        name=_clean_name(name),
        url=_clean_url(url),
        salt=secrets.token_bytes(SALT_BYTES),
        events=_clean_events(events),
        created_by=by.label,
    )
    _record(webhook, "webhook.created", by)
    return Made(webhook, secret_of(webhook))


@transaction.atomic
def change(*, webhook: Webhook, by: Member, **fields: Any) -> None:
    """Set any of name, url, events and is_active. Raises Invalid, or Conflict when the webhook is gone.

    One that is switched off forgets what waited to be sent: switched on again, it hears what happens from then on.
    """
    _lock(webhook)
    changed = {name: CLEANERS[name](value) for name, value in fields.items()}
    changed = {name: value for name, value in changed.items() if getattr(webhook, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=list(changed))
    if changed.get("is_active") is False:
        webhook.deliveries.filter(next_try_at__isnull=False).update(next_try_at=None, error="Switched off.")
    _record(webhook, "webhook.changed", by, changed=sorted(changed))


@transaction.atomic
def rotate_secret(*, webhook: Webhook, by: Member) -> Made:
    """Give `webhook` another secret; deliveries from now on are signed with it. Raises Conflict when it is gone."""
    _lock(webhook)
    webhook.salt = secrets.token_bytes(SALT_BYTES)
    webhook.save(update_fields=["salt"])
    _record(webhook, "webhook.secret_rotated", by)
    return Made(webhook, secret_of(webhook))


@transaction.atomic
def delete(*, webhook: Webhook, by: Member) -> None:
    """Delete `webhook` with its log. Does nothing for one that somebody else deleted first."""
    if not Webhook.objects.select_for_update().filter(pk=webhook.pk).exists():
        return
    _record(webhook, "webhook.deleted", by)
    Webhook.objects.filter(pk=webhook.pk).delete()


@transaction.atomic
def send_test(*, webhook: Webhook, by: Member) -> Delivery:
    """A delivery of the event `webhook.test`, due now, whether the webhook is on or off."""
    _lock(webhook)
    event = WebhookEvent.TEST.value
    at = server_time.now().isoformat()
    return _due(webhook, event, {"id": str(uuid4()), "event": event, "at": at, "team": webhook.team_id, "by": by.label})


@transaction.atomic
def resend(*, delivery: Delivery, by: Member) -> Delivery:
    """Send what `delivery` sent once more, as a delivery of its own with the same event's id in its body."""
    _lock(delivery.webhook)
    again = _due(delivery.webhook, delivery.kind, delivery.payload)
    _record(delivery.webhook, "webhook.resent", by, delivery=delivery.pk)
    return again


def _due(webhook: Webhook, kind: str, payload: dict[str, Any]) -> Delivery:
    return Delivery.objects.create(webhook=webhook, event_id=uuid4(), kind=kind, payload=payload, next_try_at=Now())


def _lock(webhook: Webhook) -> None:
    if not Webhook.objects.select_for_update().filter(pk=webhook.pk).exists():
        raise Conflict("This webhook was deleted in the meantime.")


def _record(webhook: Webhook, kind: str, by: Member, **detail: Any) -> None:
    audit.record(team=webhook.team, by=by, kind=kind, subject=webhook.name, webhook=webhook.pk, **detail)


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if is_invisible(cleaned) or len(cleaned) > NAME_LENGTH or unprintable(cleaned):
        raise Invalid(f"Give the webhook a name of 1 to {NAME_LENGTH} characters.", field="name")
    return cleaned


def _clean_url(url: str) -> str:
    return checked_url(url, allows_private=settings.WEBHOOK_ALLOW_PRIVATE)


def _clean_events(events: Collection[str]) -> list[str]:
    unknown = [event for event in events if event not in set(MEANINGS)]
    if unknown:
        raise Invalid(f"There is no event {unknown[0][:40]!r}. Known events: {', '.join(MEANINGS)}.", field="events")
    if not events:
        raise Invalid("Choose at least one event.", field="events")
    return [event.value for event in MEANINGS if event in set(events)]


CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": _clean_name,
    "url": _clean_url,
    "events": _clean_events,
    "is_active": bool,
}
"""What makes each field of a webhook fit to be kept."""
