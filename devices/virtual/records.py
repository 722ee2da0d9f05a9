"""The small receive buffer of an ESP8266: a line to the server that breaks at a TLS record which does not fit.

An ESP8266 keeps 2,048 bytes for what it receives and asks the server for records of that size (protocol.md §1.8).
Python's TLS cannot ask for it, so no server cuts its records: this plays a board whose wish is not honoured.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Final

RECEIVE_BYTES: Final = 2048
CIPHER_BYTES: Final = 256
"""By how much a record may be longer than what is in it (RFC 8446 §5.2)."""
_HEADER_BYTES: Final = 5
_READ_BYTES: Final = 4096


class RecordTooLargeError(OSError):
    """The server sent a record that the board has no room for."""


class Records:
    """The lengths of the records in a stream, from its bytes as they come."""

    def __init__(self, *, most: int = RECEIVE_BYTES + CIPHER_BYTES) -> None:
        self._most = most
        self._header = bytearray()
        self._left = 0
        self.is_too_large = False

    def take(self, data: bytes) -> None:
        """Look at the next bytes of the stream; `is_too_large` is true from the first record that does not fit."""
        position = 0
        while position < len(data) and not self.is_too_large:
            if self._left:
                step = min(self._left, len(data) - position)
                self._left -= step
            else:
                step = min(_HEADER_BYTES - len(self._header), len(data) - position)
                self._header += data[position : position + step]
                self._begin()
            position += step

    def _begin(self) -> None:
        if len(self._header) == _HEADER_BYTES:
            self._left = int.from_bytes(self._header[3:])
            self.is_too_large = self._left > self._most
            self._header.clear()


class Line:
    """`end` is where the board speaks and listens, as at a connection of its own."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.records = Records()

    async def down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """From the server to the board, until a record does not fit."""
        with contextlib.suppress(OSError):
            while (data := await reader.read(_READ_BYTES)) and not self.records.is_too_large:
                self.records.take(data)
                if not self.records.is_too_large:
                    writer.write(data)
                    await writer.drain()
        writer.close()

    async def up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """From the board to the server."""
        with contextlib.suppress(OSError):
            while data := await reader.read(_READ_BYTES):
                writer.write(data)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def line_to(host: str, port: int) -> AsyncIterator[Line]:
    """A line to the server for the length of the block. Raises OSError when nobody answers."""
    server_reader, server_writer = await asyncio.open_connection(host, port)
    near, far = socket.socketpair()
    board_reader, board_writer = await asyncio.open_connection(sock=far)
    line = Line(near)
    work = [
        asyncio.create_task(line.down(server_reader, board_writer)),
        asyncio.create_task(line.up(board_reader, server_writer)),
    ]
    try:
        yield line
    finally:
        for writer in (server_writer, board_writer):
            writer.transport.abort()
        await asyncio.gather(*work, return_exceptions=True)
        near.close()
