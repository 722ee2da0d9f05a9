"""The gateway's side of one device's connection, without input or output."""

from typing import Final

from devices.wire.commands import Command, FailureReason, Status
from devices.wire.frames import HEADER_SIZE, Frame, FrameParser, ProtocolError
from devices.wire.from_device import parse_device_frame, parse_login
from devices.wire.heartbeat import cutoff_seconds
from devices.wire.info import DEFAULT_BUFFER, Info
from devices.wire.limits import DEFAULT_LIMITS, Limits
from devices.wire.messages import (
    DeviceMessage,
    Failed,
    Illegal,
    Response,
    ServerEvent,
    Throttled,
    Unsupported,
)
from devices.wire.outbox import Outbox
from devices.wire.rate import TokenBucket
from devices.wire.states import ServerState, ServerStep, next_server_state

_PING: Final = int(Command.PING)
_INTERNAL: Final = int(Command.INTERNAL)
_RESPONSE: Final = int(Command.RESPONSE)
_LOGINS: Final = frozenset({int(Command.LOGIN), int(Command.HW_LOGIN)})
_HTTP_METHODS: Final = frozenset(b"GPHDOC")
_TLS_HANDSHAKE: Final = 0x16
_NO_LENGTH: Final = b"\0\0"
_NO_ID: Final = b"\0\0"
_RESPONSE_HEAD: Final = bytes([Command.RESPONSE])
_OK: Final = int(Status.OK).to_bytes(2)
_ANSWERED: Final = frozenset({_INTERNAL, _PING})
# Compared by identity on the hot path: hashing or looking up an enum member costs more than reading a frame.
_AWAITING_LOGIN: Final = ServerState.AWAITING_LOGIN
_AWAITING_VERDICT: Final = ServerState.AWAITING_VERDICT
_ACTIVATING: Final = ServerState.ACTIVATING
_LOGGED_IN: Final = ServerState.LOGGED_IN


