"""Timeline rows as people read them: one table from kind to sentence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.kit.relative_time import distance
from devices.models import TimelineEvent
from devices.models.timeline import EventKind
from templates_app.stream_values import Meaning
from templates_app.streams import EventSeverity

# What a reader looks for, by the name it has in an address; one kind's own name is accepted beside these.
GROUPS = {
    "connection": ("Connection", (EventKind.ONLINE, EventKind.OFFLINE)),
    "event": ("Events", (EventKind.EVENT,)),
    "pin_written": ("Pin writes", (EventKind.PIN_WRITTEN,)),
    "changes": (
        "Changes",
        (
            EventKind.ACTIVATED,
            EventKind.RECONFIGURED,
            EventKind.RENAMED,
            EventKind.FIRMWARE,
            EventKind.REBOOT,
            EventKind.SETUP_MODE,
            EventKind.ORDER_LOST,
            EventKind.ERASED,
            EventKind.ROTATED,
            EventKind.RETIRED,
            EventKind.REVOKED,
            EventKind.RETURNED,
        ),
    ),
}


def kinds_of(name: str) -> tuple[EventKind, ...]:
    """The kinds of events that a filter's name stands for; none for a name that is no filter."""
    if name in GROUPS:
        return GROUPS[name][1]
    return (EventKind(name),) if name in set(EventKind) else ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a timeline: what `kit/timeline.html` shows."""

    at: datetime
    sentence: str
    detail: str = ""
    tone: str = ""
    icon: str = "dot"


@dataclass(frozen=True, slots=True)
class Words:
    """What a template calls its pins and its events' codes (`templates_app.meanings`)."""

    pins: Mapping[int, Meaning]
    titles: Mapping[str, tuple[str, EventSeverity]]


NO_WORDS = Words({}, {})
EVENT_ICONS = {
    EventSeverity.INFO: "bell",
    EventSeverity.WARNING: "triangle-alert",
    EventSeverity.CRITICAL: "octagon-alert",
}

type Presenter = Callable[[datetime, str, dict[str, Any]], Row]


def _from(address: object) -> str:
    return f" from {address}" if address else ""


def _activated(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    session = f"Provisioning session {detail.get('session')}, opened by {actor}."
    return Row(at, f"Activated by its first login{_from(detail.get('address'))}.", session, "good", "sparkles")


def _reconfigured(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"Reconfigured by {actor}: it logged in with a new token.", "", "good", "settings-2")


def _renamed(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"{actor} renamed it from “{detail.get('before')}” to “{detail.get('after')}”.", "", "", "pencil")


def _online(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"Came online{_from(detail.get('address'))}.", "", "good", "wifi")


def _offline(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"Went offline: {detail.get('reason') or 'the connection ended'}.", "", "warn", "wifi-off")


def _event(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    code, text = detail.get("code"), str(detail.get("text") or "")
    if "title" in detail:
        return _known_event(at, f"{code}: {text}" if text else str(code), detail)
    if detail.get("cleared"):
        return Row(at, f"The device cleared its event {code}.", "", "info", "bell-off")
    return Row(at, f"The device logged the event {code}.", text, "info", "bell")


def _known_event(at: datetime, said: str, detail: dict[str, Any]) -> Row:
    severity: EventSeverity = detail["severity"]
    if detail.get("cleared"):
        return Row(at, f"Cleared: {detail['title']}.", said, "info", "bell-off")
    before = "" if severity is EventSeverity.INFO else f"{severity.label}: "
    return Row(at, f"{before}{detail['title']}.", said, severity.tone, EVENT_ICONS[severity])


def _pin_written(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    pin = f"V{detail.get('pin')}"
    place = f"{detail['name']} ({pin})" if "name" in detail else pin
    return Row(at, f"{actor} wrote {detail.get('value')} to {place}.", "", "", "pencil-line")


def _firmware(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"Firmware changed from {detail.get('before')} to {detail.get('after')}.", "", "info", "cpu")


def _reboot(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"{actor} asked the board to reboot.", "", "info", "power")


def _setup_mode(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"{actor} asked the board to open its hotspot.", "", "info", "radio-tower")


def _order_lost(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    order = "to open its hotspot" if detail.get("order") == EventKind.SETUP_MODE else "to reboot"
    return Row(at, f"The order {order} was not sent: no gateway heard it.", "", "warn", "triangle-alert")


def _erased(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    counts = [
        f"{detail.get(name, 0):,} {words}"
        for name, words in (
            ("readings", "readings"),
            ("values", "latest values"),
            ("events", "events"),
            ("metadata", "metadata values"),
        )
    ]
    return Row(at, f"{actor} erased the device's data.", f"{', '.join(counts)}.", "warn", "eraser")


def _rotated(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    overlap = timedelta(seconds=detail.get("overlap") or 0)
    then = f"The earlier token works for another {distance(overlap)}." if overlap else "The earlier token is dead."
    return Row(at, f"Logged in with the new token that {actor} issued.", then, "good", "key-round")


def _retired(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"The earlier token {detail.get('hint', '')}… no longer works.", "Its overlap is over.", "", "key")


def _revoked(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    return Row(at, f"{actor} revoked the token: the board is refused until it has a new one.", "", "warn", "shield-off")


def _returned(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    sentence = f"Back after its board was wiped: {actor} gave it the token of session {detail.get('session')}."
    return Row(at, sentence, f"“{detail.get('made', '')}”, made by that session, went.", "good", "history")


def _unknown(at: datetime, actor: str, detail: dict[str, Any]) -> Row:
    """A newer Landfall beside this one, during an upgrade, writes kinds that this one has no words for."""
    return Row(at, "Something happened that this version of Landfall has no words for.", "", "", "circle-question-mark")


PRESENTERS: dict[str, Presenter] = {
    EventKind.ACTIVATED: _activated,
    EventKind.RECONFIGURED: _reconfigured,
    EventKind.RENAMED: _renamed,
    EventKind.ONLINE: _online,
    EventKind.OFFLINE: _offline,
    EventKind.EVENT: _event,
    EventKind.PIN_WRITTEN: _pin_written,
    EventKind.FIRMWARE: _firmware,
    EventKind.REBOOT: _reboot,
    EventKind.SETUP_MODE: _setup_mode,
    EventKind.ORDER_LOST: _order_lost,
    EventKind.ERASED: _erased,
    EventKind.ROTATED: _rotated,
    EventKind.RETIRED: _retired,
    EventKind.REVOKED: _revoked,
    EventKind.RETURNED: _returned,
}


def rows_of(events: Iterable[TimelineEvent], words: Words = NO_WORDS) -> list[Row]:
    """Each event as a line, in the order given; `words` are those of the template of their device."""
    return [
        PRESENTERS.get(event.kind, _unknown)(event.at, event.actor, {**event.detail, **_said(event, words)})
        for event in events
    ]


def _said(event: TimelineEvent, words: Words) -> dict[str, Any]:
    """What the template calls the event's code or pin; nothing where it calls it nothing."""
    match event.kind:
        case EventKind.EVENT if found := words.titles.get(str(event.detail.get("code"))):
            return {"title": found[0], "severity": found[1]}
        case EventKind.PIN_WRITTEN if meaning := words.pins.get(event.detail.get("pin", -1)):
            return {"name": meaning.name}
        case _:
            return {}
