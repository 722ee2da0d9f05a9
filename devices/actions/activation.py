"""Activation: the first login with a token makes its device real, in one statement under the token's row lock."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from console.kit.transactions import DEADLOCK, UNIQUE_VIOLATION, atomic_again
from console.teams.models import Grant
from devices.actions import failures, outbox
from devices.actions.logins import ROLES, live_tokens
from devices.actions.values import Activated, Claim, Refused
from devices.models import AuthToken
from devices.status import REFUSAL_OF, Refusal, RevokedBecause

ACTIVATE = f"""
WITH live AS MATERIALIZED (
  SELECT t.id AS token_id, s.id AS session_id, s.team_id, s.template_id, s.opened_by, s.device_id AS existing_id,
         tpl.name AS template_name, c.address, s.route, s.overlap_seconds,
         s.planned_name, s.planned_tags,
         CASE WHEN s.planned_mac <> '' THEN upper(s.planned_mac) ELSE COALESCE((
           SELECT upper(e.detail ->> 'mac') FROM devices_sessionevidence e
           WHERE e.session_id = s.id AND e.kind = 'board_info'
             AND e.detail ->> 'mac' ~* '^([0-9a-f]{{2}}:){{5}}[0-9a-f]{{2}}$'
           ORDER BY e.id DESC LIMIT 1), '') END AS mac
  FROM unnest(%(token_ids)s::bigint[], %(addresses)s::text[]) AS c(token_id, address)
  JOIN devices_authtoken t ON t.id = c.token_id
  JOIN devices_provisioningsession s ON s.id = t.session_id
  JOIN templates_app_template tpl ON tpl.id = s.template_id
  JOIN teams_member m ON m.id = s.member_id
  JOIN teams_user u ON u.id = m.user_id
  WHERE t.activated_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > now() AND s.state = 'open'
    AND NOT (s.is_reconfigure AND s.device_id IS NULL) AND u.is_active AND m.role = ANY(%(roles)s)
  ORDER BY t.id
  FOR UPDATE OF t, s
), numbered AS MATERIALIZED (
  SELECT live.*, COALESCE(existing_id, nextval('devices_device_id_seq')) AS device_id FROM live
), retired AS (
  UPDATE devices_authtoken t SET
    revoked_at = CASE WHEN n.overlap_seconds IS NULL THEN now() END,
    revoked_because = CASE WHEN n.overlap_seconds IS NULL THEN 'replaced' ELSE '' END,
    retires_at = CASE WHEN n.overlap_seconds IS NULL THEN t.retires_at
      ELSE LEAST(t.retires_at, now() + make_interval(secs => n.overlap_seconds)) END
  FROM numbered n WHERE t.device_id = n.existing_id AND t.activated_at IS NOT NULL AND t.revoked_at IS NULL
  RETURNING t.id, t.device_id, t.revoked_at
), claimed AS (
  UPDATE devices_authtoken t SET activated_at = now(), expires_at = NULL, device_id = n.device_id
  FROM numbered n WHERE t.id = n.token_id AND (SELECT count(*) FROM retired) >= 0
), made AS (
  INSERT INTO devices_device (id, team_id, template_id, activation_id, name, activated_at, activated_by,
    reported_board, reported_template_id, firmware_version, firmware_type, firmware_build, library_version,
    hotspot_name, metadata, mac, tags)
  SELECT device_id, team_id, template_id, session_id,
    COALESCE(NULLIF(planned_name, ''), left(template_name, 48) || ' ' || device_id), now(), opened_by,
    '', '', '', '', '', '', '', '{{}}', mac, planned_tags
  FROM numbered WHERE existing_id IS NULL
), known AS (
  UPDATE devices_device d SET mac = n.mac FROM numbered n WHERE d.id = n.existing_id AND n.mac NOT IN ('', d.mac)
), closed AS (
  UPDATE devices_provisioningsession s SET state = 'activated', ended_at = now(), device_id = n.device_id,
    named_at = CASE WHEN n.existing_id IS NULL AND n.planned_name <> '' THEN now() ELSE s.named_at END
  FROM numbered n WHERE s.id = n.session_id
), told AS (
  INSERT INTO devices_timelineevent (at, device_id, team_id, kind, actor, detail)
  SELECT now(), device_id, team_id,
    CASE WHEN existing_id IS NULL THEN 'activated' WHEN route = 'static' THEN 'rotated' ELSE 'reconfigured' END,
    opened_by,
    jsonb_strip_nulls(jsonb_build_object('session', session_id, 'address', address, 'overlap', overlap_seconds))
  FROM numbered
), announced AS (
  INSERT INTO devices_outboxevent (at, team_id, kind, payload)
  SELECT now(), n.team_id, w.kind, jsonb_build_object('device', device_id, 'session', session_id, 'by', opened_by)
  FROM numbered n, LATERAL (
    SELECT CASE WHEN existing_id IS NULL THEN 'device.activated' ELSE 'device.reconfigured' END
  ) AS w(kind)
  WHERE {outbox.IS_ASKED_FOR.format(team="n.team_id", kind="w.kind")}
)
SELECT n.token_id, n.device_id, r.id
FROM numbered n LEFT JOIN retired r ON r.device_id = n.existing_id AND r.revoked_at IS NOT NULL
"""  # noqa: S608 - only constants are put in

GRANT_OF = """
SELECT g.id, m.role FROM devices_authtoken t
JOIN devices_provisioningsession s ON s.id = t.session_id
JOIN templates_app_template tpl ON tpl.id = s.template_id
JOIN teams_member m ON m.id = s.member_id
JOIN teams_grant g ON g.member_id = m.id
WHERE t.id = %(token_id)s AND m.role = ANY(%(by_grant)s) AND g.template_id IN ('', tpl.template_id)
  AND (g.until_at IS NULL OR g.until_at > now()) AND (g.devices_limit IS NULL OR g.devices_count < g.devices_limit)
