"""What came of the last order to a device: its connection is the evidence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from devices.models import Device, Presence, TimelineEvent
from devices.models.timeline import EventKind

PATIENCE = timedelta(seconds=90)
"""A board that obeys is gone within seconds and back within a minute."""
SHOWN_FOR = timedelta(minutes=10)
ORDERS = (EventKind.REBOOT.value, EventKind.SETUP_MODE.value)


@dataclass(frozen=True, slots=True)
class OrderState:
    """A sentence on an order given lately, with its tone."""

    sentence: str
    tone: str


def last_order(device: Device, now: datetime) -> TimelineEvent | None:
    """The newest order given to the device lately, that was sent."""
    kinds = [*ORDERS, EventKind.ORDER_LOST.value]
    events = TimelineEvent.objects.filter(device_id=device.pk, at__gte=now - SHOWN_FOR, kind__in=kinds)
    newest = events.order_by("-at", "-id").first()
    return newest if newest is not None and newest.kind in ORDERS else None


def order_state(event: TimelineEvent | None, presence: Presence | None, now: datetime) -> OrderState | None:
    """Where the order stands: waiting for evidence, seen to be obeyed, or without any sign of it."""
    if event is None or presence is None:
        return None
    is_reboot = event.kind == EventKind.REBOOT
    is_other = str(presence.connection_id) != event.detail.get("connection")
    if is_reboot and presence.is_connected and is_other:
        return OrderState(f"The board restarted, as {event.actor} asked: it is connected anew.", "good")
    if not presence.is_connected and presence.changed_at >= event.at:
        return _gone(event, is_reboot=is_reboot)
    if presence.is_connected and is_other:
        return OrderState("The board is back online; it did not stay in setup mode.", "info")
    if now - event.at < PATIENCE:
        return OrderState(f"Asked by {event.actor}; waiting for the board to go offline.", "info")
    return OrderState(
        "Nothing shows that the board obeyed: its connection stayed. Only Edgent sketches know this order; press the "
        "board's own button instead.",
        "warn",
    )


def _gone(event: TimelineEvent, *, is_reboot: bool) -> OrderState:
    if is_reboot:
        return OrderState(f"The board went offline, as {event.actor} asked; waiting for it to come back.", "info")
    return OrderState(
        "The board went offline to open its hotspot. Reconfigure it now, or switch it off and on to end set-up.",
        "good",
    )