class ServerConnection:
    """One connection: bytes in, events out, answers ready to be written.

    1. `receive_data` yields `Login`; the connection then waits, and keeps what comes, until `accept`,
       `accept_unactivated` or `refuse`.
    2. After `accept_unactivated` the token's first message is yielded and the connection waits again, until
       `activate` or `refuse`. `report_silence` makes it wait too when no message comes.
    3. From then on every message is yielded as it comes, except PING, which is only answered.

    RESPONSE follows every LOGIN, PING and INTERNAL; what waits for a verdict is answered by the verdict. Calls that
    take `now` want seconds of a clock that never goes back. After each call write what `data_to_send` (or, where
    `needs_segments` is true, `segments_to_send`) gives; then close where `is_closed`. Verdicts on a closed
    connection do nothing; anything else out of order raises `OutOfOrderError`.
    """

    __slots__ = (
        "_bucket",
        "_limits",
        "_login_id",
        "_out",
        "_owed_id",
        "_parser",
        "_state",
        "buffer_in",
        "cutoff_seconds",
        "has_info",
        "is_python",
        "needs_segments",
    )

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._parser = FrameParser(max_body=limits.max_login_body)
        self._bucket = TokenBucket(per_second=limits.messages_per_second, burst=limits.message_burst)
        self._out = Outbox()
        self._state = ServerState.AWAITING_LOGIN
        self._login_id = 1
        self._owed_id = 0
        self.has_info = False
        self.buffer_in = 0
        """Bytes the device takes in one message; meaningful once `has_info`."""
        self.cutoff_seconds = cutoff_seconds(None)
        """Silence, in seconds, after which the shell should give the device up."""
        self.is_python = False
        self.needs_segments = False
        """Whether the client reads one message per segment: blynklib, known by its LOGIN command."""

    @property
    def state(self) -> ServerState:
        return self._state

    @property
    def is_closed(self) -> bool:
        return self._state is ServerState.CLOSED

    @property
    def can_push(self) -> bool:
        """Whether the device may be sent something it did not ask for: not before its info block."""
        return self._state is _LOGGED_IN and self.has_info

    def answer_ping(self, data: bytes, now: float) -> bytes | None:
        """The fast path: where `data` is exactly one PING and no frame is half received, the bytes to write.

        None means that nothing was taken, and that `data` belongs to `receive_data`.
        """
        if len(data) != HEADER_SIZE or data[0] != _PING or self._state is not _LOGGED_IN:
            return None
        message_id = data[1:3]
        if message_id == _NO_ID or data[3:] != _NO_LENGTH or self._parser.buffered:
            return None
        return _RESPONSE_HEAD + message_id + _OK if self._bucket.take(now) else None

    def receive_data(self, data: bytes, now: float) -> list[ServerEvent]:
        """Take the peer's next bytes and return what they mean, in order. Never raises for anything a peer sends."""
        if self._state is ServerState.CLOSED:
            return []
        self._parser.receive_data(data)
        return self._events(now)

    def accept(self, now: float) -> list[ServerEvent]:
        """The token belongs to a device: answer 200, and return what had come in meanwhile."""
        return self._go_on(ServerStep.ACCEPTED, self._login_id, now)

    def accept_unactivated(self, now: float) -> list[ServerEvent]:
        """The token is live and belongs to no device yet: answer 200, and return at most one message."""
        return self._go_on(ServerStep.ACCEPTED_UNACTIVATED, self._login_id, now)

    def report_silence(self) -> bool:
        """Nothing came after an unactivated login: True where activation is due now, False where it already was."""
        if self._state is not ServerState.SEEN:
            return False
        self._step(ServerStep.ACTIVATION_DUE)
        return True

    def assume_defaults(self) -> None:
        """The device has sent no info block and will not: from now on it may be sent what fits the smallest buffer."""
        if self._state is _LOGGED_IN and not self.has_info:
            self.has_info, self.buffer_in = True, DEFAULT_BUFFER

    def activate(self, now: float) -> list[ServerEvent]:
        """The device exists: answer an info block that waited with 200, and return what had come in meanwhile."""
        return self._go_on(ServerStep.ACTIVATED, self._owed_id, now)

    def refuse(self, status: Status) -> None:
        """Answer the login, or the message that waits, with `status`, and close.

        `INVALID_TOKEN` only where the token is certainly unknown, expired or revoked: it throws boards back into
        setup mode. After a login `NOT_AUTHENTICATED` makes clients log in anew.
        """
        if self._step(ServerStep.REFUSED):
            self._out.respond(self._owed_id or self._login_id, status)

    def close(self) -> None:
        """The peer has gone, or is to go without a word."""
        self._step(ServerStep.CLOSED)

    def data_to_send(self) -> bytes:
        """Take everything that is ready to be written."""
        return self._out.data()

    def segments_to_send(self) -> list[bytes]:
        """Take the same, one message per item, for clients that read one message per segment."""
        return self._out.segments()

    @property
    def outbox(self) -> Outbox:
        """Where `push` adds its messages."""
        return self._out

    def _step(self, step: ServerStep) -> bool:
        """Move along the table; False where the connection was closed already."""
        was_closed = self._state is ServerState.CLOSED
        self._state = next_server_state(self._state, step)
        return not was_closed

    def _go_on(self, step: ServerStep, owed_id: int, now: float) -> list[ServerEvent]:
        if not self._step(step):
            return []
        self._parser.max_body = self._limits.max_frame_body
        if owed_id:
            self._out.respond(owed_id, Status.OK)
        self._owed_id = 0
        return self._events(now)

    def _events(self, now: float) -> list[ServerEvent]:
        events: list[ServerEvent] = []
        try:
            self._read(events, now)
        except ProtocolError as error:
            self._step(ServerStep.FAILED)
            events.append(Failed(error.reason))
        return events

    def _read(self, events: list[ServerEvent], now: float) -> None:
        parser = self._parser
        if self._state is _AWAITING_LOGIN and not self._read_login(events):
            return
        while self._state is not _AWAITING_VERDICT and self._state is not _ACTIVATING:
            frame = parser.next_frame()
            if frame is None:
                return
            self._take(frame, events, now)
        if parser.buffered > self._limits.max_held_bytes:
            parser.fail(FailureReason.HELD_TOO_MUCH)

    def _expect_login(self) -> None:
        """Judge a stranger by the first byte, so that what is no login costs nothing and is told apart."""
        command = self._parser.peek_command()
        if command is None or command in _LOGINS:
            return
        if command == _TLS_HANDSHAKE:
            self._parser.fail(FailureReason.TLS_HELLO)
        if command in _HTTP_METHODS:
            self._parser.fail(FailureReason.HTTP_REQUEST)
        self._parser.fail(FailureReason.LOGIN_EXPECTED)

    def _read_login(self, events: list[ServerEvent]) -> bool:
        """Whether the first frame is there; it is a login, or `_expect_login` has raised."""
        self._expect_login()
        frame = self._parser.next_frame()
        if frame is None:
            return False
        login = parse_login(frame)
        self._login_id = frame.message_id or 1
        self.needs_segments = login.is_legacy
        self._step(ServerStep.LOGIN_RECEIVED)
        events.append(login)
        return True

    def _take(self, frame: Frame, events: list[ServerEvent], now: float) -> None:
        if not self._bucket.take(now):
            if frame.command != _RESPONSE:
                self._out.respond(frame.message_id, Status.QUOTA_EXCEEDED)
            events.append(Throttled(frame.message_id, frame.command))
            return
        if frame.command == _PING and self._state is _LOGGED_IN:
            self._out.respond(frame.message_id, Status.OK)
            return
        message = parse_device_frame(frame, self._limits)
        if isinstance(message, Info):
            self._learn(message)
        events.append(message)
        if self._state is ServerState.SEEN and not isinstance(message, Illegal | Response):
            self._step(ServerStep.ACTIVATION_DUE)
            if isinstance(message, Info):
                self._owed_id = frame.message_id or 1
                return
        self._answer(frame, message)

    def _answer(self, frame: Frame, message: DeviceMessage) -> None:
        if isinstance(message, Illegal):
            self._out.respond(frame.message_id, message.status)
        elif isinstance(message, Unsupported):
            self._out.respond(frame.message_id, Status.ILLEGAL_COMMAND)
        elif frame.command in _ANSWERED:
            self._out.respond(frame.message_id, Status.OK)

    def _learn(self, info: Info) -> None:
        self.has_info = True
        self.buffer_in = info.buffer_in
        self.cutoff_seconds = cutoff_seconds(info.heartbeat)
        self.is_python = info.is_python
