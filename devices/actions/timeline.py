"""Writing timeline rows; always inside the transaction of what they tell."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from console.teams.models import Member
from devices.actions import outbox
from devices.models import Device
from devices.models.timeline import EventKind

RECORD = """
INSERT INTO devices_timelineevent (at, device_id, team_id, kind, actor, detail)
SELECT now(), w.device_id, d.team_id, w.kind, w.actor, w.detail::jsonb
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS w(device_id, kind, actor, detail, n)
JOIN devices_device d ON d.id = w.device_id
ORDER BY w.n
"""


def record(*, device: Device, kind: EventKind, by: Member | None = None, **detail: Any) -> None:
    """One row about `device`."""
    record_many([(device.pk, kind, by.label if by else "", detail)])


def record_many(rows: Sequence[tuple[int, EventKind, str, dict[str, Any]]]) -> None:
    """Rows of (device id, kind, actor, detail), told to webhooks too; those of devices that are gone are left out."""
    if not rows:
        return
    columns = zip(
        *[(device, kind.value, actor, json.dumps(detail)) for device, kind, actor, detail in rows], strict=True
    )
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [list(column) for column in columns])
    outbox.announce_rows(rows)
