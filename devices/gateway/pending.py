"""What waits to be written to the store: bounded, the newest kept."""

from collections import deque
from typing import NamedTuple

from devices.actions.values import Attach, Batch, Detach, Facts, Failure, Heard, Logged, Meta, Written
from devices.gateway import metrics
from devices.gateway.options import Options
from devices.status import FailedBecause


class PinValue(NamedTuple):
    """A value written to a virtual pin at `at`, by the event loop's clock."""

    at: float
    device_id: int
    pin: int
    value: str


class Pending:
    """Rows in the order they came. A device has at most one attach; the detaches of its connections follow it."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._attached: dict[int, Attach] = {}
        self._detached: dict[int, dict[int, Detach]] = {}
        self._facts: dict[int, Facts] = {}
        self._meta: dict[tuple[int, str], Meta] = {}
        self._logged: deque[Logged] = deque()
        self._written: list[PinValue] = []
        self._failures: dict[tuple[str, FailedBecause], Failure] = {}

    def __bool__(self) -> bool:
        return bool(
            self._attached
            or self._detached
            or self._facts
            or self._meta
            or self._logged
            or self._written
            or self._failures
        )

    @property
    def written_count(self) -> int:
        return len(self._written)

    def attach(self, row: Attach) -> None:
        self._detached.pop(row.device_id, None)
        self._attached[row.device_id] = row

    def refresh(self, row: Attach) -> bool:
        """Replace the attach of the same connection where it still waits; False where it was written."""
        waiting = self._attached.get(row.device_id)
        if waiting is None or waiting.connection_id != row.connection_id:
            return False
        self._attached[row.device_id] = row
        return True

    def detach(self, row: Detach) -> None:
        """A connection that a newer one has replaced is not worth a row."""
        newest = self._attached.get(row.device_id)
        if newest is None or newest.connection_id == row.connection_id:
            self._detached.setdefault(row.device_id, {})[row.connection_id] = row

    def report(self, row: Facts) -> None:
        self._facts[row.device_id] = row

    def set_meta(self, row: Meta) -> None:
        self._meta[row.device_id, row.name] = row
        if len(self._meta) > self._options.events_waiting:
            del self._meta[next(iter(self._meta))]
            metrics.LOST.labels("meta").inc()

    def log_event(self, row: Logged) -> None:
        self._logged.append(row)
        if len(self._logged) > self._options.events_waiting:
            self._logged.popleft()
            metrics.LOST.labels("event").inc()

    def write(self, row: PinValue) -> None:
        self._written.append(row)
        if len(self._written) > self._options.readings_waiting:
            self._thin_out()

    def fail(self, row: Failure) -> None:
        """Count a failed connection; those of one address for one reason are one row with the newest detail."""
        key = (row.address, row.reason)
        before = self._failures.get(key)
        if before is None and len(self._failures) >= self._options.failures_waiting:
            metrics.LOST.labels("failure").inc(row.attempts_count)
            return
        count = row.attempts_count + (before.attempts_count if before else 0)
        self._failures[key] = Failure(row.address, row.reason, row.detail, count)

    def follow(self, newer: "Pending") -> None:
        """Take what came after: the order is that of time."""
        for attach in newer._attached.values():
            self.attach(attach)
        for ended in newer._detached.values():
            for detach in ended.values():
                self.detach(detach)
        self._facts |= newer._facts
        for meta in newer._meta.values():
            self.set_meta(meta)
        for logged in newer._logged:
            self.log_event(logged)
        for written in newer._written:
            self.write(written)
        for failure in newer._failures.values():
            self.fail(failure)

    def batch(self, *, heard: list[Heard], now: float) -> Batch:
        """Everything as the store takes it."""
        return Batch(
            attached=list(self._attached.values()),
            heard=heard,
            detached=[detach for ended in self._detached.values() for detach in ended.values()],
            written=[Written(device, pin, value, max(now - at, 0.0)) for at, device, pin, value in self._written],
            facts=list(self._facts.values()),
            meta=list(self._meta.values()),
            logged=list(self._logged),
            failures=list(self._failures.values()),
        )

    def _thin_out(self) -> None:
        """Keep half: the newest of every pin first, then whatever is newest."""
        before, room = len(self._written), self._options.readings_waiting // 2
        newest = {(row.device_id, row.pin): position for position, row in enumerate(self._written)}
        kept = set(sorted(newest.values())[-room:])
        for position in range(before - 1, -1, -1):
            if len(kept) >= room:
                break
            kept.add(position)
        self._written = [self._written[position] for position in sorted(kept)]
        metrics.LOST.labels("reading").inc(before - len(self._written))
