"""What frames mean: one small type per message, in both directions."""

from dataclasses import dataclass

from devices.wire.commands import FailureReason, IllegalReason, PinKind, Status, UtcKind
from devices.wire.info import Info


@dataclass(frozen=True, slots=True)
class Login:
    """LOGIN or HW_LOGIN. `is_legacy` marks command 2, which only blynklib and old tools use."""

    message_id: int
    token: bytes
    is_legacy: bool


@dataclass(frozen=True, slots=True)
class Ping:
    message_id: int


@dataclass(frozen=True, slots=True)
class Response:
    """A RESPONSE to one of our messages. `status` stays a number: peers may send any."""

    message_id: int
    status: int


@dataclass(frozen=True, slots=True)
class RtcRequest:
    message_id: int


@dataclass(frozen=True, slots=True)
class UtcRequest:
    message_id: int
    kind: UtcKind


@dataclass(frozen=True, slots=True)
class MetaGet:
    message_id: int
    name: str


@dataclass(frozen=True, slots=True)
class MetaSet:
    message_id: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PinWrite:
    """A value, or several, for one pin. From a device it is a reading, from a server an order."""

    message_id: int
    kind: PinKind
    pin: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinRead:
    """A request for a pin's value; a device answers digital and analog ones with the same message id."""

    message_id: int
    kind: PinKind
    pin: int


@dataclass(frozen=True, slots=True)
class PinSync:
    """A device asks for the values last written to it. `pins` is None where it asks for all."""

    message_id: int
    kind: PinKind
    pins: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class PropertyWrite:
    message_id: int
    pin: int
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupBegin:
    """The messages up to `GroupEnd` belong together; `timestamp_ms` is Unix time in milliseconds, or None."""

    message_id: int
    timestamp_ms: int | None


@dataclass(frozen=True, slots=True)
class GroupEnd:
    message_id: int


@dataclass(frozen=True, slots=True)
class EventLog:
    message_id: int
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class EventClear:
    message_id: int
    code: str
    is_all: bool


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A message that exists in the protocol and that Landfall does not offer. `name` says which INTERNAL it was."""

    message_id: int
    command: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Illegal:
    """A message that was not taken; it has been answered with `status`, and the connection lives."""

    message_id: int
    command: int
    reason: IllegalReason
    status: Status


@dataclass(frozen=True, slots=True)
class Throttled:
    """A message above the rate limit: dropped, and answered with status 1."""

    message_id: int
    command: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The last event of a connection that the peer's bytes have ended: write what is left, then close."""

    reason: FailureReason


@dataclass(frozen=True, slots=True)
class LoginAccepted:
    message_id: int


@dataclass(frozen=True, slots=True)
class LoginRefused:
    message_id: int
    status: int


@dataclass(frozen=True, slots=True)
class Redirect:
    message_id: int
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class DebugPrint:
    message_id: int
    text: str


@dataclass(frozen=True, slots=True)
class ConsoleCommand:
    """A command for the board's own console, such as "reboot" or "config start" (library 1.2 and later)."""

    message_id: int
    command: str


@dataclass(frozen=True, slots=True)
class FirmwareUpdate:
    message_id: int
    url: str


@dataclass(frozen=True, slots=True)
class InternalReply:
    """An INTERNAL from the server: `name` is "rtc", "utc", "meta", "acon", "adis" or "vfs"."""

    message_id: int
    name: str
    values: tuple[str, ...]


type DeviceMessage = (
    Ping
    | Response
    | Info
    | RtcRequest
    | UtcRequest
    | MetaGet
    | MetaSet
    | PinWrite
    | PinSync
    | PropertyWrite
    | GroupBegin
    | GroupEnd
    | EventLog
    | EventClear
    | Unsupported
    | Illegal
)
type ServerEvent = Login | DeviceMessage | Throttled | Failed

type ServerMessage = PinWrite | PinRead | Redirect | DebugPrint | ConsoleCommand | FirmwareUpdate | InternalReply
type ClientEvent = LoginAccepted | LoginRefused | Ping | Response | ServerMessage | Unsupported | Illegal | Failed
