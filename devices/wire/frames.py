"""Frames: the five-byte header and the body behind it."""

from struct import Struct
from typing import Final, NamedTuple, NoReturn

from devices.wire.commands import Command, FailureReason

HEADER: Final = Struct("!BHH")
HEADER_SIZE: Final = HEADER.size
_RESPONSE: Final = int(Command.RESPONSE)


class Frame(NamedTuple):
    """One frame. `status` is set on a RESPONSE, which has no body, and 0 on everything else."""

    command: int
    message_id: int
    status: int
    body: bytes


class ProtocolError(Exception):
    """The peer broke the framing or the order so badly that nothing after it can be trusted."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FrameParser:
    """Cuts a stream into frames; the same frames come out however the stream was chunked.

    Holds at most one incomplete frame of `max_body` bytes plus what its owner has not yet asked for. A chunk that
    holds whole frames is read in place, and one that completes nothing costs only its own length. `max_body` may be
    changed between two frames. After a `ProtocolError` every further call raises the same one.
    """

    __slots__ = ("_buffer", "_error", "_offset", "max_body")

    def __init__(self, *, max_body: int) -> None:
        self.max_body = max_body
        self._buffer: bytes | bytearray = b""
        self._offset = 0
        self._error: FailureReason | None = None

    @property
    def buffered(self) -> int:
        """Bytes received and not yet returned as frames."""
        return len(self._buffer) - self._offset

    def receive_data(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        if not self.buffered:
            self._buffer = data
            self._offset = 0
            return
        if isinstance(self._buffer, bytes):
            self._buffer = bytearray(memoryview(self._buffer)[self._offset :])
        elif self._offset:
            del self._buffer[: self._offset]
        self._offset = 0
        self._buffer += data

    def peek_command(self) -> int | None:
        """The command of the next frame, known from its first byte, or None."""
        return self._buffer[self._offset] if self.buffered else None

    def next_frame(self) -> Frame | None:
        """The next whole frame, or None until more bytes come.

        Raises `ProtocolError` as soon as a header announces a body above `max_body`.
        """
        if self._error is not None:
            raise ProtocolError(self._error)
        buffer, start = self._buffer, self._offset
        body_start = start + HEADER_SIZE
        if len(buffer) < body_start:
            self._wait()
            return None
        command, message_id, length = HEADER.unpack_from(buffer, start)
        if command == _RESPONSE:
            self._offset = body_start
            return Frame(command, message_id, length, b"")
        if length > self.max_body:
            self.fail(FailureReason.FRAME_TOO_LARGE)
        end = body_start + length
        if len(buffer) < end:
            self._wait()
            return None
        self._offset = end
        return Frame(command, message_id, 0, bytes(buffer[body_start:end]) if length else b"")

    def fail(self, reason: FailureReason) -> NoReturn:
        """Stop for good: drop what is buffered and raise `ProtocolError`, now and on every later call."""
        self._error = reason
        self._buffer, self._offset = b"", 0
        raise ProtocolError(reason)

    def _wait(self) -> None:
        """Let go of the bytes already returned, so that a small rest does not keep a large chunk alive."""
        if self._offset:
            self._buffer = bytearray(memoryview(self._buffer)[self._offset :]) if self.buffered else b""
            self._offset = 0
