"""Counting sessions for the funnel: past days once and for good, the newest ones when somebody asks.

A day is sealed when it ended two days ago and none of its sessions is open any more. Until then, and for the days after
it, its sessions are counted as they are.
"""

import math
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from console.kit import server_time
from console.teams.models import Team
from devices.funnel import BUCKET_RATIO, LAST_BUCKET, NO_BUCKET, Dimension, Fact, Reached

SEALED_AFTER = timedelta(days=2)
SEAL_LOCK = 7_261_503
"""The key of the advisory lock under which days are sealed one after another."""

COUNTED = f"""
SELECT s.team_id, (s.opened_at AT TIME ZONE 'UTC')::date AS day, tpl.template_id AS template,
  COALESCE(NULLIF(s.reported_board, ''), d.reported_board, '') AS board,
  COALESCE(NULLIF(s.library_version, ''), d.library_version, '') AS library,
  s.opened_by AS person,
  CASE WHEN s.state = 'activated' AND (s.named_at IS NOT NULL OR s.is_reconfigure) THEN {Reached.NAMED.value}
    WHEN s.state = 'activated' THEN {Reached.ACTIVATED.value}
    WHEN s.cloud_at IS NOT NULL OR s.seen_at IS NOT NULL THEN {Reached.CLOUD.value}
    WHEN s.network_at IS NOT NULL THEN {Reached.NETWORK.value}
    WHEN s.board_at IS NOT NULL THEN {Reached.SEEN.value}
    ELSE {Reached.OPENED.value} END AS reached,
  CASE WHEN s.state = 'activated' THEN '' ELSE COALESCE(left(s.finding->>'code', 60), '') END AS cause,
  CASE WHEN s.state = 'activated' THEN LEAST({LAST_BUCKET},
      floor(ln(GREATEST(1, extract(epoch FROM s.ended_at - s.opened_at)::float8)) / {math.log(BUCKET_RATIO)!r}))
    ELSE {NO_BUCKET} END::smallint AS bucket,
  count(*)::int AS sessions_count
FROM devices_provisioningsession s
JOIN templates_app_template tpl ON tpl.id = s.template_id
LEFT JOIN devices_device d ON d.id = s.device_id
WHERE s.opened_at >= %(since)s::date AT TIME ZONE 'UTC' AND s.opened_at < %(until)s::date AT TIME ZONE 'UTC'
  AND (%(team)s::bigint IS NULL OR s.team_id = %(team)s)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""  # noqa: S608 - only constants are put in

COLUMNS = "team_id, day, template, board, library, person, reached, cause, bucket, sessions_count"

SEAL = f"INSERT INTO devices_sessionday ({COLUMNS}) {COUNTED}"

READ = f"""
WITH facts AS (
  SELECT {COLUMNS} FROM devices_sessionday WHERE team_id = %(team)s AND day >= %(from)s AND day < %(since)s
  UNION ALL {COUNTED}
)
SELECT GROUPING({{by}}) = 0, {{by}}::text, GROUPING(reached) = 0, reached, GROUPING(bucket) = 0, bucket, cause,
  sum(sessions_count)::bigint
FROM facts
GROUP BY GROUPING SETS ((reached), (bucket), (cause), ({{by}}, reached), ({{by}}, bucket), ({{by}}, cause))
"""  # noqa: S608 - only constants are put in; the dimension is one of an enum's values

NEXT_DAY = """
SELECT COALESCE(
  (SELECT max(day) + 1 FROM devices_sealedday),
  (SELECT (min(opened_at) AT TIME ZONE 'UTC')::date FROM devices_provisioningsession))
"""

STILL_OPEN = """
SELECT EXISTS (SELECT 1 FROM devices_provisioningsession WHERE state = 'open'
  AND opened_at >= %s::date AT TIME ZONE 'UTC' AND opened_at < %s::date AT TIME ZONE 'UTC')
"""


@transaction.atomic
def seal_next_day() -> bool:
    """Count the next day for good, in one transaction; False when it is too young or a session of it is open.

    Done twice, or by two workers at once, a day is counted once: the second waits for the lock and takes the next.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        cursor.execute(NEXT_DAY)
        (day,) = cursor.fetchone()
        if day is None or day + SEALED_AFTER >= server_time.now().date():
            return False
        after = day + timedelta(days=1)
        cursor.execute(STILL_OPEN, [day, after])
        if cursor.fetchone()[0]:
            return False
        cursor.execute(SEAL, {"since": day, "until": after, "team": None})
        cursor.execute("INSERT INTO devices_sealedday (day, sessions_count) VALUES (%s, %s)", [day, cursor.rowcount])
    return True


def facts_of(team: Team, *, by: Dimension, days: int) -> list[Fact]:
    """What the funnel of the last `days` days is made of, today included; one query beside that for the sealed days."""
    sql, parameters = query(team, by=by, days=days)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_fact(row) for row in cursor.fetchall()]


def query(team: Team, *, by: Dimension, days: int) -> tuple[str, dict[str, int | date]]:
    """The query of `facts_of` with its parameters."""
    today = server_time.now().date()
    first = today - timedelta(days=days - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(day) + 1 FROM devices_sealedday")
        (unsealed,) = cursor.fetchone()
    since, until = _span(first, unsealed, today)
    return READ.format(by=by.value), {"team": team.pk, "from": first, "since": since, "until": until}


def _span(first: date, unsealed: date | None, today: date) -> tuple[date, date]:
    """The days that are counted as they are, those asked for that are not sealed yet: the first, and the one after."""
    return max(first, unsealed) if unsealed else first, today + timedelta(days=1)


def _fact(row: tuple[Any, ...]) -> Fact:
    is_part, key, tells_reached, reached, tells_bucket, bucket, cause, count = row
    shown = (key or "") if is_part else None
    if tells_reached:
        return Fact(shown, count, reached=Reached(reached))
    if tells_bucket:
        return Fact(shown, count, bucket=bucket)
    return Fact(shown, count, cause=cause)
