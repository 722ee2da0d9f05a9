"""What must always be true of the data, as queries that return the rows for which it is not."""

from django.conf import settings
from django.db import connection

INVARIANTS = {
    "an active token belongs to a device": """
        SELECT id FROM devices_authtoken WHERE activated_at IS NOT NULL AND revoked_at IS NULL AND device_id IS NULL""",
    "a device has one active token beside those that retire, or none once it was revoked": """
        SELECT d.id FROM devices_device d LEFT JOIN devices_authtoken t ON t.device_id = d.id
        GROUP BY d.id
        HAVING count(t.id) FILTER (
            WHERE t.activated_at IS NOT NULL AND t.revoked_at IS NULL AND t.retires_at IS NULL) <>
          CASE WHEN count(t.id) FILTER (WHERE t.activated_at IS NOT NULL AND t.revoked_at IS NULL) = 0
            AND count(t.id) FILTER (WHERE t.revoked_because = 'revoked') > 0 THEN 0 ELSE 1 END""",
    "no token lives long past its overlap": """
        SELECT id FROM devices_authtoken WHERE revoked_at IS NULL AND retires_at < now() - interval '2 minutes'""",
    "a device came of an activated session": """
        SELECT d.id FROM devices_device d JOIN devices_provisioningsession s ON s.id = d.activation_id
        WHERE s.state <> 'activated'""",
    "an activated session's token was activated": """
        SELECT s.id FROM devices_provisioningsession s JOIN devices_authtoken t ON t.session_id = s.id
        WHERE s.state = 'activated' AND t.activated_at IS NULL""",
    "an ended session has no pending token": """
        SELECT s.id FROM devices_provisioningsession s JOIN devices_authtoken t ON t.session_id = s.id
        WHERE s.state <> 'open' AND t.activated_at IS NULL AND t.revoked_at IS NULL""",
    "an activation stands in the timeline once": """
        SELECT d.id FROM devices_device d JOIN teams_team m ON m.id = d.team_id
          LEFT JOIN devices_timelineevent e ON e.device_id = d.id AND e.kind = 'activated'
        WHERE d.activated_at > now() - make_interval(days => LEAST(%(days)s, m.timeline_days))
        GROUP BY d.id HAVING count(e.id) <> 1""",
    "no session is open long past its deadline": """
        SELECT id FROM devices_provisioningsession
        WHERE state = 'open' AND expires_at < now() - interval '2 minutes'""",
    "no event waits in the outbox": """
        SELECT id FROM devices_outboxevent WHERE at < now() - interval '5 minutes'""",
    "no delivery waits past its next try": """
        SELECT id FROM devices_delivery WHERE next_try_at < now() - interval '5 minutes'""",
    "nothing is last seen in the future": """
        SELECT device_id FROM devices_presence WHERE last_seen_at > now() + interval '5 seconds'""",
    "a device and its template are of one team": """
        SELECT d.id FROM devices_device d JOIN templates_app_template t ON t.id = d.template_id
        WHERE t.team_id <> d.team_id""",
}
SHOWN = 20


def violations() -> dict[str, list[int]]:
    """For each invariant that does not hold, the ids of up to 20 offending rows."""
    found, kept = {}, settings.TIMELINE_RETENTION_DAYS
    with connection.cursor() as cursor:
        for sentence, sql in INVARIANTS.items():
            cursor.execute(f"{sql} ORDER BY 1 LIMIT %(shown)s", {"shown": SHOWN, "days": kept})
            rows = [row[0] for row in cursor.fetchall()]
            if rows:
                found[sentence] = rows
    return found
