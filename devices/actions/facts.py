"""What devices say of themselves: info block, metadata, logged events."""

from collections.abc import Sequence

from django.db import connection

from devices.actions import timeline
from devices.actions.values import Facts, Logged, Meta
from devices.models import Device
from devices.models.timeline import EventKind
from templates_app.drift import hotspot_stem, version_key

HOTSPOT_NAME = "Hotspot Name"
DEVICE_NAME = "Device Name"
METADATA_KEYS = 64

REPORT = """
WITH w AS (
  SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::int[], %s::int[])
    AS w(device_id, template_id, board, version, version_key, type, build, library, heartbeat, buffer)
), before AS MATERIALIZED (
  SELECT d.id, d.firmware_version FROM devices_device d JOIN w ON w.device_id = d.id ORDER BY d.id FOR UPDATE OF d
)
UPDATE devices_device d SET
  reported_template_id = COALESCE(w.template_id, d.reported_template_id),
  reported_board = COALESCE(w.board, d.reported_board),
  firmware_version = COALESCE(w.version, d.firmware_version),
  firmware_key = COALESCE(w.version_key, d.firmware_key),
  firmware_type = COALESCE(w.type, d.firmware_type),
  firmware_build = COALESCE(w.build, d.firmware_build),
  library_version = COALESCE(w.library, d.library_version),
  heartbeat_seconds = COALESCE(w.heartbeat, d.heartbeat_seconds),
  buffer_bytes = COALESCE(w.buffer, d.buffer_bytes)
FROM w JOIN before ON before.id = w.device_id
WHERE d.id = w.device_id
RETURNING d.id, before.firmware_version, d.firmware_version
"""

SET_METADATA = """
UPDATE devices_device SET metadata = metadata || jsonb_build_object(%s::text, %s::text)
WHERE id = %s AND (metadata ? %s OR (SELECT count(*) FROM jsonb_object_keys(metadata)) < %s)
"""


def report(rows: Sequence[Facts]) -> None:
    """Keep what info blocks said; a firmware version other than before becomes a timeline row."""
    newest = {row.device_id: row for row in rows}
    if not newest:
        return
    columns = zip(*[_columns(row) for row in newest.values()], strict=True)
    with connection.cursor() as cursor:
        cursor.execute(REPORT, [list(column) for column in columns])
        found = cursor.fetchall()
    timeline.record_many(
        [
            (device, EventKind.FIRMWARE, "", {"before": before, "after": after})
            for device, before, after in found
            if before and after != before
        ]
    )


def _columns(row: Facts) -> tuple[object, ...]:
    return (
        row.device_id,
        row.template_id,
        row.board,
        row.firmware_version,
        None if row.firmware_version is None else version_key(row.firmware_version),
        row.firmware_type,
        row.firmware_build,
        row.library_version,
        row.heartbeat_seconds,
        row.buffer_bytes,
    )


def set_metadata(rows: Sequence[Meta]) -> None:
    """Keep metadata that devices set: `Hotspot Name` as a fact, any other by its name, up to 64 names a device."""
    for row in rows:
        if row.name == HOTSPOT_NAME:
            name = row.value[:64]
            Device.objects.filter(pk=row.device_id).update(hotspot_name=name, hotspot_stem=hotspot_stem(name))
        elif row.name != DEVICE_NAME:
            with connection.cursor() as cursor:
                cursor.execute(SET_METADATA, [row.name, row.value, row.device_id, row.name, METADATA_KEYS])


def metadata(*, device_id: int, name: str) -> str | None:
    """A metadata value as the device may ask for it; None where it is not set."""
    device = Device.objects.filter(pk=device_id).only("name", "hotspot_name", "metadata").first()
    if device is None:
        return None
    known = {DEVICE_NAME: device.name, HOTSPOT_NAME: device.hotspot_name}
    value = known.get(name) or device.metadata.get(name)
    return str(value) if value else None


def log_events(rows: Sequence[Logged]) -> None:
    """Events that devices logged or cleared, as timeline rows."""
    timeline.record_many(
        [
            (row.device_id, EventKind.EVENT, "", {"code": row.code, "text": row.description, "cleared": row.is_cleared})
            for row in rows
        ]
    )
