"""Webhooks and their deliveries as rows; strings are made here, once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from devices.models import Delivery, Webhook


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One line of the list: `state` is how its newest delivery went, or that it is switched off."""

    webhook: Webhook
    events: str
    state: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One line of a log. `outcome` says what the receiver answered, `next_at` when it is tried again."""

    delivery: Delivery
    state: str
    outcome: str
    next_at: datetime | None
    body: str


def webhook_rows(webhooks: QuerySet[Webhook]) -> list[WebhookRow]:
    """Each webhook with its newest delivery, in one query."""
    newest = Delivery.objects.filter(webhook=OuterRef("pk")).order_by("-pk")
    found = webhooks.annotate(newest_id=Subquery(newest.values("pk")[:1]))
    rows = list(found)
    deliveries = Delivery.objects.in_bulk([row.newest_id for row in rows if row.newest_id])
    return [_row(row, deliveries.get(row.newest_id)) for row in rows]


def _row(webhook: Webhook, newest: Delivery | None) -> WebhookRow:
    state = "waiting" if newest is None else state_of(newest)
    return WebhookRow(
        webhook=webhook,
        events=", ".join(webhook.events),
        state="switched off" if not webhook.is_active else "never called" if newest is None else state,
        last_at=newest.last_tried_at if newest else None,
    )


def state_of(delivery: Delivery) -> str:
    """delivered, waiting (for its first or next try), or failed."""
    if delivery.delivered_at is not None:
        return "delivered"
    return "waiting" if delivery.next_try_at is not None else "failed"


def delivery_rows(deliveries: Iterable[Delivery]) -> list[DeliveryRow]:
    """Deliveries, in the order given, as lines of a log."""
    return [
        DeliveryRow(
            delivery=delivery,
            state=state_of(delivery),
            outcome=_outcome(delivery),
            next_at=delivery.next_try_at,
            body=json.dumps(delivery.payload, indent=2, default=str),
        )
        for delivery in deliveries
    ]


def _outcome(delivery: Delivery) -> str:
    if delivery.delivered_at is not None:
        return f"Answered {delivery.status} in {delivery.took_ms} ms."
    if delivery.attempts_count == 0:
        return "Not tried yet."
    return delivery.error or "Being sent."
