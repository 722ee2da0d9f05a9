"""One connection of a virtual board with its server, from the first try to its end."""

import asyncio
import random
import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import assert_never

from devices.virtual.agenda import Agenda, Duty
from devices.virtual.endings import Ending
from devices.virtual.link import Link
from devices.virtual.serial_log import SerialLog
from devices.virtual.sketch import Readings, Sketch
from devices.virtual.timings import Timings
from devices.wire.client import ClientConnection
from devices.wire.commands import Status
from devices.wire.messages import (
    ClientEvent,
    ConsoleCommand,
    DebugPrint,
    Failed,
    FirmwareUpdate,
    Illegal,
    InternalReply,
    LoginAccepted,
    LoginRefused,
    Ping,
    PinRead,
    PinWrite,
    Redirect,
    Response,
    Unsupported,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, and what it does at the turns: `settled` after the login and its info, `obey` for INTERNAL "dbg"."""

    token: str = field(repr=False)
    info: dict[str, str]
    settled: Callable[[ClientConnection], None]
    obey: Callable[[str], Ending | None]
    failed: Callable[[Exception], str]
    is_dying: bool = False
    tls: ssl.SSLContext | None = None
    has_small_buffer: bool = False


class Conversation:
    """From one boot to the next: `server` is where it calls, which a redirect changes."""

    def __init__(self, caller: Caller, server: tuple[str, int], *, log: SerialLog, timings: Timings) -> None:
        self._caller = caller
        self._log = log
        self._timings = timings
        self._clock = asyncio.get_running_loop().time
        self._sketch = Sketch(random.Random())  # noqa: S311 - a thermometer keeps no secret
        self.server = server

    async def visit(self) -> Ending:
        """One connection, from its first try to its end."""
        host, port = self.server
        self._log.line(f"Connecting to {host}:{port}")
        try:
            async with self._link(host, port) as link:
                if self._caller.tls is not None:
                    self._log.line("Certificate OK")
                return await self._converse(link)
        # A host that is no name at all is a ValueError.
        except (OSError, ValueError) as error:
            self._log.line(self._caller.failed(error))
            return Ending.LOST

    def _link(self, host: str, port: int) -> AbstractAsyncContextManager[Link]:
        return Link.open(
            host,
            port,
            seconds=self._timings.login,
            tls=self._caller.tls,
            has_small_buffer=self._caller.has_small_buffer,
        )

    async def _converse(self, link: Link) -> Ending:
        """Log in, then do what is due and what the server asks for, in turn."""
        agenda = Agenda.opened(self._timings, now=self._clock())
        link.wire.log_in(self._caller.token)
        while True:
            if await link.flush(seconds=self._timings.login):
                agenda.spoke_at = self._clock()
            if link.wire.is_closed:
                return Ending.LOST
            for event in await link.receive(until=agenda.next_at()):
                agenda.heard_at = self._clock()
                ending = await self._take(event, link, agenda)
                if ending is not None:
                    return ending
            ending = self._do_due(link, agenda)
            if ending is not None:
                return ending

    def _do_due(self, link: Link, agenda: Agenda) -> Ending | None:
        duty = None if link.wire.is_closed else agenda.due(now=self._clock())
        match duty:
            case None:
                return None
            case Duty.MEASURE:
                agenda.measured_at = self._clock()
                self._report(link, self._sketch.measure(uptime_seconds=self._log.uptime_seconds))
            case Duty.PING:
                agenda.pinged_at = self._clock()
                link.wire.send_ping()
            case Duty.GIVE_UP_LOGIN:
                self._log.line("Login timeout")
                return Ending.LOST
            case Duty.GIVE_UP_SERVER:
                self._log.line("Heartbeat timeout")
                return Ending.LOST
            case _:
                assert_never(duty)
        return None

    async def _take(self, event: ClientEvent, link: Link, agenda: Agenda) -> Ending | None:
        match event:
            case LoginAccepted():
                return await self._settle(link, agenda)
            case LoginRefused(status=status):
                return self._leave(status, is_logged_in=agenda.is_logged_in)
            case PinWrite():
                self._report(link, self._sketch.obey(event))
            case PinRead():
                values = self._sketch.read(event)
                if values is not None:
                    link.wire.answer_read(event, values)
            case ConsoleCommand(command=command):
                return self._caller.obey(command)
            case Redirect(host=host, port=port):
                self._log.line(f"Redirecting to {host}:{port}")
                self.server = (host, port)
                return Ending.LOST
            case DebugPrint(text=text):
                self._log.line(f"Server: {text}")
            case Ping() | Response() | InternalReply() | FirmwareUpdate() | Unsupported() | Illegal() | Failed():
                return None
            case _:
                assert_never(event)
        return None

    async def _settle(self, link: Link, agenda: Agenda) -> Ending | None:
        """The login was accepted: say who we are, then whatever the board has to say."""
        now = self._clock()
        self._log.line(f"Ready (ping: {round((now - agenda.opened_at) * 1000)}ms).")
        agenda.log_in(now=now)
        if self._caller.is_dying:
            await link.wait_until_gone()
            return Ending.DIED
        link.wire.send_info(self._caller.info)
        self._caller.settled(link.wire)
        return None

    def _leave(self, status: int, *, is_logged_in: bool) -> Ending:
        """The server does not want us; the library says nothing where that comes after the login."""
        if is_logged_in:
            return Ending.LOST
        if status == Status.INVALID_TOKEN:
            self._log.line("Invalid auth token")
            return Ending.REFUSED
        self._log.line(f"Connect failed. code: {status}")
        return Ending.LOST

    def _report(self, link: Link, readings: Readings) -> None:
        for pin, values in readings.items():
            link.wire.send_pin_write(pin, values)
