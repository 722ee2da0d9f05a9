"""Erasing what a device has told, while the device itself stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from console.kit.problems import Conflict
from console.teams.actions import audit
from console.teams.models import Member
from devices.actions import timeline
from devices.models import Device, PinValue
from devices.models.timeline import EventKind

BATCH = 5_000
BATCHES = 100
EVENT_KINDS = [EventKind.EVENT.value, EventKind.PIN_WRITTEN.value]

ERASE = """
WITH old AS (
  SELECT x.at, x.id FROM {table} x WHERE x.device_id = %s AND x.at <= %s{only} LIMIT %s FOR UPDATE SKIP LOCKED
) DELETE FROM {table} x USING old WHERE x.at = old.at AND x.id = old.id
"""
READINGS = ERASE.format(table="devices_reading", only="")
EVENTS = ERASE.format(table="devices_timelineevent", only=" AND x.kind = ANY(%s)")


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went. Not `is_complete`: there is more, and erasing again goes on with it."""

    readings: int
    values: int
    events: int
    metadata: int
    is_complete: bool

    @property
    def sentence(self) -> str:
        """What went, in words."""
        parts = [
            _counted(self.readings, "reading"),
            _counted(self.values, "latest value"),
            _counted(self.events, "event"),
            _counted(self.metadata, "metadata value"),
        ]
        return f"{', '.join(parts[:-1])} and {parts[-1]}"

    def __bool__(self) -> bool:
        return bool(self.readings or self.values or self.events or self.metadata)


def erase_data(*, device: Device, by: Member) -> Erased:
    """Erase readings, latest values, events and metadata that `device` has told until now; says how much went.

    1. One transaction takes the latest values and the metadata, and writes who did it into the audit log.
    2. Readings and events go in batches of their own, so that no lock is held for long; up to 500,000 rows of each.
    3. The timeline says what went.

    Two at once share the rows between them, each says what it took, and nothing is counted twice. Stopped half-way,
    erasing again goes on. Raises Conflict when the device is gone.
    """
    until, values, metadata = _take_facts(device, by)
    readings, has_all = _in_batches(READINGS, [device.pk, until])
    events, has_both = _in_batches(EVENTS, [device.pk, until, EVENT_KINDS])
    erased = Erased(readings, values, events, metadata, is_complete=has_all and has_both)
    if erased:
        counts = {"readings": readings, "values": values, "events": events, "metadata": metadata}
        timeline.record(device=device, kind=EventKind.ERASED, by=by, **counts)
    return erased


@transaction.atomic
def _take_facts(device: Device, by: Member) -> tuple[datetime, int, int]:
    found = Device.objects.select_for_update(no_key=True).filter(pk=device.pk).first()
    if found is None:
        raise Conflict("This device was deleted in the meantime.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (until,) = cursor.fetchone()
    metadata = len(found.metadata)
    values, _ = PinValue.objects.filter(device=found, at__lte=until).delete()
    Device.objects.filter(pk=found.pk).update(metadata={})
    audit.record(team=found.team, by=by, kind="device.data_erased", subject=found.name, device=found.pk)
    return until, values, metadata


def _in_batches(sql: str, parameters: list[Any]) -> tuple[int, bool]:
    """How many rows went, and whether that is all there were."""
    total = 0
    for _ in range(BATCHES):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [*parameters, BATCH])
            total += cursor.rowcount
            if cursor.rowcount < BATCH:
                return total, True
    return total, False


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"
