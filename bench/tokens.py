"""Pending tokens in bulk: one session each, as `devices.actions.sessions.open_session` leaves them."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from console.kit.tokens import TOKEN_PREFIX, digest, hint, new_secret
from console.teams.models import Member, Team, User
from console.teams.permissions import Role
from templates_app.actions import templates
from templates_app.models import Template

MAKE = """
WITH opened AS (
  INSERT INTO devices_provisioningsession (team_id, template_id, member_id, opened_by, is_reconfigure, state,
    expires_at, seen_from, reported_template_id)
  SELECT %(team)s, %(template)s, %(member)s, 'Bench', false, 'open', now() + interval '1 day', '', ''
  FROM generate_series(1, %(count)s)
  RETURNING id, expires_at
), numbered AS (
  SELECT id, expires_at, row_number() OVER (ORDER BY id) AS n FROM opened
)
INSERT INTO devices_authtoken (digest, hint, team_id, session_id, expires_at, revoked_because)
SELECT w.digest, w.hint, %(team)s, o.id, o.expires_at, ''
FROM numbered o JOIN unnest(%(digests)s::bytea[], %(hints)s::text[]) WITH ORDINALITY AS w(digest, hint, n) USING (n)
ORDER BY n
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """Tokens nobody has used, with their ids: consecutive, in the same order."""

    tokens: list[str]
    ids: list[int]


def make_template() -> tuple[Template, Member]:
    """A team with one template and its owner."""
    team = Team.objects.create(name="Bench")
    user, _ = User.objects.get_or_create(email="bench@example.com", defaults={"name": "Bench"})
    owner = Member.objects.create(team=team, user=user, role=Role.OWNER.value)
    template = templates.create(team=team, name="Soil Sensor", board="esp32", description="", by=owner)
    return template, owner


def make_pending(count: int, *, template: Template, owner: Member) -> Pending:
    """Open `count` sessions of `template` in one statement, and let the planner know how large the tables are now."""
    tokens = [new_secret(TOKEN_PREFIX) for _ in range(count)]
    parameters: dict[str, Any] = {
        "team": template.team_id,
        "template": template.pk,
        "member": owner.pk,
        "count": count,
        "digests": [digest(token) for token in tokens],
        "hints": [hint(token) for token in tokens],
    }
    with connection.cursor() as cursor:
        with transaction.atomic():
            cursor.execute(MAKE, parameters)
            ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("VACUUM ANALYZE devices_authtoken, devices_provisioningsession, devices_device")
    return Pending(tokens, ids)
