"""Setup mode: the hotspot and its server (Blynk library 1.0.1 to 1.4.0, `enterConfigMode`)."""

import asyncio
from asyncio import StreamWriter
from collections.abc import Callable

from devices.virtual import setup_pages
from devices.virtual.blob import ErrorCode
from devices.virtual.core import Core
from devices.virtual.endings import Fault
from devices.virtual.firmware import Kind
from devices.virtual.http_request import Request
from devices.virtual.setup_pages import Answer, Setup
from devices.virtual.setup_server import Desk, SetupServer
from devices.virtual.states import State


class SetupMode:
    """`done` is called once an answer is out, with what it leads to; `port` is 0 while the hotspot is closed."""

    def __init__(self, core: Core, done: Callable[[Answer], None]) -> None:
        self._core = core
        self._done = done
        self.port = 0
        self.connections: set[StreamWriter] = set()

    async def run(self) -> None:
        """Open the hotspot and serve until somebody has configured the board."""
        times = self._core.parts.times
        is_slow = self._core.firmware.kind in {Kind.WIO, Kind.MKR}
        if is_slow:
            self._core.log.line("Scanning networks...")
            await asyncio.sleep(times.scan)
            self._core.log.line(f"Found networks: {len(self._core.parts.networks)}")
        await asyncio.sleep(times.hotspot)
        name = self._core.firmware.hotspot(self._core.parts.mac)
        has_opened = not name.too_long and self._core.parts.fault is not Fault.NO_HOTSPOT
        self._tell_hotspot(name.text, has_opened=has_opened)
        if not has_opened and self._core.firmware.kind is Kind.ESP8266:
            self._core.set_error(ErrorCode.INTERNAL)
            self._core.log.enter(State.ERROR)
            return
        if self._core.firmware.kind is not Kind.MKR:
            self._core.log.line("AP URL:  blynk.setup")
        if not has_opened:
            await asyncio.Event().wait()
        desk = Desk(
            joined=self._phone_joins, answer=self._answer, refuse_update=setup_pages.refused_update, done=self._done
        )
        server = SetupServer(self._core.firmware, desk, peer_seconds=times.peer, scan_seconds=times.scan)
        self.connections = server.connections
        try:
            # The next time it opens, it is where it was.
            self._core.parts.setup_port = self.port = await server.open(
                self._core.parts.setup_host, self._core.parts.setup_port
            )
            await asyncio.Event().wait()
        finally:
            self.port = 0
            await server.close()

    def _tell_hotspot(self, name: str, *, has_opened: bool) -> None:
        if self._core.firmware.is_oldest and self._core.firmware.kind is not Kind.MKR:
            self._core.log.line(f"AP SSID: {name}")
            self._core.log.line(f"AP IP:   {'192.168.4.1' if has_opened else '0.0.0.0'}")  # noqa: S104 - a log line

    def _phone_joins(self) -> None:
        """Before 1.1.0 a phone on the hotspot is all it takes; nobody calls without being on it."""
        if self._core.firmware.is_oldest and self._core.firmware.has_update:
            self._core.log.enter(State.CONFIGURING)

    def _answer(self, request: Request, body: bytes) -> Answer:
        setup = Setup(
            firmware=self._core.firmware,
            mac=self._core.parts.mac,
            config=self._core.config,
            networks=self._core.parts.networks,
        )
        answer = setup_pages.answer(request, body, setup)
        if answer.is_configuring:
            self._core.log.enter(State.CONFIGURING)
        for line in answer.lines:
            self._core.log.line(line.text, shown=line.shown)
        return answer
