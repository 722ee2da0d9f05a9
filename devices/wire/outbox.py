"""What is ready to be written, message by message, and the numbering of what we start ourselves."""

from typing import Final

from devices.wire.build import MAX_MESSAGE_ID
from devices.wire.commands import Command
from devices.wire.frames import HEADER

_RESPONSE: Final = int(Command.RESPONSE)


class Outbox:
    """Collects whole messages until the shell writes them."""

    __slots__ = ("_last_id", "_segments")

    def __init__(self) -> None:
        self._last_id = 0
        self._segments: list[bytes] = []

    def next_id(self) -> int:
        """The next message id, 1 to 65535 and round again: clients disconnect on 0."""
        self._last_id = self._last_id % MAX_MESSAGE_ID + 1
        return self._last_id

    def add(self, frame: bytes) -> None:
        self._segments.append(frame)

    def respond(self, message_id: int, status: int) -> None:
        """Add a RESPONSE. blynklib numbers everything 0 after 65,535 messages; it is answered under 1."""
        self._segments.append(HEADER.pack(_RESPONSE, message_id or 1, status))

    def segments(self) -> list[bytes]:
        """Take what is ready, one item per message."""
        taken, self._segments = self._segments, []
        return taken

    def data(self) -> bytes:
        """Take what is ready as one run of bytes."""
        segments = self._segments
        if not segments:
            return b""
        data = segments[0] if len(segments) == 1 else b"".join(segments)
        segments.clear()
        return data
