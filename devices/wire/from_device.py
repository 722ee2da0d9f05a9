"""Reading what a device sends (Blynk library 1.4.0 source)."""

from collections.abc import Callable
from typing import Final

from devices.wire.bodies import (
    READS,
    illegal,
    parse_hardware,
    parse_pin,
    parse_values,
    split,
    unknown_command,
)
from devices.wire.commands import Command, IllegalReason, PinKind, Status, UtcKind
from devices.wire.frames import Frame
from devices.wire.info import looks_like_info, parse_info
from devices.wire.limits import Limits
from devices.wire.messages import (
    DeviceMessage,
    EventClear,
    EventLog,
    GroupBegin,
    GroupEnd,
    Illegal,
    Login,
    MetaGet,
    MetaSet,
    Ping,
    PinRead,
    PinSync,
    PinWrite,
    PropertyWrite,
    Response,
    RtcRequest,
    Unsupported,
    UtcRequest,
)
from devices.wire.text import line_text, value_text

type Parser = Callable[[Frame, Limits], DeviceMessage]

MAX_TIMESTAMP_DIGITS: Final = 15
_UTC_KINDS: Final = {kind.value.encode(): kind for kind in UtcKind}


def parse_login(frame: Frame) -> Login:
    """The token is the first part of the body, as sent: whether it is one is for the look-up by digest to say."""
    return Login(frame.message_id, frame.body.split(b"\0", 1)[0], frame.command == Command.LOGIN)


def parse_device_frame(frame: Frame, limits: Limits) -> DeviceMessage:
    """What a frame that follows a login means. Never raises: what it cannot read is `Illegal` or `Unsupported`."""
    parser = _PARSERS.get(frame.command)
    return unknown_command(frame) if parser is None else parser(frame, limits)


def _ping(frame: Frame, _limits: Limits) -> Ping:
    return Ping(frame.message_id)


def _response(frame: Frame, _limits: Limits) -> Response:
    return Response(frame.message_id, frame.status)


def _unsupported(frame: Frame, _limits: Limits) -> Unsupported:
    return Unsupported(frame.message_id, frame.command)


def _hardware(frame: Frame, limits: Limits) -> PinWrite | Unsupported | Illegal:
    if frame.body.startswith(b"pm\0"):
        return Unsupported(frame.message_id, frame.command)
    message = parse_hardware(frame, limits)
    return Unsupported(message.message_id, frame.command) if isinstance(message, PinRead) else message


def _sync(frame: Frame, _limits: Limits) -> PinSync | Illegal:
    parts = split(frame.body)
    if not parts or parts == [b""]:
        return PinSync(frame.message_id, PinKind.VIRTUAL, None)
    kind = READS.get(parts[0])
    if kind is None:
        return illegal(frame, IllegalReason.UNKNOWN_KIND)
    if len(parts) < 2:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    pins = [parse_pin(part) for part in parts[1:]]
    known = dict.fromkeys(pin for pin in pins if pin is not None)
    return illegal(frame, IllegalReason.BAD_PIN) if None in pins else PinSync(frame.message_id, kind, tuple(known))


def _internal(frame: Frame, limits: Limits) -> DeviceMessage:
    parts = split(frame.body)
    match parts:
        case [b"rtc", *_]:
            return RtcRequest(frame.message_id)
        case [b"utc", *rest]:
            return _utc(frame, rest)
        case [b"meta", *rest]:
            return _meta(frame, rest, limits)
    if looks_like_info(parts):
        return parse_info(frame.message_id, parts, limits)
    name = line_text(parts[0], max_length=limits.max_meta_name) if parts else ""
    return Unsupported(frame.message_id, frame.command, name)


def _utc(frame: Frame, rest: list[bytes]) -> UtcRequest | Illegal:
    if not rest:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    kind = _UTC_KINDS.get(rest[0])
    return illegal(frame, IllegalReason.UNKNOWN_KIND) if kind is None else UtcRequest(frame.message_id, kind)


