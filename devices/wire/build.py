"""Whole frames as bytes, for both directions.

Every function raises `ValueError` for a message id outside 1 to 65535 (clients disconnect on 0), a pin outside 0 to
255, or a body that the length field cannot hold.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from devices.wire.bodies import MAX_PIN
from devices.wire.commands import Command, PinKind, UtcKind
from devices.wire.frames import HEADER
from devices.wire.text import wire_bytes

MAX_MESSAGE_ID: Final = 0xFFFF
MAX_BODY: Final = 0xFFFF
_WRITE: Final = {PinKind.VIRTUAL: "vw", PinKind.DIGITAL: "dw", PinKind.ANALOG: "aw"}
_READ: Final = {PinKind.VIRTUAL: "vr", PinKind.DIGITAL: "dr", PinKind.ANALOG: "ar"}


def message(command: Command, message_id: int, *parts: object) -> bytes:
    """A frame whose body is `parts`, each as UTF-8 text without NUL, separated by NUL."""
    body = b"\0".join([wire_bytes(part) for part in parts])
    if len(body) > MAX_BODY:
        raise ValueError(f"a body of {len(body)} bytes does not fit a frame")
    return HEADER.pack(command, _checked_id(message_id), len(body)) + body


def response(message_id: int, status: int) -> bytes:
    return HEADER.pack(Command.RESPONSE, _checked_id(message_id), status)


def ping(message_id: int) -> bytes:
    return HEADER.pack(Command.PING, _checked_id(message_id), 0)


def pin_write(message_id: int, kind: PinKind, pin: int, values: Sequence[object]) -> bytes:
    """HARDWARE "vw", "dw" or "aw". Needs at least one value: clients read past the end without."""
    if not values:
        raise ValueError("a pin write carries at least one value")
    return message(Command.HARDWARE, message_id, _WRITE[kind], _checked_pin(pin), *values)


def pin_read(message_id: int, kind: PinKind, pin: int) -> bytes:
    return message(Command.HARDWARE, message_id, _READ[kind], _checked_pin(pin))


# Device to server


def login(message_id: int, token: str, *, is_legacy: bool = False) -> bytes:
    """HW_LOGIN, or with `is_legacy` the LOGIN that blynklib sends."""
    return message(Command.LOGIN if is_legacy else Command.HW_LOGIN, message_id, token)


def info(message_id: int, pairs: Mapping[str, object]) -> bytes:
    """INTERNAL with keys and values in the mapping's order."""
    return message(Command.INTERNAL, message_id, *[part for pair in pairs.items() for part in pair])


def rtc_request(message_id: int) -> bytes:
    return message(Command.INTERNAL, message_id, "rtc")


def utc_request(message_id: int, kind: UtcKind) -> bytes:
    return message(Command.INTERNAL, message_id, "utc", kind)


def meta_get(message_id: int, name: str) -> bytes:
    return message(Command.INTERNAL, message_id, "meta", "get", name)


def meta_set(message_id: int, name: str, value: str) -> bytes:
    return message(Command.INTERNAL, message_id, "meta", "set", name, value)


def sync(message_id: int, pins: Sequence[int] | None = None) -> bytes:
    """HARDWARE_SYNC for some virtual pins, or for all."""
    if pins is None:
        return message(Command.HARDWARE_SYNC, message_id)
    return message(Command.HARDWARE_SYNC, message_id, "vr", *[_checked_pin(pin) for pin in pins])


def property_write(message_id: int, pin: int, name: str, values: Sequence[object]) -> bytes:
    return message(Command.PROPERTY, message_id, _checked_pin(pin), name, *values)


def group_begin(message_id: int, timestamp_ms: int | None = None) -> bytes:
    return message(
        Command.GROUP,
        message_id,
        *(("b",) if timestamp_ms is None else ("t", timestamp_ms)),
    )


def group_end(message_id: int) -> bytes:
    return message(Command.GROUP, message_id, "e")


def event_log(message_id: int, code: str, description: str = "") -> bytes:
    return message(
        Command.EVENT_LOG,
        message_id,
        *((code, description) if description else (code,)),
    )


def event_clear(message_id: int, code: str, *, is_all: bool = False) -> bytes:
    return message(Command.EVENT_CLEAR, message_id, *((code, "all") if is_all else (code,)))


# Server to device


def rtc_reply(message_id: int, local_seconds: int) -> bytes:
    """INTERNAL "rtc": Unix seconds shifted to the device's local time."""
    return message(Command.INTERNAL, message_id, "rtc", local_seconds)


def utc_reply(message_id: int, kind: UtcKind, *values: object) -> bytes:
    """INTERNAL "utc". TIME wants milliseconds, OFFSET two values: the offset and the summer-time minutes."""
    return message(Command.INTERNAL, message_id, "utc", kind, *values)


def meta_reply(message_id: int, name: str, value: str) -> bytes:
    return message(Command.INTERNAL, message_id, "meta", name, value)


def console_command(message_id: int, command: str) -> bytes:
    """INTERNAL "dbg": "reboot", "config start", "config erase" (library 1.2 and later)."""
    return message(Command.INTERNAL, message_id, "dbg", command)


def firmware_update(message_id: int, url: str) -> bytes:
    """INTERNAL "ota" (Edgent boards fetch it over HTTP)."""
    return message(Command.INTERNAL, message_id, "ota", url)


def redirect(message_id: int, host: str, port: int) -> bytes:
    return message(Command.REDIRECT, message_id, host, port)


def debug_print(message_id: int, text: str) -> bytes:
    return message(Command.DEBUG_PRINT, message_id, text)


def _checked_id(message_id: int) -> int:
    if not 1 <= message_id <= MAX_MESSAGE_ID:
        raise ValueError(f"message id {message_id} is outside 1 to {MAX_MESSAGE_ID}")
    return message_id


def _checked_pin(pin: int) -> int:
    if not 0 <= pin <= MAX_PIN:
        raise ValueError(f"pin {pin} is outside 0 to {MAX_PIN}")
    return pin
