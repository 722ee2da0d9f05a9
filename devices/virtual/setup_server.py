"""The setup server of a virtual board on a real socket: a thin shell around `setup_pages`."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from devices.virtual import http_request
from devices.virtual.firmware import Firmware, Kind
from devices.virtual.http_request import BODY_BYTES, HEAD_BYTES, Request
from devices.virtual.setup_pages import Answer

MOST_CONNECTIONS: Final = 8
UPDATE_BYTES: Final = 1_310_720
"""The room for a firmware in the ESP32's default partition table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The board's side: `joined` when somebody connects, `answer` for each request, `done` once an answer is out."""

    joined: Callable[[], None]
    answer: Callable[[Request, bytes], Answer]
    refuse_update: Callable[[], Answer]
    done: Callable[[Answer], None]


class SetupServer:
    """Serves while it is open. Whatever a peer sends or leaves unsent, it costs a bounded time and bounded memory."""

    def __init__(self, firmware: Firmware, desk: Desk, *, peer_seconds: float, scan_seconds: float) -> None:
        self._firmware = firmware
        self._desk = desk
        self._peer_seconds = peer_seconds
        self._scan_seconds = scan_seconds
        self._server: asyncio.Server | None = None
        self.connections: set[asyncio.StreamWriter] = set()

    async def open(self, host: str, port: int) -> int:
        """Listen; returns the port, which is chosen where `port` is 0. Raises OSError where it is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=HEAD_BYTES, reuse_address=True)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and hang up on everybody."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for writer in list(self.connections):
            writer.transport.abort()
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self.connections) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        self.connections.add(writer)
        try:
            self._desk.joined()
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._talk(reader, writer)
        finally:
            self.connections.discard(writer)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(self._peer_seconds):
            head = await _head(reader)
            is_by_hand = self._firmware.kind is Kind.MKR
            request = http_request.read_line_by_hand(head) if is_by_hand else http_request.read_head(head)
        if request is None:
            return
        answer = await self._answered(request, reader)
        if answer is None:
            return
        if answer.is_slow:
            await asyncio.sleep(self._scan_seconds)
        if answer.status is not None:
            write = by_hand if is_by_hand else written
            writer.write(write(answer, answer.status))
            async with asyncio.timeout(self._peer_seconds):
                await writer.drain()
        # What follows may close this server; the answer has to leave first.
        self.connections.discard(writer)
        writer.close()
        self._desk.done(answer)

    async def _answered(self, request: Request, reader: asyncio.StreamReader) -> Answer | None:
        """The answer to the request and its body; None where the body is more than the board has memory for."""
        if request.path == "/update" and request.method == "POST" and self._firmware.has_update:
            start, is_whole = await self._upload(request, reader)
            return self._desk.answer(request, start) if is_whole else self._desk.refuse_update()
        if not 0 <= request.body_length <= BODY_BYTES:
            return None
        async with asyncio.timeout(self._peer_seconds):
            body = await reader.readexactly(request.body_length)
        return self._desk.answer(request, body)

    async def _upload(self, request: Request, reader: asyncio.StreamReader) -> tuple[bytes, bool]:
        """The start of an uploaded file, and whether it came whole and fits; the rest is read and thrown away."""
        start = b""
        left = request.body_length
        is_fitting = 0 <= left <= UPDATE_BYTES + HEAD_BYTES
        while left > 0 and is_fitting:
            async with asyncio.timeout(self._peer_seconds):
                data = await reader.read(min(left, 65_536))
            if not data:
                return start, False
            left -= len(data)
            start = start if len(start) >= HEAD_BYTES else (start + data)[: 2 * HEAD_BYTES]
        return start, is_fitting


async def _head(reader: asyncio.StreamReader) -> bytes:
    """Everything up to the blank line, which may end in LF alone.."""
    lines: list[bytes] = []
    size = 0
    while True:
        line = await reader.readuntil(b"\n")
        size += len(line)
        if size > HEAD_BYTES:
            raise asyncio.LimitOverrunError("the head is too long", size)
        if not line.strip(b"\r\n"):
            return b"".join(lines)
        lines.append(line)


def written(answer: Answer, status: HTTPStatus) -> bytes:
    """The answer as Arduino's WebServer writes it."""
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {answer.content_type}\r\n"
    if answer.pieces:
        head += "Accept-Ranges: none\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        chunks = [f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in (*answer.pieces, b"")]
        return head.encode() + b"".join(chunks)
    head += f"Content-Length: {len(answer.body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + answer.body


def by_hand(answer: Answer, status: HTTPStatus) -> bytes:
    """The answer as an MKR board prints it: no length, its end is the end of the connection."""
    reason = "200 OK" if status is HTTPStatus.OK else "500 Internal Error"
    return f"HTTP/1.1 {reason}\r\nContent-type:{answer.content_type}\r\n\r\n".encode() + answer.body + b"\r\n"
