"""The way to the server and life with it (Blynk library 1.0.1 to 1.4.0, `enterConnectNet`, `enterConnectCloud`)."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from devices.virtual import networks, sketch, trust
from devices.virtual.blob import ErrorCode
from devices.virtual.conversation import Caller, Conversation
from devices.virtual.core import Core
from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import DEFAULT_HOST, FIRMWARE_VERSION, Kind
from devices.virtual.states import State
from devices.wire.client import ClientConnection

STATION_ADDRESS: Final = "192.168.1.77"


class Online:
    """`obey` is called with what the server types on the board's console; `is_dead` is how it stays after a crash."""

    def __init__(self, core: Core, obey: Callable[[str], None]) -> None:
        self._core = core
        self._obey = obey
        self.is_dead = False

    async def join(self) -> None:
        """Join the WiFi, or give up with 701."""
        config = self._core.config
        name = config.ssid.decode(errors="replace")
        self._core.log.line(f"Connecting to WiFi: {name}")
        refuses = self._core.parts.fault is Fault.WRONG_PASSWORD
        found = None if refuses else networks.admitting(self._core.parts.networks, config.ssid, config.password)
        if found is None:
            await asyncio.sleep(self._core.parts.times.network)
            self._core.give_up(ErrorCode.NETWORK)
            return
        await asyncio.sleep(self._core.parts.times.join)
        self._core.joined = found
        if config.is_static:
            self._core.log.line(f"Using Static IP: {'.'.join(map(str, config.ip))}")
        else:
            self._core.log.line(f"Using Dynamic IP: {STATION_ADDRESS}")
        self._core.log.enter(State.CONNECTING_CLOUD)

    async def call(self) -> None:
        """Call the server until it answers, and live with it; give up with 702, or 703 where it refuses the token."""
        times = self._core.parts.times
        conversation = self._conversation()
        try:
            async with asyncio.timeout(times.cloud) as self._patience:
                while True:
                    opened_at = self._core.loop.time()
                    ending = await self._visit(conversation)
                    if ending is Ending.DIED:
                        self.is_dead = True
                        return
                    if ending is Ending.REFUSED:
                        self._core.set_error(ErrorCode.TOKEN)
                        self._core.log.enter(State.WAIT_CONFIG)
                        return
                    if self._core.log.state is State.RUNNING:
                        self._core.log.enter(State.CONNECTING_CLOUD)
                        self._patience.reschedule(self._core.loop.time() + times.cloud)
                    await asyncio.sleep(opened_at + times.reconnect - self._core.loop.time())
        except TimeoutError:
            self._core.log.line("Timeout")
            self._core.give_up(ErrorCode.CLOUD)

    def _conversation(self) -> Conversation:
        is_wrong = self._core.parts.fault is Fault.WRONG_TEMPLATE
        tls = trust.nobody() if self._core.parts.fault is Fault.TLS_REFUSED else self._core.parts.tls
        caller = Caller(
            token=self._core.config.token.decode("latin-1"),
            info=self._core.firmware.info_block(
                sketch.FOREIGN_TEMPLATE_ID if is_wrong else self._core.firmware.template_id
            ),
            settled=self._settled,
            obey=self._obey_server,
            failed=lambda error: trust.failure_line(self._core.firmware, error, is_tls=tls is not None),
            is_dying=self._core.parts.fault is Fault.DIES_AFTER_LOGIN,
            tls=tls,
            has_small_buffer=self._core.parts.fault is Fault.NO_MFLN,
        )
        server = (self._core.config.host.decode("latin-1"), self._core.config.port)
        if self._core.parts.fault is Fault.OTHER_SERVER:
            server = (self._core.firmware.default_host, self._core.firmware.default_port)
        return Conversation(caller, server, log=self._core.log, timings=self._core.parts.times)

    async def _visit(self, conversation: Conversation) -> Ending:
        host, port = conversation.server
        if self._core.firmware.kind is Kind.ESP8266:
            await self._wait_for_time()
            self._core.log.line("Current time: Sun Nov  1 12:00:00 2026")
        is_theirs = host == DEFAULT_HOST or host.endswith(f".{DEFAULT_HOST}")
        if not is_theirs and self._core.parts.fault is not Fault.NO_DNS:
            return await conversation.visit()
        self._core.log.line(f"Connecting to {host}:{port}")
        if not is_theirs or self._core.parts.fault is Fault.NO_DNS:
            self._core.log.line(
                trust.failure_line(self._core.firmware, OSError(), is_tls=self._core.parts.tls is not None)
            )
            return Ending.LOST
        # Nobody's token is told to another company: their server would not know it, and that is what is played.
        self._core.log.line("Certificate OK")
        self._core.log.line("Invalid auth token")
        return Ending.REFUSED

    async def _wait_for_time(self) -> None:
        """An ESP8266 asks pool.ntp.org and time.nist.gov first, and does nothing else until one answers: no time-out
        ends that (protocol.md §1.8).
        """
        if self._core.parts.fault is Fault.NO_CLOCK:
            self._patience.reschedule(None)
            await asyncio.Event().wait()

    def _settled(self, wire: ClientConnection) -> None:
        """The login was accepted; the first time, what the board was told becomes what it keeps."""
        self._patience.reschedule(None)
        self._core.log.enter(State.RUNNING)
        self._core.renew_retries()
        if not self._core.config.is_valid:
            self._core.config = replace(self._core.config, is_valid=True, last_error=ErrorCode.NONE)
            self._core.save()
            if not self._core.firmware.is_oldest:
                wire.send_meta_set(sketch.HOTSPOT_METADATA, self._core.firmware.hotspot(self._core.parts.mac).text)
        if not self._core.has_told_boot:
            self._core.has_told_boot = True
            wire.send_event(sketch.BOOT_EVENT, f"Started with firmware {FIRMWARE_VERSION}")

    def _obey_server(self, command: str) -> Ending | None:
        self._obey(command)
        return None
