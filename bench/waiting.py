"""From a device's login to the open page that says so: while 200 pages wait and ask, as their script does.

Web processes as production has them, a real gateway, real sockets. Each page asks for its session's progress every
POLL_SECONDS with the version it shows and the seal it was given; devices log in one after another, and each time is
taken from the login's bytes to the answer that says "activated".
"""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from bench.servers import HOST, Bench
from bench.tokens import make_pending, make_template
from devices.models import AuthToken
from devices.views.quiet import HEADER
from devices.wire.client import ClientConnection

WEB_THREADS = 8
INFO = {"mcu": "0.1.0", "blynk": "1.4.0", "h-beat": "40", "buff-in": "1024", "dev": "ESP32"}
VERSION = re.compile(rb"seen=([0-9a-f]+)")
SEAL = re.compile(rb"(?i)landfall-quiet: ([0-9a-f.]+)")
TOLD = b"The device is activated."
SETTLING, PATIENCE = 12.0, 60.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds from a login to its page, of each device; `pages` waited, asking every `poll_ms`."""

    pages: int
    poll_ms: float
    milliseconds: Sequence[float]

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def measure(bench: Bench, *, pages: int, logins: int) -> Waits:
    """`pages` pages wait; `logins` of their devices log in, a few a second."""
    template, owner = make_template()
    pending = make_pending(pages, template=template, owner=owner)
    session_of = dict(AuthToken.objects.filter(pk__in=pending.ids).values_list("pk", "session_id"))
    sessions = [session_of[token_id] for token_id in pending.ids]
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner.user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    with bench.web(threads=WEB_THREADS) as web_port, bench.gateway() as (_, gateway_port):
        crowd = _Crowd(web_port, gateway_port, cookie)
        times = asyncio.run(crowd.run(list(zip(sessions, pending.tokens, strict=True)), logins))
    return Waits(pages, settings.POLL_SECONDS * 1000, times)


class _Crowd:
    def __init__(self, web_port: int, gateway_port: int, cookie: str) -> None:
        self._web, self._gateway, self._cookie = web_port, gateway_port, cookie
        self._told: dict[int, asyncio.Future[float]] = {}

    async def run(self, waiting: list[tuple[int, str]], logins: int) -> list[float]:
        loop = asyncio.get_running_loop()
        self._told = {session: loop.create_future() for session, _ in waiting}
        pages = [asyncio.create_task(self._page(session)) for session, _ in waiting]
        # People open their pages one by one; here all open at once, and that rush is not what is measured.
        await asyncio.sleep(SETTLING)
        found = []
        for session, token in waiting[:logins]:
            found.append(asyncio.create_task(self._device(session, token)))
            await asyncio.sleep(0.1 + random.random() * 0.2)
        async with asyncio.timeout(PATIENCE):
            times = await asyncio.gather(*found)
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
        return times

    async def _device(self, session: int, token: str) -> float:
        """Log in, tell the info block, and wait for the page; milliseconds."""
        reader, writer = await asyncio.open_connection(HOST, self._gateway)
        wire = ClientConnection()
        wire.log_in(token)
        began = time.perf_counter()
        writer.write(wire.data_to_send())
        while not wire.receive_data(await reader.read(4096)):
            pass
        wire.send_info(INFO)
        writer.write(wire.data_to_send())
        shown = await self._told[session]
        writer.close()
        return (shown - began) * 1000

    async def _page(self, session: int) -> None:
        """One page: it asks, and asks again a poll's time after it began to ask."""
        await asyncio.sleep(random.random() * settings.POLL_SECONDS)
        reader, writer = await asyncio.open_connection(HOST, self._web)
        version, seal = "", ""
        with suppress(asyncio.CancelledError):
            while True:
                began = time.perf_counter()
                head, body = await self._ask(reader, writer, session, version, seal)
                version, seal = _newer(VERSION, body, version), _newer(SEAL, head, seal)
                told = self._told[session]
                if TOLD in body and not told.done():
                    told.set_result(time.perf_counter())
                await asyncio.sleep(max(0.0, settings.POLL_SECONDS - (time.perf_counter() - began)))
        writer.close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: int, version: str, seal: str
    ) -> tuple[bytes, bytes]:
        """The head and the body of the answer."""
        writer.write(
            f"GET /sessions/{session}/?seen={version} HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={self._cookie}\r\n"
            f"{HEADER}: {seal}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return head, await reader.readexactly(int(length[1])) if length else b""


def _newer(pattern: re.Pattern[bytes], text: bytes, before: str) -> str:
    found = pattern.search(text)
    return found[1].decode() if found else before
