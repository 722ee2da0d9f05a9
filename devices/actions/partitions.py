"""Monthly partitions of timeline and readings: made ahead, dropped when nobody keeps rows that old."""

from datetime import date

from django.db import connection, transaction

TABLES = ("devices_timelineevent", "devices_reading")
MONTHS_AHEAD = 2
MAKE = """
LOCK TABLE {table}_rest IN ACCESS EXCLUSIVE MODE;
CREATE TABLE {part} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
WITH moved AS (DELETE FROM {table}_rest WHERE at >= '{start}' AND at < '{end}' RETURNING *)
INSERT INTO {part} SELECT * FROM moved;
ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ('{start}') TO ('{end}');
"""


def first_of_month(day: date, *, ahead: int = 0) -> date:
    """The first day of the month `ahead` months after that of `day`."""
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def make_ahead(*, today: date) -> list[str]:
    """Make the partitions of this month and the next two, moving rows that the rest partition caught meanwhile.

    Safe to run twice and from several processes; returns the names it made. Writers wait while rows are moved.
    """
    made = []
    for table in TABLES:
        for ahead in range(MONTHS_AHEAD + 1):
            name = _make(table, first_of_month(today, ahead=ahead))
            made += [name] if name else []
    return made


@transaction.atomic
def _make(table: str, start: date) -> str | None:
    part = f"{table}_{start:%Y_%m}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('landfall.partitions'))")
        cursor.execute("SELECT to_regclass(%s)", [part])
        if cursor.fetchone() != (None,):
            return None
        cursor.execute(MAKE.format(table=table, part=part, start=start, end=first_of_month(start, ahead=1)))
    return part


def drop_before(*, table: str, day: date) -> list[str]:
    """Drop the partitions whose every row is older than `day`; returns their names."""
    limit = first_of_month(day)
    dropped = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
        for (part,) in cursor.fetchall():
            month = part.removeprefix(f"{table}_")
            if month != "rest" and month < f"{limit:%Y_%m}":
                cursor.execute(f"DROP TABLE IF EXISTS {part}")
                dropped.append(part)
    return dropped
