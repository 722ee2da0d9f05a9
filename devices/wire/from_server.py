"""Reading what a server sends (Blynk library 1.4.0 source)."""

from collections.abc import Callable
from typing import Final

from devices.wire.bodies import illegal, parse_hardware, split
from devices.wire.commands import Command, IllegalReason
from devices.wire.frames import Frame
from devices.wire.limits import Limits
from devices.wire.messages import (
    ConsoleCommand,
    DebugPrint,
    FirmwareUpdate,
    Illegal,
    InternalReply,
    Ping,
    PinRead,
    PinWrite,
    Redirect,
    Response,
    Unsupported,
)
from devices.wire.text import line_text, value_text

type ServerFrame = (
    Ping
    | Response
    | PinWrite
    | PinRead
    | Redirect
    | DebugPrint
    | ConsoleCommand
    | FirmwareUpdate
    | InternalReply
    | Unsupported
    | Illegal
)
type Parser = Callable[[Frame, Limits], ServerFrame]

MAX_HOST: Final = 63
MAX_URL: Final = 2048


def parse_server_frame(frame: Frame, limits: Limits) -> ServerFrame | None:
    """What a frame from a server means, or None for a command that no server may send."""
    parser = _PARSERS.get(frame.command)
    return None if parser is None else parser(frame, limits)


def _ping(frame: Frame, _limits: Limits) -> Ping:
    return Ping(frame.message_id)


def _response(frame: Frame, _limits: Limits) -> Response:
    return Response(frame.message_id, frame.status)


def _hardware(frame: Frame, limits: Limits) -> PinWrite | PinRead | Unsupported | Illegal:
    if frame.body.startswith(b"pm"):
        return Unsupported(frame.message_id, frame.command, "pm")
    return parse_hardware(frame, limits)


def _redirect(frame: Frame, _limits: Limits) -> Redirect | Illegal:
    parts = split(frame.body)
    if len(parts) < 2 or not parts[0]:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    if len(parts[0]) > MAX_HOST:
        return illegal(frame, IllegalReason.TOO_LONG)
    port = int(parts[1]) if parts[1].isdigit() and len(parts[1]) <= 5 else 0
    if not 0 < port <= 65_535:
        return illegal(frame, IllegalReason.BAD_NUMBER)
    return Redirect(frame.message_id, line_text(parts[0], max_length=MAX_HOST), port)


def _debug_print(frame: Frame, _limits: Limits) -> DebugPrint:
    return DebugPrint(frame.message_id, value_text(frame.body))


def _internal(frame: Frame, limits: Limits) -> ServerFrame:
    parts = split(frame.body)
    match parts:
        case [b"dbg", command, *_]:
            return ConsoleCommand(frame.message_id, line_text(command, max_length=limits.max_pin_value))
        case [b"ota", url, *_]:
            return FirmwareUpdate(frame.message_id, line_text(url, max_length=MAX_URL))
        case [b"rtc" | b"utc" | b"meta" | b"acon" | b"adis" | b"vfs" as name, *values]:
            return InternalReply(
                frame.message_id,
                name.decode(),
                tuple([value_text(value) for value in values]),
            )
        case [b"dbg" | b"ota"]:
            return illegal(frame, IllegalReason.MISSING_PARTS)
    name_text = line_text(parts[0], max_length=limits.max_meta_name) if parts else ""
    return Unsupported(frame.message_id, frame.command, name_text)


_PARSERS: Final[dict[int, Parser]] = {
    Command.RESPONSE: _response,
    Command.PING: _ping,
    Command.BRIDGE: _hardware,
    Command.INTERNAL: _internal,
    Command.HARDWARE: _hardware,
    Command.REDIRECT: _redirect,
    Command.DEBUG_PRINT: _debug_print,
}
