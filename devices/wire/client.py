"""A device's side of the connection, behaving as the C++ library does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from devices.wire import build
from devices.wire.commands import Command, FailureReason, PinKind, Status, UtcKind
from devices.wire.frames import Frame, FrameParser, ProtocolError
from devices.wire.from_server import parse_server_frame
from devices.wire.limits import DEFAULT_LIMITS, Limits
from devices.wire.messages import (
    ClientEvent,
    Failed,
    Illegal,
    LoginAccepted,
    LoginRefused,
    Ping,
    PinRead,
)
from devices.wire.outbox import Outbox
from devices.wire.states import (
    ClientState,
    ClientStep,
    OutOfOrderError,
    next_client_state,
)

type _Maker = Callable[[int], bytes]

_ACCEPTING: Final = frozenset({Status.OK, Status.ALREADY_REGISTERED})


class ClientConnection:
    """One connection of a virtual device: `log_in`, then `send_…`; PING is answered by itself.

    Disconnects where the library would: message id 0, an unknown command, a message above
    `limits.max_frame_body`, and status 5 after the login. After each call write what `data_to_send` gives; then
    close where `is_closed`. Sending before the login was accepted raises `OutOfOrderError`.
    """

    __slots__ = ("_limits", "_login_id", "_out", "_parser", "_state")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._parser = FrameParser(max_body=limits.max_frame_body)
        self._out = Outbox()
        self._state = ClientState.NOT_LOGGED_IN
        self._login_id = 0

    @property
    def state(self) -> ClientState:
        return self._state

    @property
    def is_closed(self) -> bool:
        return self._state is ClientState.CLOSED

    def log_in(self, token: str, *, is_legacy: bool = False) -> None:
        """Send the token, as the first message; `is_legacy` does it as blynklib does."""
        self._state = next_client_state(self._state, ClientStep.LOGIN_SENT)
        self._login_id = self._out.next_id()
        self._out.add(build.login(self._login_id, token, is_legacy=is_legacy))

    def receive_data(self, data: bytes) -> list[ClientEvent]:
        """Take the server's next bytes and return what they mean, in order. Never raises for anything it sends."""
        if self.is_closed:
            return []
        events: list[ClientEvent] = []
        self._parser.receive_data(data)
        try:
            while not self.is_closed and (frame := self._parser.next_frame()) is not None:
                events.append(self._take(frame))
        except ProtocolError as error:
            self._state = next_client_state(self._state, ClientStep.FAILED)
            events.append(Failed(error.reason))
        return events

    def send_info(self, pairs: Mapping[str, object]) -> int:
        """Send the info block and return its message id, as every `send_…` does."""
        return self._send(lambda message_id: build.info(message_id, pairs))

    def send_ping(self) -> int:
        return self._send(build.ping)

    def send_pin_write(self, pin: int, values: Sequence[object], kind: PinKind = PinKind.VIRTUAL) -> int:
        return self._send(lambda message_id: build.pin_write(message_id, kind, pin, values))

    def send_sync(self, pins: Sequence[int] | None = None) -> int:
        """Ask for the last values of some virtual pins, or of all."""
        return self._send(lambda message_id: build.sync(message_id, pins))

    def send_property(self, pin: int, name: str, values: Sequence[object]) -> int:
        return self._send(lambda message_id: build.property_write(message_id, pin, name, values))

    def send_event(self, code: str, description: str = "") -> int:
        return self._send(lambda message_id: build.event_log(message_id, code, description))

    def send_event_clear(self, code: str, *, is_all: bool = False) -> int:
        return self._send(lambda message_id: build.event_clear(message_id, code, is_all=is_all))

    def send_group_begin(self, timestamp_ms: int | None = None) -> int:
        return self._send(lambda message_id: build.group_begin(message_id, timestamp_ms))

    def send_group_end(self) -> int:
        return self._send(build.group_end)

    def send_meta_get(self, name: str) -> int:
        return self._send(lambda message_id: build.meta_get(message_id, name))

    def send_meta_set(self, name: str, value: str) -> int:
        return self._send(lambda message_id: build.meta_set(message_id, name, value))

    def send_rtc_request(self) -> int:
        return self._send(build.rtc_request)

    def send_utc_request(self, kind: UtcKind) -> int:
        return self._send(lambda message_id: build.utc_request(message_id, kind))

    def answer_read(self, read: PinRead, values: Sequence[object]) -> None:
        """Answer a `PinRead` under its own message id."""
        self._require_login()
        self._out.add(build.pin_write(read.message_id, read.kind, read.pin, values))

    def close(self) -> None:
        """The server has gone, or is to be left."""
        self._state = next_client_state(self._state, ClientStep.CLOSED)

    def data_to_send(self) -> bytes:
        """Take everything that is ready to be written."""
        return self._out.data()

    def segments_to_send(self) -> list[bytes]:
        """Take the same, one message per item."""
        return self._out.segments()

    def _send(self, make: _Maker) -> int:
        self._require_login()
        message_id = self._out.next_id()
        self._out.add(make(message_id))
        return message_id

    def _require_login(self) -> None:
        if self._state is not ClientState.LOGGED_IN:
            raise OutOfOrderError(f"nothing can be sent while {self._state}")

    def _take(self, frame: Frame) -> ClientEvent:
        if frame.message_id == 0:
            self._parser.fail(FailureReason.MESSAGE_ID_ZERO)
        if frame.command == Command.RESPONSE and self._state is not ClientState.NOT_LOGGED_IN:
            verdict = self._take_verdict(frame)
            if verdict is not None:
                return verdict
        message = parse_server_frame(frame, self._limits)
        if message is None:
            self._parser.fail(FailureReason.UNKNOWN_COMMAND)
        if isinstance(message, Ping):
            self._out.respond(message.message_id, Status.OK)
        elif isinstance(message, Illegal):
            self._out.respond(message.message_id, message.status)
        return message

    def _take_verdict(self, frame: Frame) -> LoginAccepted | LoginRefused | None:
        """Read a RESPONSE that decides about the login: the login's own, or a later status 5."""
        is_pending = self._state is ClientState.AWAITING_VERDICT
        if is_pending and frame.message_id == self._login_id and frame.status in _ACCEPTING:
            self._state = next_client_state(self._state, ClientStep.ACCEPTED)
            return LoginAccepted(frame.message_id)
        is_refused = frame.message_id == self._login_id if is_pending else frame.status == Status.NOT_AUTHENTICATED
        if not is_refused:
            return None
        self._state = next_client_state(self._state, ClientStep.REFUSED)
        return LoginRefused(frame.message_id, frame.status)
