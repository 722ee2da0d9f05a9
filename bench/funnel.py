"""The funnel of a team with 1,000,000 sessions: database time of the page's query, beside counting them anew."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from console.teams.models import Member, Team, User
from console.teams.permissions import Role
from devices.actions import funnel
from devices.funnel import Dimension
from templates_app.models import Template

DAYS = 90
TEMPLATES, PEOPLE = 20, 10

FILL = """
INSERT INTO devices_provisioningsession (team_id, template_id, member_id, opened_by, state, opened_at, expires_at,
  seen_at, ended_at, named_at, finding, seen_from, reported_template_id, is_reconfigure, route, library_version)
SELECT %(team)s, (%(templates)s::bigint[])[1 + n %% %(many)s], %(member)s, 'Person ' || n %% %(people)s,
  CASE WHEN n %% 5 = 0 THEN 'expired' ELSE 'activated' END, at, at + interval '15 min',
  CASE WHEN n %% 5 > 0 THEN at + interval '20 s' END,
  at + CASE WHEN n %% 5 = 0 THEN interval '15 min' ELSE make_interval(secs => 15 + n %% 200) END,
  CASE WHEN n %% 5 > 1 THEN at + interval '5 min' END,
  CASE WHEN n %% 5 = 0 THEN jsonb_build_object('code', 'cause_' || n %% 7) END, '', '', false,
  (ARRAY['hotspot', 'usb', 'api'])[1 + n %% 3], (ARRAY['1.2.0', '1.3.2', '1.4.0'])[1 + n %% 3]
FROM generate_series(1, %(count)s) AS n, LATERAL (
  SELECT now() - make_interval(secs => (n::float8 / %(count)s) * %(days)s * 86400) AS at) AS moment
"""


@dataclass(frozen=True, slots=True)
class Funnels:
    """Milliseconds of database time, as EXPLAIN ANALYZE tells them, one a round; `sessions` is how many there are."""

    sessions: int
    sealed: Sequence[float]
    anew: Sequence[float]


def measure(*, rounds: int, sessions: int) -> Funnels:
    """Fill one team, ask for its funnel before its days are sealed and after."""
    team = _filled(sessions)
    anew = [_milliseconds(team) for _ in range(rounds)]
    while funnel.seal_next_day():
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE devices_sessionday")
    _milliseconds(team)
    return Funnels(sessions, [_milliseconds(team) for _ in range(rounds)], anew)


def _filled(count: int) -> Team:
    team = Team.objects.create(name="Bench funnel")
    user = User.objects.create(email="bench-funnel@example.com", name="Bench")
    member = Member.objects.create(team=team, user=user, role=Role.OWNER.value)
    made = [Template.objects.create(team=team, name=f"Template {n}", board="esp32").pk for n in range(TEMPLATES)]
    values: dict[str, Any] = {
        "team": team.pk,
        "templates": made,
        "many": TEMPLATES,
        "member": member.pk,
        "people": PEOPLE,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL, values | {"count": count, "days": DAYS})
        cursor.execute("VACUUM ANALYZE devices_provisioningsession")
    return team


def _milliseconds(team: Team) -> float:
    """Planning and running the query of the page, by template, over all days."""
    sql, parameters = funnel.query(team, by=Dimension.TEMPLATE, days=DAYS + 1)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", parameters)
        (plan,) = cursor.fetchone()
    found = (json.loads(plan) if isinstance(plan, str) else plan)[0]
    return float(found["Planning Time"] + found["Execution Time"])
