"""The virtual devices of one installation: many boards in one process."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog

from devices.virtual import inbox, orders
from devices.virtual.board import VirtualBoard
from devices.virtual.edgent import EdgentBoard
from devices.virtual.endings import FORGETTING, Fault
from devices.virtual.firmware import Firmware
from devices.virtual.flash import Flash, FlashStore, mac_of
from devices.virtual.orders import Mode, Order
from devices.virtual.setup_board import SetupBoard, SetupSite
from devices.virtual.timings import Timings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the boards are: the gateway they reach, how many there may be, and who listens to their logs.

    Without `timings` each board has those of its firmware.
    """

    host: str
    port: int
    limit: int
    say: Callable[[str], None]
    timings: Timings | None = None
    setup: SetupSite = field(default_factory=SetupSite)


class Fleet:
    """Boards by their MAC. Each is a task; one that fails does not disturb the others."""

    def __init__(self, site: Site, store: FlashStore) -> None:
        self._site = site
        self._store = store
        self._boards: dict[str, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._boards)

    def start_kept(self) -> None:
        """Switch on every board that was kept, up to the limit."""
        for flash in self._store.load():
            # The gateway may listen elsewhere than at the last run; a real board's server keeps its name.
            self._start(replace(flash, host=self._site.host, port=self._site.port))

    def take(self, raw: bytes) -> None:
        """Carry one order out. What is no order, or is above the limit, is refused in the log."""
        order = orders.parse(raw)
        if order is None:
            log.warning("order.refused", reason="unreadable")
            return
        if order.mode == Mode.SETUP:
            self._start_setup(order)
            return
        flash = Flash(
            token=order.token,
            template_id=order.template_id,
            template_name=order.template_name,
            mac=mac_of(order.token),
            host=self._site.host,
            port=self._site.port,
            kind=order.firmware.kind,
            library=order.firmware.library,
        )
        # Kept before the first login: a board that was ordered comes back even if this process is stopped right now.
        if self._start(flash, fault=Fault(order.fault) if order.fault else None):
            self._keep(flash)

    async def stop(self) -> None:
        """Switch every board off; their flashes stay."""
        tasks = list(self._boards.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, flash: Flash, *, fault: Fault | None = None) -> bool:
        if flash.mac in self._boards or not self._has_room(flash.hotspot_name):
            return False
        self._run(flash.mac, lambda: self._live(flash, fault), name=flash.hotspot_name)
        return True

    def _start_setup(self, order: Order) -> None:
        """A board in setup mode takes the place of the one that its session has."""
        mac = mac_of(f"session {order.session_id}")
        if (older := self._boards.get(mac)) is not None:
            older.cancel()
        elif not self._has_room(order.template_name):
            return
        board = SetupBoard(self._site.setup, order.firmware, mac, fault=Fault(order.fault) if order.fault else None)
        live = partial(board.live, order.session_id, say=self._site.say, tell=self._note, older=older)
        self._run(mac, live, name=order.template_name)

    def _note(self, board: EdgentBoard, firmware: Firmware, mac: str) -> None:
        """A board that works comes back with the next run, as one that is connected; one that was erased does not."""
        flash = Flash(
            token=board.config.token.decode("latin-1"),
            template_id=firmware.template_id,
            template_name=firmware.template_name,
            mac=mac,
            host=self._site.host,
            port=self._site.port,
            is_valid=True,
            kind=firmware.kind,
            library=firmware.library,
        )
        if board.config.is_valid:
            self._keep(flash)
        else:
            self._store.erase(flash)

    def _has_room(self, name: str) -> bool:
        if len(self._boards) < self._site.limit:
            return True
        log.warning("board.refused", reason="limit", board=name, limit=self._site.limit)
        return False

    def _run(self, mac: str, live: Callable[[], Coroutine[Any, Any, None]], *, name: str) -> None:
        async def guarded() -> None:
            try:
                await live()
            except Exception:
                log.exception("board.crashed", board=name)
            finally:
                if self._boards.get(mac) is task:
                    del self._boards[mac]

        task = self._boards[mac] = asyncio.create_task(guarded(), name=name)

    async def _live(self, flash: Flash, fault: Fault | None) -> None:
        name = flash.hotspot_name
        board = VirtualBoard(
            flash,
            say=lambda line: self._site.say(f"{name} {line}"),
            keep=self._keep,
            timings=self._site.timings,
            fault=fault,
        )
        if await board.run() in FORGETTING:
            self._store.erase(flash)

    def _keep(self, flash: Flash) -> None:
        try:
            self._store.save(flash)
        except OSError as error:
            log.warning("flash.not_kept", board=flash.hotspot_name, error=type(error).__name__)


async def serve(fleet: Fleet, redis_url: str) -> None:
    """Run the kept boards and those that are ordered, until cancelled."""
    fleet.start_kept()
    log.info("fleet.started", boards=len(fleet))
    try:
        await inbox.follow(redis_url, fleet.take)
    finally:
        await fleet.stop()