ORDER BY g.devices_limit IS NOT NULL, g.id LIMIT 1
FOR UPDATE OF g
"""


@atomic_again(DEADLOCK, UNIQUE_VIOLATION)
def activate(claims: Sequence[Claim]) -> list[Activated | Refused]:
    """Make the devices of pending tokens real; results stand in the order of `claims`.

    1. A claim that reports another template id fails its session, kills its token and is refused.
    2. The rest go through one statement: lock token and session, check deadline, state and permission again, make the
       device (or give an existing one its new token and end the old: at once, or after the session's overlap), close
       the session, write the timeline. A device of a batch gets the name, MAC address and tags of its
       row; with a name its session counts as named.
    3. Who has the permission by a grant goes one at a time, since the grant may be for a number of devices.
    4. A token that another login activated in the meantime answers with that device; any other is refused with why.

    Two tokens for one device at the same moment: the second is done again, and retires the first.
    """
    mismatched = failures.refuse_templates(claims)
    rest = [claim for claim in claims if claim.token_id not in mismatched]
    made = _run(rest, ROLES["by_role"])
    for claim in rest:
        if claim.token_id not in made:
            made |= _by_grant(claim)
    others = _explain([claim.token_id for claim in rest if claim.token_id not in made])
    results: dict[int, Activated | Refused] = {**made, **others}
    results |= dict.fromkeys(mismatched, Refused(Refusal.TEMPLATE_MISMATCH))
    return [results[claim.token_id] for claim in claims]


def _run(claims: Sequence[Claim], roles: list[str]) -> dict[int, Activated]:
    if not claims:
        return {}
    addresses = {claim.token_id: claim.address for claim in claims}
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "token_ids": list(addresses),
            "addresses": list(addresses.values()),
            "roles": roles,
        }
        cursor.execute(ACTIVATE, parameters)
        rows = cursor.fetchall()
    failures.drop_on_commit([retired for _, _, retired in rows if retired is not None])
    return {token_id: Activated(token_id, device_id, is_new=True) for token_id, device_id, _ in rows}


def _by_grant(claim: Claim) -> dict[int, Activated]:
    with connection.cursor() as cursor:
        cursor.execute(GRANT_OF, {"token_id": claim.token_id, **ROLES})
        row = cursor.fetchone()
    if row is None:
        return {}
    grant_id, role = row
    made = _run([claim], [role])
    if made:
        Grant.objects.filter(pk=grant_id).count_device()
    return made


def _explain(token_ids: Sequence[int]) -> dict[int, Activated | Refused]:
    """Why these tokens were not activated: another login was first, or they died in the meantime."""
    if not token_ids:
        return {}
    tokens = AuthToken.objects.in_bulk(token_ids)
    live = live_tokens(token_ids)
    results = {token_id: _outcome(tokens.get(token_id), is_live=token_id in live) for token_id in token_ids}
    failures.fail_without_permission([t for t, r in results.items() if r == Refused(Refusal.NO_PERMISSION)])
    return results


def _outcome(token: AuthToken | None, *, is_live: bool) -> Activated | Refused:
    if token is None:
        return Refused(Refusal.UNKNOWN)
    if token.revoked_because:
        return Refused(REFUSAL_OF[RevokedBecause(token.revoked_because)])
    if token.device_id is not None and token.activated_at is not None:
        return Activated(token.pk, token.device_id, is_new=False)
    return Refused(Refusal.NO_PERMISSION if is_live else Refusal.EXPIRED)
