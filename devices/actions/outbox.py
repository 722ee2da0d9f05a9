"""What has to be told to webhooks, as rows written in the transaction in which it happened.

Nothing is written for a team without a webhook that asks for it.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from devices.models import ProvisioningSession
from devices.models.timeline import EventKind
from devices.status import SessionState
from devices.webhooks import WebhookEvent

IS_ASKED_FOR = """EXISTS (
  SELECT 1 FROM devices_webhook h WHERE h.team_id = {team} AND h.is_active AND {kind} = ANY(h.events))"""

ANNOUNCE = f"""
INSERT INTO devices_outboxevent (team_id, kind, payload, at)
SELECT w.team_id, w.kind, w.payload::jsonb, now()
FROM unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS w(team_id, kind, payload, n)
WHERE {IS_ASKED_FOR.format(team="w.team_id", kind="w.kind")}
ORDER BY w.n
"""  # noqa: S608 - only constants of this module are put in

ANNOUNCE_DEVICES = f"""
INSERT INTO devices_outboxevent (team_id, kind, payload, at)
SELECT d.team_id, w.kind, w.payload::jsonb || jsonb_build_object('device', d.id), now()
FROM unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS w(device_id, kind, payload, n)
JOIN devices_device d ON d.id = w.device_id
WHERE {IS_ASKED_FOR.format(team="d.team_id", kind="w.kind")}
ORDER BY w.n
"""  # noqa: S608 - only constants of this module are put in

OF_TIMELINE = {
    EventKind.ONLINE: WebhookEvent.DEVICE_ONLINE,
    EventKind.OFFLINE: WebhookEvent.DEVICE_OFFLINE,
    EventKind.EVENT: WebhookEvent.DEVICE_EVENT,
    EventKind.RENAMED: WebhookEvent.DEVICE_RENAMED,
}
"""The rows of a timeline that webhooks can be told of; activation writes its own."""

OF_SESSION = {
    SessionState.FAILED: WebhookEvent.SESSION_FAILED,
    SessionState.EXPIRED: WebhookEvent.SESSION_EXPIRED,
    SessionState.CANCELLED: WebhookEvent.SESSION_CANCELLED,
}


def announce(*, team_id: int, event: WebhookEvent, **payload: Any) -> None:
    """One event of a team."""
    _run(ANNOUNCE, [(team_id, event.value, json.dumps(payload))])


def announce_rows(rows: Sequence[tuple[int, EventKind, str, dict[str, Any]]]) -> None:
    """Timeline rows of (device id, kind, actor, detail), those among them that webhooks can be told of."""
    told = [
        (device, OF_TIMELINE[kind].value, json.dumps({"by": actor, "detail": detail} if actor else {"detail": detail}))
        for device, kind, actor, detail in rows
        if kind in OF_TIMELINE
    ]
    if told:
        _run(ANNOUNCE_DEVICES, told)


def announce_end(session: ProvisioningSession, state: SessionState, finding: dict[str, Any] | None) -> None:
    """A session that ended without a device."""
    announce(team_id=session.team_id, event=OF_SESSION[state], session=session.pk, finding=finding)


def announce_ends(team_id: int, session_ids: Sequence[int], state: SessionState) -> None:
    """Sessions of a team that ended alike, without a device and without a finding."""
    event = OF_SESSION[state].value
    _run(ANNOUNCE, [(team_id, event, json.dumps({"session": pk, "finding": None})) for pk in session_ids])


def _run(sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
