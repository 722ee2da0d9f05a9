"""Connections that never became a login, kept as evidence: one row for each address and reason, which counts up."""

from collections.abc import Sequence

from django.db import connection

from devices.actions.values import Failure

RECORD = """
INSERT INTO devices_failedconnection (address, reason, detail, attempts_count, first_at, last_at)
SELECT w.address, w.reason, max(w.detail), sum(w.attempts), now(), now()
FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[]) AS w(address, reason, detail, attempts)
GROUP BY w.address, w.reason ORDER BY w.address, w.reason
ON CONFLICT (address, reason) DO UPDATE
SET attempts_count = least(devices_failedconnection.attempts_count::bigint + EXCLUDED.attempts_count, 2147483647),
    detail = EXCLUDED.detail, last_at = now()
"""
DETAIL_LENGTH = 200


def record(rows: Sequence[Failure]) -> None:
    """Keep what failed; repeats count up one row."""
    if not rows:
        return
    columns = zip(
        *[(row.address, row.reason.value, row.detail[:DETAIL_LENGTH], row.attempts_count) for row in rows], strict=True
    )
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [list(column) for column in columns])
