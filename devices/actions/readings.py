"""Values of virtual pins: written in batches, the latest kept apart from the history."""

from collections.abc import Sequence

from django.db import connection

from devices.actions.values import Written
from devices.models import PinValue

WRITE = """
WITH w AS (
  SELECT w.device_id, w.pin, w.value, now() - make_interval(secs => w.age) AS at, w.n
  FROM unnest(%s::bigint[], %s::smallint[], %s::text[], %s::float8[])
    WITH ORDINALITY AS w(device_id, pin, value, age, n)
  JOIN devices_device d ON d.id = w.device_id
), history AS (
  INSERT INTO devices_reading (at, device_id, pin, value) SELECT at, device_id, pin, value FROM w ORDER BY n
)
INSERT INTO devices_pinvalue (device_id, pin, value, at)
SELECT DISTINCT ON (device_id, pin) device_id, pin, value, at FROM w ORDER BY device_id, pin, at DESC, n DESC
ON CONFLICT (device_id, pin) DO UPDATE SET value = EXCLUDED.value, at = EXCLUDED.at
WHERE EXCLUDED.at >= devices_pinvalue.at
"""


def write(rows: Sequence[Written]) -> None:
    """Keep `rows`, oldest first, in one statement; those of devices that are gone are left out."""
    if not rows:
        return
    columns = zip(*[(row.device_id, row.pin, row.value, float(row.age)) for row in rows], strict=True)
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in columns])


def latest(*, device_id: int, pins: Sequence[int] | None = None) -> list[tuple[int, str]]:
    """(pin, latest value) of the given pins (None: all), in order of the pin."""
    values = PinValue.objects.filter(device_id=device_id)
    if pins is not None:
        values = values.filter(pin__in=list(pins))
    return list(values.order_by("pin").values_list("pin", "value"))
