"""Which tokens may log in now, and the record of those that were refused."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection

from console.kit.transactions import DEADLOCK, atomic_again
from console.teams.permissions import GRANTABLE_ROLES, PROVISIONING_ROLES
from devices.actions import failures
from devices.actions.values import LiveToken, Login, Refused
from devices.models import AuthToken
from devices.status import REFUSAL_OF, Refusal, RevokedBecause, SessionState

MAY_PROVISION = """EXISTS (
  SELECT 1 FROM teams_member m JOIN teams_user u ON u.id = m.user_id
  WHERE m.id = s.member_id AND u.is_active AND (
    m.role = ANY(%(by_role)s) OR m.role = ANY(%(by_grant)s) AND EXISTS (
      SELECT 1 FROM teams_grant g
      WHERE g.member_id = m.id AND g.template_id IN ('', tpl.template_id)
        AND (g.until_at IS NULL OR g.until_at > now())
        AND (g.devices_limit IS NULL OR g.devices_count < g.devices_limit))))"""

ROLES = {"by_role": list(PROVISIONING_ROLES), "by_grant": [role.value for role in GRANTABLE_ROLES]}

LOOK_UP = f"""
SELECT t.id, t.team_id, COALESCE(dtpl.template_id, tpl.template_id, ''), t.device_id, t.session_id,
       t.activated_at IS NOT NULL, COALESCE(t.retires_at <= now(), false), t.revoked_because,
       t.activated_at IS NULL AND t.expires_at <= now(), s.state, {MAY_PROVISION}
FROM unnest(%(digests)s::bytea[]) WITH ORDINALITY AS w(digest, n)
LEFT JOIN devices_authtoken t ON t.digest = w.digest
LEFT JOIN devices_provisioningsession s ON s.id = t.session_id
LEFT JOIN templates_app_template tpl ON tpl.id = s.template_id
LEFT JOIN devices_device d ON d.id = t.device_id
LEFT JOIN templates_app_template dtpl ON dtpl.id = d.template_id
ORDER BY w.n
"""  # noqa: S608 - only constants of this module are put in

MARK_SEEN = """
UPDATE devices_provisioningsession s SET seen_at = now(), seen_from = w.address
FROM unnest(%s::bigint[], %s::text[]) AS w(id, address)
WHERE s.id = w.id AND s.seen_at IS NULL AND s.state = 'open'
"""

RECORD_REFUSED = """
INSERT INTO devices_refusedlogin (hint, address, reason, token_id, team_id, attempts_count, first_at, last_at)
SELECT w.hint, w.address, w.reason, max(w.token_id), max(w.team_id), count(*), now(), now()
FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
  AS w(hint, address, reason, token_id, team_id)
GROUP BY w.hint, w.address, w.reason ORDER BY w.hint, w.address, w.reason
ON CONFLICT (hint, address, reason) DO UPDATE
SET attempts_count = devices_refusedlogin.attempts_count + EXCLUDED.attempts_count, last_at = now(),
    token_id = EXCLUDED.token_id, team_id = EXCLUDED.team_id
"""


class _Row(NamedTuple):
    token_id: int | None
    team_id: int | None
    template_id: str
    device_id: int | None
    session_id: int | None
    is_active: bool | None
    is_retired: bool
    revoked_because: str | None
    is_expired: bool | None
    session_state: str | None
    may_provision: bool


@atomic_again(DEADLOCK)
def look_up(logins: Sequence[Login]) -> list[LiveToken | Refused]:
    """Which of `logins` may go on, in their order.

    1. One query reads every token by its digest, with its session and the permission of who opened it.
    2. Sessions of pending tokens are marked as seen.
    3. Refusals are kept as evidence, one row for each hint, address and reason.
    """
    if not logins:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, {"digests": [login.digest for login in logins], **ROLES})
        rows = [_Row(*row) for row in cursor.fetchall()]
        verdicts = [_verdict(row) for row in rows]
        _mark_seen(cursor, logins, rows, verdicts)
        record_refused(
            [
                (login, verdict.reason, row.token_id, row.team_id)
                for login, row, verdict in zip(logins, rows, verdicts, strict=True)
                if isinstance(verdict, Refused)
            ]
        )
        failures.fail_without_permission(
            [
                row.token_id
                for row, verdict in zip(rows, verdicts, strict=True)
                if row.token_id is not None and verdict == Refused(Refusal.NO_PERMISSION)
            ]
        )
    return verdicts


def _verdict(row: _Row) -> LiveToken | Refused:
    if row.token_id is None or row.team_id is None:
        return Refused(Refusal.UNKNOWN)
    if row.revoked_because:
        return Refused(REFUSAL_OF[RevokedBecause(row.revoked_because)])
    if row.is_retired:
        return Refused(Refusal.REVOKED)
    if not row.is_active:
        if row.is_expired:
            return Refused(Refusal.EXPIRED)
        if row.session_state != SessionState.OPEN:
            return Refused(Refusal.CANCELLED)
        if not row.may_provision:
            return Refused(Refusal.NO_PERMISSION)
    device_id = row.device_id if row.is_active else None
    return LiveToken(row.token_id, row.team_id, row.template_id, device_id)


def _mark_seen(cursor: Any, logins: Sequence[Login], rows: list[_Row], verdicts: list[LiveToken | Refused]) -> None:
    seen = {
        row.session_id: login.address
        for login, row, verdict in zip(logins, rows, verdicts, strict=True)
        if isinstance(verdict, LiveToken) and verdict.device_id is None and row.session_id is not None
    }
    if seen:
        cursor.execute(MARK_SEEN, [sorted(seen), [seen[session_id] for session_id in sorted(seen)]])


def record_refused(refusals: Sequence[tuple[Login, Refusal, int | None, int | None]]) -> None:
    """Keep (login, reason, token id, team id) as evidence; repeats count up one row."""
    if not refusals:
        return
    columns = zip(
        *[(login.hint, login.address, reason.value, token, team) for login, reason, token, team in refusals],
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(RECORD_REFUSED, [list(column) for column in columns])


def live_tokens(token_ids: Collection[int]) -> dict[int, int | None]:
    """Those of `token_ids` that may still be logged in with, each with its device; None for a pending one."""
    found = AuthToken.objects.filter(pk__in=list(token_ids)).live().values_list("pk", "device_id", "activated_at")
    return {pk: device_id if activated_at else None for pk, device_id, activated_at in found}
