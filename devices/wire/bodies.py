"""Reading the parts of a body; shared by both directions."""

from typing import Final

from devices.wire.commands import IllegalReason, PinKind, Status
from devices.wire.frames import Frame
from devices.wire.limits import Limits
from devices.wire.messages import Illegal, PinRead, PinWrite
from devices.wire.text import value_text

MAX_PIN: Final = 255
WRITES: Final = {b"vw": PinKind.VIRTUAL, b"dw": PinKind.DIGITAL, b"aw": PinKind.ANALOG}
READS: Final = {b"vr": PinKind.VIRTUAL, b"dr": PinKind.DIGITAL, b"ar": PinKind.ANALOG}


def split(body: bytes) -> list[bytes]:
    """The NUL-separated parts of a body; none for an empty one. One NUL at the very end separates nothing."""
    if not body:
        return []
    parts = body.split(b"\0")
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def parse_pin(part: bytes) -> int | None:
    """A pin number, 0 to 255, or None."""
    if len(part) > 3 or not part.isdigit():
        return None
    pin = int(part)
    return pin if pin <= MAX_PIN else None


def illegal(frame: Frame, reason: IllegalReason, status: Status = Status.ILLEGAL_BODY) -> Illegal:
    """The answer to a frame that cannot be taken."""
    return Illegal(frame.message_id, frame.command, reason, status)


def unknown_command(frame: Frame) -> Illegal:
    """The answer to a command number that is not in the protocol, or not in this direction."""
    return illegal(frame, IllegalReason.UNKNOWN_COMMAND, Status.ILLEGAL_COMMAND)


def parse_hardware(frame: Frame, limits: Limits) -> PinWrite | PinRead | Illegal:
    """HARDWARE, and BRIDGE from a server: "vw", pin, values; or "vr", pin; and so for digital and analog."""
    parts = frame.body.split(b"\0")
    if kind := WRITES.get(parts[0]):
        return _parse_write(frame, kind, parts, limits)
    if kind := READS.get(parts[0]):
        pin = parse_pin(parts[1]) if len(parts) > 1 else None
        return illegal(frame, IllegalReason.BAD_PIN) if pin is None else PinRead(frame.message_id, kind, pin)
    return illegal(frame, IllegalReason.UNKNOWN_KIND)


def parse_values(parts: list[bytes]) -> tuple[str, ...]:
    """The values of a write. An empty last part is a terminator, unless it is the only value."""
    if len(parts) > 1 and not parts[-1]:
        parts = parts[:-1]
    return tuple([value_text(part) for part in parts])


def _parse_write(frame: Frame, kind: PinKind, parts: list[bytes], limits: Limits) -> PinWrite | Illegal:
    if len(parts) < 3:
        return illegal(frame, IllegalReason.MISSING_PARTS)
    pin = parse_pin(parts[1])
    if pin is None:
        return illegal(frame, IllegalReason.BAD_PIN)
    values = parts[2:]
    if len(frame.body) > limits.max_pin_value and sum(map(len, values)) + len(values) - 1 > limits.max_pin_value:
        return illegal(frame, IllegalReason.TOO_LONG)
    return PinWrite(frame.message_id, kind, pin, parse_values(values))
