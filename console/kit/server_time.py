"""What time it is by the database's clock, which decides what has expired for every process alike."""

from datetime import datetime, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone

TOLERANCE = timedelta(seconds=1)
"""A smaller difference is that of asking, not of the clocks."""

_ahead = timedelta()


def now() -> datetime:
    """The present moment by the database's clock, as the last new connection found it to differ from ours."""
    return timezone.now() + _ahead


def compare(connection: BaseDatabaseWrapper) -> None:
    """Note how far the database's clock is ahead of ours."""
    global _ahead
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    difference = theirs - timezone.now()
    _ahead = difference if abs(difference) > TOLERANCE else timedelta()


def _on_connection(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    compare(connection)


def watch() -> None:
    """Compare at each new connection, which a web process opens every minute (CONN_MAX_AGE)."""
    connection_created.connect(_on_connection, dispatch_uid="console.kit.server_time")
