"""One message per segment, for blynklib: of what one `recv` returns it reads only the first message."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

PACE_SECONDS: Final = 0.05
SEGMENTS_KEPT: Final = 1024


class Pacer:
    """Writes segments some time apart, so that a client that polls its socket finds them one by one.

    blynklib 0.2.6 waits for data at most 50 ms at a time. The oldest of more than `SEGMENTS_KEPT` are dropped.
    """

    __slots__ = ("_last_at", "_loop", "_segments", "_timer", "_transport")

    def __init__(self, transport: asyncio.WriteTransport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._segments: deque[bytes] = deque(maxlen=SEGMENTS_KEPT)
        self._timer: asyncio.TimerHandle | None = None
        self._last_at = 0.0

    def add(self, segments: Sequence[bytes]) -> None:
        """Write these after those that wait; at once where nothing was written of late."""
        self._segments.extend(segments)
        if self._timer is None and self._segments:
            self._write_next()

    def flush(self) -> None:
        """Write all that waits, because the connection ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._segments:
            self._transport.write(self._segments.popleft())

    def _write_next(self) -> None:
        self._timer = None
        if self._transport.is_closing() or not self._segments:
            return
        wait = self._last_at + PACE_SECONDS - self._loop.time()
        if wait <= 0:
            self._transport.write(self._segments.popleft())
            self._last_at = self._loop.time()
            wait = PACE_SECONDS
        if self._segments:
            self._timer = self._loop.call_later(wait, self._write_next)
