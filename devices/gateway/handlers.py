"""What the gateway does with each message of a device that may speak.

RESPONSE is the wire's business; here is what a message means to the rest of Landfall. Messages without a handler
(GROUP's end apart: TWEET, EMAIL, NOTIFY, BRIDGE, PROPERTY and answers to us) change nothing.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from devices.actions.values import Facts, Logged, Meta
from devices.gateway import metrics
from devices.gateway.endings import Ending
from devices.gateway.gather import Unanswered
from devices.gateway.pending import PinValue
from devices.wire import messages, push
from devices.wire.commands import FailureReason, PinKind, UtcKind
from devices.wire.info import Info
from devices.wire.rate import TokenBucket

if TYPE_CHECKING:
    from devices.gateway.connection import Connection

type Handler = Callable[["Connection", Any, float], None]

SEPARATOR: Final = "\x1f"
MAX_GROUP_AGE_SECONDS: Final = 30 * 24 * 3600
"""Timestamps further back, or in the future, are those of devices without a clock: their messages count as now."""


def pin_write(connection: "Connection", event: messages.PinWrite, now: float) -> None:
    """A virtual write is a reading; digital and analog ones belong to dashboards that Landfall has not."""
    if event.kind is PinKind.VIRTUAL and connection.device_id is not None:
        at = now if connection.group_at is None else connection.group_at
        values = event.values
        text = values[0] if len(values) == 1 else SEPARATOR.join(values)
        connection.gateway.flusher.write(PinValue(at, connection.device_id, event.pin, text))


def info(connection: "Connection", event: Info, _now: float) -> None:
    """Keep what the device says of itself, and its cut-off."""
    device_id = connection.device_id
    if device_id is None:
        return
    flusher = connection.gateway.flusher
    flusher.report(facts_of(device_id, event))
    if not flusher.refresh(connection.attach_row(device_id)):
        connection.reported_at = 0.0


def facts_of(device_id: int, event: Info) -> Facts:
    """The info block as facts; None where it says nothing."""
    return Facts(
        device_id,
        template_id=event.template_id or None,
        board=event.board or None,
        firmware_version=event.firmware_version or None,
        firmware_type=event.firmware_type or None,
        firmware_build=event.build or None,
        library_version=event.library_version or None,
        heartbeat_seconds=event.heartbeat,
        buffer_bytes=event.buffer_in if "buff-in" in event.pairs else None,
    )


def meta_set(connection: "Connection", event: messages.MetaSet, _now: float) -> None:
    if connection.device_id is not None:
        connection.gateway.flusher.set_meta(Meta(connection.device_id, event.name, event.value))


def meta_get(connection: "Connection", event: messages.MetaGet, _now: float) -> None:
    if connection.device_id is not None:
        answer = partial(_answer_meta, connection, event.name)
        connection.gateway.metadata.ask((connection.device_id, event.name), answer)


def _answer_meta(connection: "Connection", name: str, value: str | Unanswered | None) -> None:
    if isinstance(value, str):
        push.meta_reply(connection.wire, name, value)
        connection.write()


def sync(connection: "Connection", event: messages.PinSync, _now: float) -> None:
    """Send the latest values of the pins asked for, after what still waits to be written is."""
    if event.kind is PinKind.VIRTUAL and connection.device_id is not None:
        gateway = connection.gateway
        gateway.flusher.hurry()
        gateway.pin_values.ask((connection.device_id, event.pins), partial(_answer_sync, connection))


def _answer_sync(connection: "Connection", values: list[tuple[int, str]] | Unanswered) -> None:
    if isinstance(values, list) and connection.paused_at is None:
        for pin, text in values:
            push.virtual_write(connection.wire, pin, text.split(SEPARATOR))
        connection.write()


def event_log(connection: "Connection", event: messages.EventLog, now: float) -> None:
    _keep_event(connection, event.code, event.description, is_cleared=False, now=now)


def event_clear(connection: "Connection", event: messages.EventClear, now: float) -> None:
    _keep_event(connection, event.code, "", is_cleared=True, now=now)


def _keep_event(connection: "Connection", code: str, text: str, *, is_cleared: bool, now: float) -> None:
    """A timeline row, unless the device logs more than people can read: those beyond its pace are only counted."""
    if connection.device_id is None or connection.token is None:
        return
    options = connection.gateway.options
    if connection.event_pace is None:
        connection.event_pace = TokenBucket(per_second=options.events_per_second, burst=options.event_burst)
    if not connection.event_pace.take(now):
        metrics.THROTTLED.inc()
        return
    row = Logged(connection.device_id, connection.token.team_id, code, text, is_cleared=is_cleared)
    connection.gateway.flusher.log_event(row)


def group_begin(connection: "Connection", event: messages.GroupBegin, now: float) -> None:
    """The messages of a group happened when its timestamp says."""
    connection.group_at = None
    if event.timestamp_ms is not None:
        age = time.time() - event.timestamp_ms / 1000
        if 0 <= age <= MAX_GROUP_AGE_SECONDS:
            connection.group_at = now - age


def group_end(connection: "Connection", _event: messages.GroupEnd, _now: float) -> None:
    connection.group_at = None


def rtc(connection: "Connection", _event: messages.RtcRequest, _now: float) -> None:
    """Devices live in UTC here."""
    push.rtc_reply(connection.wire, int(time.time()))


def utc(connection: "Connection", event: messages.UtcRequest, _now: float) -> None:
    now = time.time()
    values: dict[UtcKind, tuple[object, ...]] = {
        UtcKind.TIME: (int(now * 1000),),
        UtcKind.ISO: (time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(now)),),
        UtcKind.OFFSET: (0, 0),
        UtcKind.ZONE_NAME: ("Etc/UTC",),
        UtcKind.ZONE_RULE: ("UTC0",),
        UtcKind.NEXT_CHANGE: (0,),
    }
    push.utc_reply(connection.wire, event.kind, *values[event.kind])


def throttled(connection: "Connection", _event: messages.Throttled, _now: float) -> None:
    metrics.THROTTLED.inc()
    connection.throttled_count += 1


def failed(connection: "Connection", event: messages.Failed, _now: float) -> None:
    connection.end(Ending.SPOKE_TLS if event.reason is FailureReason.TLS_HELLO else Ending.NOT_UNDERSTOOD)


HANDLERS: Final[dict[type, Handler]] = {
    messages.PinWrite: pin_write,
    Info: info,
    messages.MetaSet: meta_set,
    messages.MetaGet: meta_get,
    messages.PinSync: sync,
    messages.EventLog: event_log,
    messages.EventClear: event_clear,
    messages.GroupBegin: group_begin,
    messages.GroupEnd: group_end,
    messages.RtcRequest: rtc,
    messages.UtcRequest: utc,
    messages.Throttled: throttled,
    messages.Failed: failed,
}
