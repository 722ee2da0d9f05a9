"""Work of the worker: each call does one batch, and can be run twice or killed half-way."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from console.kit import server_time
from devices.actions import failures, partitions
from devices.models import ProvisioningSession, RefusedLogin
from devices.models.evidence import FailedConnection
from devices.status import SessionState

TRIM_TEAM = """
WITH old AS (
  SELECT x.at, x.id FROM {table} x JOIN devices_device d ON d.id = x.device_id JOIN teams_team t ON t.id = d.team_id
  WHERE x.at < now() - make_interval(days => COALESCE(t.{column}, %s)) LIMIT %s
) DELETE FROM {table} x USING old WHERE x.at = old.at AND x.id = old.id
"""
TRIM_AUDIT = """
WITH old AS (
  SELECT e.id FROM teams_auditentry e LEFT JOIN teams_team t ON t.id = e.team_id
  WHERE e.at < now() - make_interval(days => GREATEST(1, COALESCE(t.audit_days, %s))) LIMIT %s
) DELETE FROM teams_auditentry e USING old WHERE e.id = old.id
"""
KEPT = {
    "devices_timelineevent": ("timeline_days", "TIMELINE_RETENTION_DAYS"),
    "devices_reading": ("readings_days", "READINGS_RETENTION_DAYS"),
}


@transaction.atomic
def expire_sessions(*, limit: int) -> int:
    """Close up to `limit` overdue sessions with their findings and kill their tokens; returns how many.

    A token that somebody else has locked is being activated, cancelled or swept: its session is left to them.
    """
    overdue = ProvisioningSession.objects.overdue().filter(token__expires_at__lte=Now()).select_related("token")
    batch = overdue.order_by("expires_at")[:limit].select_for_update(skip_locked=True, of=("token",))
    return sum(failures.expire(session) for session in batch)


def trim_history(*, limit: int) -> int:
    """Drop partitions nobody keeps, then delete up to `limit` rows that a team keeps for a shorter time."""
    count = 0
    for table, (column, default) in KEPT.items():
        days = max(getattr(settings, default), _longest(column))
        partitions.drop_before(table=table, day=(server_time.now() - timedelta(days=days)).date())
        with connection.cursor() as cursor:
            cursor.execute(TRIM_TEAM.format(table=table, column=column), [getattr(settings, default), limit])
            count += cursor.rowcount
    return count


@transaction.atomic
def trim_audit(*, limit: int) -> int:
    """Delete up to `limit` audit rows that are older than what their team keeps; returns how many.

    A trigger lets nothing else go from that table, and this only for as long as the transaction lasts.
    """
    days = settings.AUDIT_RETENTION_DAYS
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('landfall.audit_retention', %s, true)", [str(days)])
        cursor.execute(TRIM_AUDIT, [days, limit])
        count = cursor.rowcount
        cursor.execute("SELECT set_config('landfall.audit_retention', '', true)")
    return int(count)


def _longest(column: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(max({column}), 0) FROM teams_team")  # noqa: S608 - a name from KEPT
        (days,) = cursor.fetchone()
    return int(days)


def trim_refused() -> int:
    """Delete the oldest refused logins beyond the number that is kept; returns how many."""
    kept = RefusedLogin.objects.order_by("-last_at").values_list("last_at", flat=True)
    limit = kept[settings.REFUSED_LOGINS_KEPT : settings.REFUSED_LOGINS_KEPT + 1].first()
    return RefusedLogin.objects.filter(last_at__lte=limit).delete()[0] if limit else 0


def trim_failed() -> int:
    """Delete the oldest failed connections beyond the number that is kept; returns how many."""
    kept = FailedConnection.objects.order_by("-last_at").values_list("last_at", flat=True)
    limit = kept[settings.FAILED_CONNECTIONS_KEPT : settings.FAILED_CONNECTIONS_KEPT + 1].first()
    return FailedConnection.objects.filter(last_at__lte=limit).delete()[0] if limit else 0


def trim_sessions(*, limit: int) -> int:
    """Delete up to `limit` ended sessions that are older than the timeline's retention, with their dead tokens.

    Kept are those that made a device and those whose token a device still logs in with.
    """
    before = Now() - timedelta(days=settings.TIMELINE_RETENTION_DAYS)
    ended = ProvisioningSession.objects.exclude(state=SessionState.OPEN).filter(ended_at__lt=before)
    old = ended.filter(activated_device=None, token__revoked_at__isnull=False)
    batch = list(old.values_list("pk", flat=True)[:limit])
    ProvisioningSession.objects.filter(pk__in=batch).delete()
    return len(batch)
