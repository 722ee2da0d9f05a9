"""From the outbox to webhooks: each event becomes a delivery, each delivery is claimed, tried and settled.

Any number of workers may do it at once, and be killed at any moment: an event becomes deliveries once, and a delivery
is tried until it is taken or given up. One that was taken in the moment its worker died is sent again.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from console.kit import outgoing, server_time
from console.kit.outgoing import Answer
from devices.actions.webhooks import secret_of
from devices.models import Delivery, Device, OutboxEvent, ProvisioningSession, Webhook
from devices.webhooks import DELIVERY_HEADER, EVENT_HEADER, SIGNATURE_HEADER, next_try_after, signature

LEASE_SECONDS = 60
"""How many seconds a claimed delivery is left to whoever claimed it."""

CLAIM = """
WITH due AS (
  SELECT id FROM devices_delivery WHERE next_try_at <= statement_timestamp()
  ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE devices_delivery d SET next_try_at = statement_timestamp() + make_interval(secs => %s),
  attempts_count = attempts_count + 1, last_tried_at = statement_timestamp()
FROM due WHERE d.id = due.id RETURNING d.id
"""


@transaction.atomic
def fan_out(*, limit: int) -> int:
    """Turn up to `limit` events of the outbox into deliveries to the webhooks that ask for them; returns how many."""
    events = list(OutboxEvent.objects.order_by("pk")[:limit].select_for_update(skip_locked=True))
    if not events:
        return 0
    told = _Told.of(events)
    webhooks = list(Webhook.objects.filter(team_id__in={event.team_id for event in events}, is_active=True))
    Delivery.objects.bulk_create(
        [
            Delivery(
                webhook=webhook,
                event_id=event_id,
                kind=event.kind,
                payload=told.body_of(event, str(event_id)),
                next_try_at=Now(),
            )
            for event in events
            for event_id in (uuid4(),)
            for webhook in webhooks
            if webhook.team_id == event.team_id and event.kind in webhook.events
        ]
    )
    OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).delete()
    return len(events)


@dataclass(frozen=True, slots=True)
class _Told:
    """The devices and sessions that events name, as they are when they are told of."""

    devices: dict[int, Device]
    sessions: dict[int, ProvisioningSession]

    @classmethod
    def of(cls, events: Iterable[OutboxEvent]) -> "_Told":
        events = list(events)
        devices = Device.objects.select_related("template").in_bulk({e.payload.get("device") for e in events} - {None})
        sessions = ProvisioningSession.objects.select_related("template").in_bulk(
            {e.payload.get("session") for e in events} - {None}
        )
        return cls(devices, sessions)

    def body_of(self, event: OutboxEvent, event_id: str) -> dict[str, Any]:
        known = dict(event.payload)
        device_id, session_id, name = known.pop("device", None), known.pop("session", None), known.pop("name", None)
        body: dict[str, Any] = {"id": event_id, "event": event.kind, "at": event.at.isoformat(), "team": event.team_id}
        if device_id is not None:
            device = self.devices.get(device_id)
            body["device"] = {
                "id": device_id,
                "name": device.name if device else name,
                "template_id": device.template.template_id if device else None,
            }
        if session_id is not None:
            session = self.sessions.get(session_id)
            body["session"] = {
                "id": session_id,
                "opened_by": session.opened_by if session else None,
                "template_id": session.template.template_id if session else None,
            }
        return body | known


def claim(*, limit: int) -> list[Delivery]:
    """Up to `limit` deliveries that are due, claimed for a minute: nobody else tries them meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit, LEASE_SECONDS])
        ids = [delivery_id for (delivery_id,) in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=ids).select_related("webhook").order_by("pk"))


def attempt(delivery: Delivery, *, now: datetime) -> Answer:
    """Send one delivery, signed; touches no database."""
    body = json.dumps(delivery.payload | {"delivery": delivery.pk}, separators=(",", ":"), default=str).encode()
    headers = {
        "User-Agent": "Landfall-Webhook/1",
        EVENT_HEADER: delivery.kind,
        DELIVERY_HEADER: str(delivery.event_id),
        SIGNATURE_HEADER: signature(secret_of(delivery.webhook), timestamp=int(now.timestamp()), body=body),
    }
    return outgoing.post(
        delivery.webhook.url,
        body,
        headers,
        allows_private=settings.WEBHOOK_ALLOW_PRIVATE,
        seconds=settings.WEBHOOK_TIMEOUT_SECONDS,
    )


def settle(results: Sequence[tuple[Delivery, Answer]]) -> None:
    """Keep what came of each try: taken, to be tried again, or given up."""
    for delivery, answer in results:
        again = None if answer.is_taken else next_try_after(delivery.attempts_count)
        # Only what this try claimed: a webhook that was switched off, or a later claim, is not overruled.
        Delivery.objects.filter(pk=delivery.pk, attempts_count=delivery.attempts_count).update(
            next_try_at=Now() + again if again and delivery.webhook.is_active else None,
            delivered_at=Now() if answer.is_taken else None,
            status=answer.status,
            error=answer.error,
            took_ms=answer.took_ms,
        )


def trim(*, limit: int) -> int:
    """Delete up to `limit` settled deliveries that are older than they are kept for; returns how many."""
    before = server_time.now() - timedelta(days=settings.WEBHOOK_LOG_DAYS)
    old = Delivery.objects.filter(next_try_at=None, created_at__lt=before).values_list("pk", flat=True)[:limit]
    return Delivery.objects.filter(pk__in=list(old)).delete()[0]