def _meta(frame: Frame, rest: list[bytes], limits: Limits) -> MetaGet | MetaSet | Illegal:
    if len(rest) < 2:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    if len(rest[1]) > limits.max_meta_name or len(b"\0".join(rest[2:])) > limits.max_pin_value:
        return illegal(frame, IllegalReason.TOO_LONG)
    name = line_text(rest[1], max_length=limits.max_meta_name)
    if not name:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    if rest[0] == b"get":
        return MetaGet(frame.message_id, name)
    if rest[0] != b"set":
        return illegal(frame, IllegalReason.UNKNOWN_KIND)
    return MetaSet(frame.message_id, name, value_text(rest[2]) if len(rest) > 2 else "")


def _property(frame: Frame, limits: Limits) -> PropertyWrite | Illegal:
    parts = frame.body.split(b"\0")
    if len(parts) < 3:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    pin = parse_pin(parts[0])
    if pin is None:
        return illegal(frame, IllegalReason.BAD_PIN)
    if len(parts[1]) > limits.max_meta_name or len(frame.body) > limits.max_pin_value + limits.max_meta_name:
        return illegal(frame, IllegalReason.TOO_LONG)
    name = line_text(parts[1], max_length=limits.max_meta_name)
    if not name:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    return PropertyWrite(frame.message_id, pin, name, parse_values(parts[2:]))


def _group(frame: Frame, _limits: Limits) -> GroupBegin | GroupEnd | Illegal:
    match split(frame.body):
        case [b"b"]:
            return GroupBegin(frame.message_id, None)
        case [b"e"]:
            return GroupEnd(frame.message_id)
        case [b"t", stamp]:
            if stamp.isdigit() and len(stamp) <= MAX_TIMESTAMP_DIGITS:
                return GroupBegin(frame.message_id, int(stamp))
            return illegal(frame, IllegalReason.BAD_NUMBER)
        case [b"b" | b"e" | b"t", *_]:
            return illegal(frame, IllegalReason.MISSING_PARTS)
    return illegal(frame, IllegalReason.UNKNOWN_KIND)


def _event_log(frame: Frame, limits: Limits) -> EventLog | Illegal:
    code = _event_code(frame, limits)
    if isinstance(code, Illegal):
        return code
    description = frame.body.partition(b"\0")[2].partition(b"\0")[0]
    if len(description) > limits.max_pin_value:
        return illegal(frame, IllegalReason.TOO_LONG)
    return EventLog(frame.message_id, code, value_text(description))


def _event_clear(frame: Frame, limits: Limits) -> EventClear | Illegal:
    code = _event_code(frame, limits)
    return code if isinstance(code, Illegal) else EventClear(frame.message_id, code, b"all" in split(frame.body)[1:])


def _event_code(frame: Frame, limits: Limits) -> str | Illegal:
    raw = frame.body.split(b"\0", 1)[0]
    if len(raw) > limits.max_event_code:
        return illegal(frame, IllegalReason.TOO_LONG)
    return line_text(raw, max_length=limits.max_event_code) or illegal(frame, IllegalReason.MISSING_PARTS)


def _second_login(frame: Frame, _limits: Limits) -> Illegal:
    return illegal(frame, IllegalReason.NOT_NOW, Status.ILLEGAL_COMMAND)


_PARSERS: Final[dict[int, Parser]] = {
    Command.RESPONSE: _response,
    Command.LOGIN: _second_login,
    Command.HW_LOGIN: _second_login,
    Command.PING: _ping,
    Command.TWEET: _unsupported,
    Command.EMAIL: _unsupported,
    Command.NOTIFY: _unsupported,
    Command.BRIDGE: _unsupported,
    Command.HARDWARE_SYNC: _sync,
    Command.INTERNAL: _internal,
    Command.PROPERTY: _property,
    Command.HARDWARE: _hardware,
    Command.GROUP: _group,
    Command.EVENT_LOG: _event_log,
    Command.EVENT_CLEAR: _event_clear,
}
