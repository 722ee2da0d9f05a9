"""Writing what was gathered: about once a second, sooner for connections that come and go."""

import asyncio
import contextlib
from dataclasses import fields
from typing import TYPE_CHECKING

import structlog

from console.kit import gateway_bus
from devices.actions.values import Attach, Batch, Detach, Facts, Failure, Heard, Logged, Meta, Superseded
from devices.gateway import metrics
from devices.gateway.endings import Ending
from devices.gateway.options import Options
from devices.gateway.pending import Pending, PinValue
from devices.gateway.port import Store, StoreUnavailable
from devices.gateway.registry import Registry
from devices.gateway.worker import Worker

if TYPE_CHECKING:
    from devices.gateway.connection import Connection

log = structlog.get_logger(__name__)


class Flusher:
    """Gathers rows and hands them to the store as one batch at a time; `run` does so until it is cancelled.

    While the store is away the batch is kept, within the bounds of `Pending`, and tried again.
    """

    def __init__(self, *, store: Store, worker: Worker, registry: Registry, options: Options, gateway_id: str) -> None:
        self._store = store
        self._worker = worker
        self._registry = registry
        self._options = options
        self._gateway_id = gateway_id
        self._loop = asyncio.get_running_loop()
        self._pending = Pending(options)
        self._wake = asyncio.Event()
        self._urgent_timer: asyncio.TimerHandle | None = None
        self._heard_due_at = 0.0
        self._is_away = False
        self._flushing = asyncio.Lock()

    # Gathering

    def attach(self, row: Attach) -> None:
        self._pending.attach(row)
        self._soon()

    def refresh(self, row: Attach) -> bool:
        """Correct an attach that still waits; False where it was written already."""
        return self._pending.refresh(row)

    def detach(self, row: Detach) -> None:
        self._pending.detach(row)
        self._soon()

    def report(self, row: Facts) -> None:
        self._pending.report(row)
        self._soon()

    def set_meta(self, row: Meta) -> None:
        self._pending.set_meta(row)

    def log_event(self, row: Logged) -> None:
        self._pending.log_event(row)
        self._soon()

    def fail(self, row: Failure) -> None:
        self._pending.fail(row)
        self._soon()

    def write(self, row: PinValue) -> None:
        self._pending.write(row)
        if self._pending.written_count == self._options.readings_waiting // 4:
            self.hurry()

    def hurry(self) -> None:
        """Flush now rather than at the next turn, unless the store is away."""
        if self._pending and not self._is_away:
            self._wake.set()

    def _soon(self) -> None:
        if self._urgent_timer is None:
            self._urgent_timer = self._loop.call_later(self._options.urgent_flush_seconds, self._on_urgent)

    def _on_urgent(self) -> None:
        self._urgent_timer = None
        self.hurry()

    # Writing

    async def run(self) -> None:
        """Flush until cancelled; a fault costs one turn."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._options.flush_seconds)
            try:
                await self.flush()
            except Exception:
                log.exception("flush.failed")

    async def flush(self) -> bool:
        """Write everything that waits; False where the store is away and it waits on."""
        async with self._flushing:
            self._wake.clear()
            now = self._loop.time()
            heard = self._take_heard(now)
            if not self._pending and not heard:
                return True
            taken, self._pending = self._pending, Pending(self._options)
            try:
                superseded = await self._worker.call(lambda: self._write(taken, heard, now))
            except StoreUnavailable:
                self._put_back(taken, heard)
                return False
            self._note_away(is_away=False)
            await self._close(superseded)
            return True

    async def drain(self) -> bool:
        """Flush until nothing waits; the caller bounds the time."""
        while not await self.flush() or self._pending:
            await asyncio.sleep(self._options.urgent_flush_seconds)
        return True

    def _take_heard(self, now: float) -> list["Connection"]:
        if now < self._heard_due_at:
            return []
        self._heard_due_at = now + self._options.heard_seconds
        heard = [connection for connection in self._registry.devices() if connection.heard_at > connection.reported_at]
        for connection in heard:
            connection.reported_at = connection.heard_at
        return heard

    def _put_back(self, taken: Pending, heard: list["Connection"]) -> None:
        metrics.STORE_FAILURES.labels("flush").inc()
        self._note_away(is_away=True)
        taken.follow(self._pending)
        self._pending = taken
        for connection in heard:
            connection.reported_at = 0.0

    def _note_away(self, *, is_away: bool) -> None:
        if is_away != self._is_away:
            self._is_away = is_away
            log.warning("store.away" if is_away else "store.back")

    def _write(self, taken: Pending, heard: list["Connection"], now: float) -> list[Superseded]:
        """In the worker's thread, the making of ten thousand rows included.

        A row that the store cannot take must not keep the others from being written.
        """
        batch = taken.batch(heard=[_heard_row(connection, now) for connection in heard], now=now)
        with metrics.FLUSH_SECONDS.time():
            try:
                return self._store.flush(batch)
            except StoreUnavailable:
                raise
            except Exception:
                log.exception("flush.failed")
                return self._write_apart(batch)

    def _write_apart(self, batch: Batch) -> list[Superseded]:
        superseded: list[Superseded] = []
        for kind in fields(Batch):
            rows = getattr(batch, kind.name)
            try:
                superseded += self._store.flush(Batch(**{kind.name: rows})) if rows else []
            except Exception:
                metrics.LOST.labels(kind.name).inc(len(rows))
                log.exception("rows.lost", kind=kind.name, count=len(rows))
        return superseded

    async def _close(self, superseded: list[Superseded]) -> None:
        """Close older connections of devices that connected anew, here or through the gateway they are at."""
        elsewhere = []
        for row in superseded:
            if row.gateway != self._gateway_id:
                elsewhere.append(row)
            elif connection := self._registry.of_id(row.connection_id):
                connection.end(Ending.REPLACED)
        if elsewhere:
            await self._worker.call(lambda: _drop(elsewhere))


def _heard_row(connection: "Connection", now: float) -> Heard:
    assert connection.device_id is not None  # noqa: S101 - the registry gave it as one that speaks for a device
    age = max(now - connection.heard_at, 0.0)
    return Heard(connection.device_id, connection.connection_id, connection.wire.cutoff_seconds, age)


def _drop(rows: list[Superseded]) -> None:
    for row in rows:
        if not gateway_bus.drop_connection(gateway=row.gateway, connection_id=row.connection_id):
            break
