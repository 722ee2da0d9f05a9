"""One TCP connection of a virtual board: a thin shell around `devices.wire`."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Self

from devices.virtual.records import RecordTooLargeError, line_to
from devices.wire.client import ClientConnection
from devices.wire.messages import ClientEvent

READ_BYTES = 4096


class Link:
    """Bytes in, events out. A connection that breaks is a closed `wire`, never an exception."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.wire = ClientConnection()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, host: str, port: int, *, seconds: float, tls: ssl.SSLContext | None = None, has_small_buffer: bool = False
    ) -> AsyncIterator[Self]:
        """Connect within `seconds`, and hang up at the end.

        Raises OSError when nobody answers, the certificate is not to be trusted, or with `has_small_buffer` a record
        does not fit; ValueError for what is no host.
        """
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(seconds):
                if tls is not None and has_small_buffer:
                    reader, writer = await _through_small_buffer(stack, host, port, tls)
                else:
                    name = host if tls is not None else None
                    reader, writer = await asyncio.open_connection(host, port, ssl=tls, server_hostname=name)
            try:
                yield cls(reader, writer)
            finally:
                # Nothing waits for a peer that does not read.
                writer.transport.abort()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

    async def receive(self, *, until: float) -> list[ClientEvent]:
        """What the server says next; nothing when it stays silent until that moment of the loop's clock."""
        try:
            async with asyncio.timeout_at(until):
                data = await self._reader.read(READ_BYTES)
        except TimeoutError:
            return []
        except OSError:
            data = b""
        if not data:
            self.wire.close()
        return self.wire.receive_data(data)

    async def flush(self, *, seconds: float) -> bool:
        """Write what is ready, and give a server that does not read up after `seconds`. Whether there was anything."""
        data = self.wire.data_to_send()
        if not data:
            return False
        try:
            async with asyncio.timeout(seconds):
                self._writer.write(data)
                await self._writer.drain()
        except OSError:
            self.wire.close()
        return True

    async def wait_until_gone(self) -> None:
        """Do nothing until the server hangs up."""
        with contextlib.suppress(OSError):
            while await self._reader.read(READ_BYTES):
                pass


async def _through_small_buffer(
    stack: contextlib.AsyncExitStack, host: str, port: int, tls: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    line = await stack.enter_async_context(line_to(host, port))
    try:
        return await asyncio.open_connection(sock=line.end, ssl=tls, server_hostname=host)
    except OSError as error:
        if line.records.is_too_large:
            raise RecordTooLargeError("a record is longer than the buffer") from error
        raise
