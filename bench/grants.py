"""The permission check of one page: queries and time with 500 grants in 50 teams, beside one grant in one team."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from console.teams.access import TEAM_SESSION_KEY, current_member, provisionable
from console.teams.models import Grant, Member, Team, User
from console.teams.permissions import Role
from templates_app.models import Template

TEAMS, GRANTS, MEMBERS, TEMPLATES = 50, 500, 100, 50
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Checks:
    """Microseconds a check, the median of each round, and how many queries one takes."""

    many: Sequence[float]
    few: Sequence[float]
    many_queries: int
    few_queries: int


@dataclass(frozen=True, slots=True)
class _Asker:
    """Somebody who looks at a page that offers these templates, of which they may provision some."""

    request: HttpRequest
    template_ids: Sequence[str]
    permitted_count: int

    def check(self) -> None:
        """What every page that offers templates asks: who is this, in which team, and what may they provision."""
        member = current_member(self.request)
        if member is None or len(provisionable(member, self.template_ids)) != self.permitted_count:
            raise AssertionError("The permissions were not answered as they should be.")


def measure(*, rounds: int, requests: int) -> Checks:
    """Ask for both in turn, `requests` times a round, within this process."""
    few = _asker(teams=1, grants=1, members=1)
    many = _asker(teams=TEAMS, grants=GRANTS, members=MEMBERS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE teams_member, teams_grant")
    _round(few, many, WARM_UP)
    found = [_round(few, many, requests) for _ in range(rounds)]
    return Checks(
        few=[first for first, _ in found],
        many=[second for _, second in found],
        few_queries=_queries(few),
        many_queries=_queries(many),
    )


def _round(few: _Asker, many: _Asker, requests: int) -> tuple[float, float]:
    pairs = [(_time(few), _time(many)) for _ in range(requests)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def _time(asker: _Asker) -> float:
    start = time.perf_counter()
    asker.check()
    return (time.perf_counter() - start) * 1e6


def _queries(asker: _Asker) -> int:
    with CaptureQueriesContext(connection) as captured:
        asker.check()
    return len(captured)


def _asker(*, teams: int, grants: int, members: int) -> _Asker:
    """An installer in as many teams; their first team has the members, and most of the grants are theirs."""
    name = f"grants-{grants}"
    user = User.objects.create(email=f"{name}@example.com", name="Bench")
    made = Team.objects.bulk_create(Team(name=f"{name}-{number}") for number in range(teams))
    own = Member.objects.bulk_create(Member(team=team, user=user, role=Role.INSTALLER.value) for team in made)
    users = User.objects.bulk_create(User(email=f"{name}-{number}@example.com") for number in range(members))
    others = Member.objects.bulk_create(Member(team=made[0], user=one, role=Role.INSTALLER.value) for one in users)
    templates = Template.objects.bulk_create(
        Template(team=made[0], name=f"Template {number}", board="esp32") for number in range(TEMPLATES)
    )
    ids = [template.template_id for template in templates]
    mine = ids[: min(grants, TEMPLATES // 2)]
    Grant.objects.bulk_create(Grant(member=own[0], template_id=template_id) for template_id in mine)
    rest = [(member, template_id) for member in others for template_id in ids][: grants - len(mine)]
    Grant.objects.bulk_create(Grant(member=member, template_id=template_id) for member, template_id in rest)
    request = HttpRequest()
    request.user = user
    request.session = {TEAM_SESSION_KEY: made[0].pk}  # type: ignore[assignment]  # all that is read of a session
    return _Asker(request, ids, len(mine))
