"""What webhooks tell, how a telling is signed, and when it is tried again. Pure: values in, values out."""

import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum

SIGNATURE_HEADER = "Landfall-Signature"
EVENT_HEADER = "Landfall-Event"
DELIVERY_HEADER = "Landfall-Delivery"


class WebhookEvent(StrEnum):
    """What a webhook can be told of; TEST is sent by the page's button alone."""

    DEVICE_ACTIVATED = "device.activated"
    DEVICE_RECONFIGURED = "device.reconfigured"
    DEVICE_ONLINE = "device.online"
    DEVICE_OFFLINE = "device.offline"
    DEVICE_EVENT = "device.event"
    DEVICE_RENAMED = "device.renamed"
    DEVICE_DELETED = "device.deleted"
    SESSION_FAILED = "session.failed"
    SESSION_EXPIRED = "session.expired"
    SESSION_CANCELLED = "session.cancelled"
    TEST = "webhook.test"


MEANINGS = {
    WebhookEvent.DEVICE_ACTIVATED: "a device was activated by its first login",
    WebhookEvent.DEVICE_RECONFIGURED: "a device logged in with a new token",
    WebhookEvent.DEVICE_ONLINE: "a device came online",
    WebhookEvent.DEVICE_OFFLINE: "a device went offline",
    WebhookEvent.DEVICE_EVENT: "a device logged an event",
    WebhookEvent.DEVICE_RENAMED: "somebody renamed a device",
    WebhookEvent.DEVICE_DELETED: "somebody deleted a device",
    WebhookEvent.SESSION_FAILED: "a provisioning session failed",
    WebhookEvent.SESSION_EXPIRED: "a provisioning session expired",
    WebhookEvent.SESSION_CANCELLED: "a provisioning session was cancelled",
}
"""The events that can be chosen, each in words."""

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))
"""How long after each failed try the next one comes; after the last there is none."""


def next_try_after(attempts_count: int) -> timedelta | None:
    """The wait after the try that was number `attempts_count` (1 and up) and failed; None where it was the last."""
    return RETRY_AFTER[attempts_count - 1] if attempts_count <= len(RETRY_AFTER) else None


def signature(secret: str, *, timestamp: int, body: bytes) -> str:
    """The value of Landfall-Signature: `t=<seconds since 1970>,v1=<hex HMAC-SHA-256 of "<t>.<body>">`."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"t={timestamp},v1={signed.hexdigest()}"
