"""A virtual board: what a board with an unmodified Edgent sketch does once it has its configuration."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from devices.virtual import console, networks, sketch
from devices.virtual.console import Order
from devices.virtual.conversation import Caller, Conversation
from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import FIRMWARE_VERSION
from devices.virtual.flash import Flash
from devices.virtual.serial_log import SerialLog
from devices.virtual.states import State
from devices.virtual.timings import Timings
from devices.wire.client import ClientConnection


class VirtualBoard:
    """One board; made and run on an event loop.

    `keep` is called with the new flash when the configuration has worked for the first time, `say` with every line of
    the serial log, which never holds the token.
    """

    def __init__(
        self,
        flash: Flash,
        *,
        say: Callable[[str], None],
        keep: Callable[[Flash], None],
        timings: Timings | None = None,
        fault: Fault | None = None,
    ) -> None:
        self._flash = flash
        self._firmware = flash.firmware
        self._keep = keep
        self._timings = timings or Timings(heartbeat=self._firmware.heartbeat_seconds)
        self._fault = fault
        self._clock = asyncio.get_running_loop().time
        self._log = SerialLog(say, self._clock)

    async def run(self) -> Ending:
        """Live until a person is needed: the token is refused, the configuration erased, set-up asked for, or death.

        Lost connections are made again, at most one in `timings.reconnect` seconds, and reboots are survived.
        """
        conversation = self._booted()
        while True:
            opened_at = self._clock()
            ending = await conversation.visit()
            if ending is Ending.LOST:
                self._log.enter(State.CONNECTING_CLOUD)
                await asyncio.sleep(opened_at + self._timings.reconnect - self._clock())
            elif ending is Ending.REBOOTED:
                await asyncio.sleep(self._timings.restart)
                conversation = self._booted()
            else:
                if ending is Ending.REFUSED:
                    self._log.enter(State.WAIT_CONFIG)
                return ending

    def _booted(self) -> Conversation:
        self._has_told_boot = False
        self._log.boot(sketch.banner_of(self._firmware, bytes.fromhex(self._flash.mac), token=self._flash.token))
        self._log.enter(State.CONNECTING_NET)
        self._log.enter(State.CONNECTING_CLOUD)
        is_wrong = self._fault is Fault.WRONG_TEMPLATE
        caller = Caller(
            token=self._flash.token,
            info=self._firmware.info_block(sketch.FOREIGN_TEMPLATE_ID if is_wrong else self._flash.template_id),
            settled=self._settled,
            obey=self._obey_console,
            failed=lambda _error: "Connection failed",
            is_dying=self._fault is Fault.DIES_AFTER_LOGIN,
        )
        return Conversation(caller, (self._flash.host, self._flash.port), log=self._log, timings=self._timings)

    def _settled(self, wire: ClientConnection) -> None:
        """The first time, store that the configuration works."""
        self._log.enter(State.RUNNING)
        if not self._flash.is_valid:
            self._flash = replace(self._flash, is_valid=True)
            self._keep(self._flash)
            self._log.line("Configuration stored to flash")
            if not self._firmware.is_oldest:
                wire.send_meta_set(sketch.HOTSPOT_METADATA, self._flash.hotspot_name)
        if not self._has_told_boot:
            self._has_told_boot = True
            wire.send_event(sketch.BOOT_EVENT, f"Started with firmware {FIRMWARE_VERSION}")

    def _obey_console(self, command: str) -> Ending | None:
        """What INTERNAL "dbg" types on the board's console; a board ignores what it does not know."""
        words = console.words_of(command.encode(errors="replace"))
        if not words:
            return None
        said = console.run(words, self._facts())
        if said.text:
            self._log.line(said.text.strip())
        match said.order:
            case Order.RESTART:
                return Ending.REBOOTED
            case Order.SET_UP:
                self._log.enter(State.WAIT_CONFIG)
                return Ending.SET_UP_MODE
            case Order.ERASE:
                self._log.enter(State.RESET_CONFIG)
                self._log.line("Resetting configuration!")
                return Ending.ERASED
        return None

    def _facts(self) -> console.Facts:
        return console.Facts(
            firmware=self._firmware,
            mac=bytes.fromhex(self._flash.mac),
            networks=networks.AROUND,
            uptime_seconds=self._log.uptime_seconds,
            joined=networks.HOME,
        )
