"""A virtual board in setup mode that belongs to a provisioning session, and what its page is told of it."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.virtual import orders, trust
from devices.virtual.edgent import EdgentBoard
from devices.virtual.endings import Fault
from devices.virtual.firmware import DEVICE_NAMES, Firmware
from devices.virtual.orders import BoardStatus
from devices.virtual.parts import Parts
from devices.virtual.states import SETTING_UP
from devices.virtual.terminal import Terminal
from devices.virtual.timings import SetupTimings

PULSE_SECONDS = 0.5
TOLD_SECONDS = 5.0
type Tell = Callable[[EdgentBoard, Firmware, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupSite:
    """`trusted` makes the boards speak TLS and trust that file, or with `has_tls` alone what real boards trust.

    `patience_seconds` is how long a board waits to be configured before it is switched off.
    """

    speed: float = 1.0
    has_tls: bool = False
    trusted: Path | None = None
    patience_seconds: float = 1800.0
    pulse_seconds: float = PULSE_SECONDS
    times: SetupTimings | None = None


class SetupBoard:
    """Made by the fleet for one order."""

    def __init__(self, site: SetupSite, firmware: Firmware, mac: str, *, fault: Fault | None) -> None:
        self._site = site
        self._firmware = firmware
        self._mac = mac
        self._parts = Parts.made(firmware, bytes.fromhex(mac), speed=site.speed)
        self._parts.fault = fault
        self._parts.times = site.times or self._parts.times
        if site.has_tls:
            self._parts.tls = trust.of_file(site.trusted) if site.trusted else trust.pinned(firmware)

    async def live(
        self, session_id: int, *, say: Callable[[str], None], tell: Tell, older: asyncio.Task[None] | None = None
    ) -> None:
        """Run once `older` has gone, until the board dies or nobody configures it for too long."""
        if older is not None:
            await asyncio.gather(older, return_exceptions=True)
        name = self._firmware.hotspot(bytes.fromhex(self._mac)).text
        with Terminal() as self._parts.terminal:
            board = EdgentBoard(self._parts, say=lambda line: say(f"{name} {line}"))
            life = asyncio.create_task(board.run())
            try:
                # It boots before anybody looks: the LED of one that has not is that of an error.
                await asyncio.sleep(0)
                await self._watch(board, life, session_id, tell)
            finally:
                life.cancel()
                await asyncio.gather(life, return_exceptions=True)
                # Also while this task is cancelled; nothing here waits.
                orders.publish(session_id, None)

    async def _watch(self, board: EdgentBoard, life: "asyncio.Task[object]", session_id: int, tell: Tell) -> None:
        clock = asyncio.get_running_loop().time
        told, told_at, configured_at = None, 0.0, clock()
        was_valid = False
        while not life.done():
            status = self._status(board)
            if status != told or clock() - told_at > TOLD_SECONDS:
                told, told_at = status, clock()
                await asyncio.to_thread(orders.publish, session_id, status)
            if board.config.is_valid is not was_valid:
                was_valid = board.config.is_valid
                tell(board, self._firmware, self._mac)
            if board.state not in SETTING_UP:
                configured_at = clock()
            elif clock() - configured_at > self._site.patience_seconds:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(life), self._site.pulse_seconds)
        await life

    def _status(self, board: EdgentBoard) -> BoardStatus:
        terminal = self._parts.terminal
        return BoardStatus(
            hotspot_name=board.hotspot_name,
            state=board.state,
            url=f"http://{self._parts.setup_host}:{board.setup_port}/" if board.is_open else "",
            serial=terminal.path if terminal is not None else "",
            firmware=f"{DEVICE_NAMES[self._firmware.kind]}, Blynk library {self._firmware.library}",
            led=board.led,
            is_led_dark=board.is_led_dark,
        )
