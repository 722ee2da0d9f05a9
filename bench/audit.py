"""The audit log: what a page costs the server when a team has 1,000,000 entries, beside one that has 1,000."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench.templates import PLAIN_STATIC_FILES
from console.teams.models import Member, Team, User
from console.teams.permissions import Role

URL = "/team/audit/"
FEW, MANY = 1_000, 1_000_000
WARM_UP = 5
DAYS_AGO = 200
QUERIES = {
    "audit log": "",
    "audit log, one area": "?area=devices",
    "audit log, one person": "?who={user}",
    "audit log, days long ago": "?to={long_ago}",
    "audit log, search for a common word": "?q=tap",
    "audit log, search for a rare word": "?q=rare",
}
"""Name and query of each page; every one fills a page of 50 rows for both teams."""

# As `audit.record` writes them: ten people, four areas, a word that all have and one that 90 have.
FILL = """
INSERT INTO teams_auditentry (team_id, at, actor, user_id, address, area, kind, subject, detail, words)
SELECT %(team)s, now() - interval '300 days' * (n::float / %(count)s), 'Person ' || n %% 10,
  CASE n %% 10 WHEN 0 THEN %(user)s ELSE 1000000000 + n %% 10 END, '192.0.2.' || n %% 250,
  (ARRAY['devices', 'templates', 'tokens', 'members'])[1 + n %% 4],
  (ARRAY['device.renamed', 'template.edited', 'token.issued', 'member.removed'])[1 + n %% 4],
  'Tap ' || n, jsonb_build_object('before', 'Valve', 'n', n),
  array_to_tsvector(ARRAY['#' || %(team)s, 'tap', n::text, 'person', (n %% 10)::text, '192', '0', '2', (n %% 250)::text]
    || CASE WHEN n %% (%(count)s / 90) = 0 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END)
FROM generate_series(%(count)s, 1, -1) n
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Microseconds of one page, the median of each round."""

    name: str
    many: Sequence[float]
    few: Sequence[float]


@dataclass(frozen=True, slots=True)
class Reader:
    """An owner's browser, and what stands for their team in a query."""

    client: Client
    user_id: int

    def time(self, query: str) -> float:
        """Microseconds that one page takes. Raises AssertionError for one that is not full."""
        long_ago = (datetime.now(tz=UTC) - timedelta(days=DAYS_AGO)).date()
        address = URL + query.format(user=self.user_id, long_ago=long_ago)
        start = time.perf_counter()
        response = self.client.get(address)
        spent = time.perf_counter() - start
        if response.status_code != 200 or response.content.count(b'<th scope="row"') != 50:
            raise AssertionError(f"{address} was not answered as it should be: status {response.status_code}.")
        return spent * 1e6


def measure(*, rounds: int, requests: int, many: int = MANY) -> list[Page]:
    """Ask the real view for the pages of both teams in turn, `requests` times a round, within this process."""
    with override_settings(STORAGES=PLAIN_STATIC_FILES):
        small, large = _reader(FEW), _reader(many)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE teams_auditentry")
        return [_page(name, query, small, large, rounds, requests) for name, query in QUERIES.items()]


def _page(name: str, query: str, small: Reader, large: Reader, rounds: int, requests: int) -> Page:
    _round(small, large, query, WARM_UP)
    found = [_round(small, large, query, requests) for _ in range(rounds)]
    return Page(name, many=[many for _, many in found], few=[few for few, _ in found])


def _round(small: Reader, large: Reader, query: str, requests: int) -> tuple[float, float]:
    """The medians of both. They take turns page by page, so that what else the machine does hits both alike."""
    pairs = [(small.time(query), large.time(query)) for _ in range(requests)]
    return median(few for few, _ in pairs), median(many for _, many in pairs)


def _reader(count: int) -> Reader:
    """Somebody signed in, of a team whose log has this many entries."""
    team = Team.objects.create(name=f"Bench {count}")
    user = User.objects.create(email=f"audit-{count}@example.com", name="Bench")
    Member.objects.create(team=team, user=user, role=Role.OWNER.value)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL, {"team": team.pk, "count": count, "user": user.pk})
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return Reader(client, user.pk)
