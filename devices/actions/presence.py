"""Who is connected: written in batches by gateways, swept by the worker."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from devices.actions import timeline
from devices.actions.values import Attach, Detach, Heard, Superseded
from devices.models.timeline import EventKind
from devices.status import SILENCE_GRACE_SECONDS

MAKE_ROWS = """
INSERT INTO devices_presence
  (device_id, is_connected, connection_id, gateway, address, silence_seconds, changed_at, last_seen_at)
SELECT d.id, false, 0, '', '', 0, now(), now()
FROM devices_device d LEFT JOIN devices_presence p ON p.device_id = d.id
WHERE d.id = ANY(%s::bigint[]) AND p.device_id IS NULL
ORDER BY d.id
ON CONFLICT (device_id) DO NOTHING
"""

ATTACH = """
WITH w AS (
  SELECT DISTINCT ON (w.device_id) w.* FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::int[])
    WITH ORDINALITY AS w(device_id, connection_id, gateway, address, silence_seconds, n)
  JOIN devices_device d ON d.id = w.device_id
  ORDER BY w.device_id, w.n DESC
), before AS MATERIALIZED (
  SELECT p.* FROM devices_presence p JOIN w USING (device_id) ORDER BY p.device_id FOR UPDATE OF p
)
UPDATE devices_presence p SET is_connected = true, connection_id = w.connection_id, gateway = w.gateway,
  address = w.address, silence_seconds = w.silence_seconds,
  changed_at = CASE WHEN before.is_connected THEN before.changed_at ELSE now() END, last_seen_at = now()
FROM w JOIN before USING (device_id) WHERE p.device_id = w.device_id
RETURNING p.device_id, p.address, before.is_connected, before.connection_id, before.gateway
"""

HEARD = """
WITH w AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::float8[])
    AS w(device_id, connection_id, silence_seconds, age)
), locked AS MATERIALIZED (
  SELECT p.device_id, p.is_connected FROM devices_presence p JOIN w USING (device_id, connection_id)
  ORDER BY p.device_id FOR UPDATE OF p
)
UPDATE devices_presence p SET last_seen_at = greatest(p.last_seen_at, now() - make_interval(secs => w.age)),
  silence_seconds = w.silence_seconds, is_connected = true,
  changed_at = CASE WHEN p.is_connected THEN p.changed_at ELSE now() END
FROM w JOIN locked USING (device_id) WHERE p.device_id = w.device_id AND p.connection_id = w.connection_id
RETURNING p.device_id, locked.is_connected
"""

DETACH = """
WITH w AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS w(device_id, connection_id, reason)
), locked AS MATERIALIZED (
  SELECT p.device_id FROM devices_presence p JOIN w USING (device_id, connection_id)
  WHERE p.is_connected ORDER BY p.device_id FOR UPDATE OF p
)
UPDATE devices_presence p SET is_connected = false, changed_at = now()
FROM w JOIN locked USING (device_id) WHERE p.device_id = w.device_id AND p.connection_id = w.connection_id
RETURNING p.device_id, w.reason
"""

MARK_SILENT = """
WITH silent AS (
  SELECT device_id FROM devices_presence
  WHERE is_connected AND last_seen_at < now() - make_interval(secs => silence_seconds + %s)
  ORDER BY device_id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE devices_presence p SET is_connected = false,
  changed_at = p.last_seen_at + make_interval(secs => p.silence_seconds)
FROM silent WHERE p.device_id = silent.device_id
RETURNING p.device_id
"""


def _run(sql: str, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        rows_found: list[tuple[Any, ...]] = cursor.fetchall()
    return rows_found


@transaction.atomic
def attach(rows: Sequence[Attach]) -> list[Superseded]:
    """Devices that connected. Returns the connections that these replace; a device counted offline gets a row.

    First connections get their presence row in a statement of their own: whoever comes second, through another gateway
    at the same moment, waits there and then sees the connection that it replaces.
    """
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(MAKE_ROWS, [[row.device_id for row in rows]])
    wanted = [(r.device_id, r.connection_id, r.gateway, r.address, r.silence_seconds) for r in rows]
    found = _run(ATTACH, wanted)
    timeline.record_many(
        [
            (device, EventKind.ONLINE, "", {"address": address})
            for device, address, was_connected, *_ in found
            if not was_connected
        ]
    )
    fresh = {row.connection_id for row in rows}
    return [
        Superseded(device, connection_id, gateway)
        for device, _, was_connected, connection_id, gateway in found
        if was_connected and connection_id not in fresh
    ]


def heard(rows: Sequence[Heard]) -> None:
    """Connections heard since the last flush. A device that was swept while its gateway was cut off is back online."""
    if not rows:
        return
    found = _run(HEARD, [(r.device_id, r.connection_id, r.silence_seconds, float(r.age)) for r in rows])
    timeline.record_many([(device, EventKind.ONLINE, "", {}) for device, was_connected in found if not was_connected])


def detach(rows: Sequence[Detach]) -> None:
    """Connections that ended; one that a newer connection replaced changes nothing."""
    if not rows:
        return
    found = _run(DETACH, [(r.device_id, r.connection_id, r.reason) for r in rows])
    timeline.record_many([(device, EventKind.OFFLINE, "", {"reason": reason}) for device, reason in found])


@transaction.atomic
def mark_silent(*, limit: int) -> int:
    """Turn up to `limit` devices offline that no gateway has heard within their cut-off; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(MARK_SILENT, [SILENCE_GRACE_SECONDS, limit])
        devices = [device for (device,) in cursor.fetchall()]
    timeline.record_many([(device, EventKind.OFFLINE, "", {"reason": "nothing heard"}) for device in devices])
    return len(devices)
