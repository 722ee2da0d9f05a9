"""The list of templates: what a page costs the server when a team has 5,000 of them, beside one that has 50."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from console.teams.models import Member, Team, User
from console.teams.permissions import Role
from templates_app.models import Template

URL = "/templates/"
FEW, MANY = 50, 5000
WARM_UP = 10
# Static files by their own names: the hashed ones exist only after `collectstatic`.
PLAIN_STATIC_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@dataclass(frozen=True, slots=True)
class Lists:
    """Microseconds a page, the median of each round."""

    many: Sequence[float]
    few: Sequence[float]


def measure(*, rounds: int, requests: int) -> Lists:
    """Ask the real view for both lists in turn, `requests` times a round, within this process."""
    with override_settings(STORAGES=PLAIN_STATIC_FILES):
        few, many = (_member(count) for count in (FEW, MANY))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE templates_app_template")
        _round(few, many, WARM_UP)
        found = [_round(few, many, requests) for _ in range(rounds)]
    return Lists(few=[first for first, _ in found], many=[second for _, second in found])


def _round(few: Client, many: Client, requests: int) -> tuple[float, float]:
    """The medians of both. They take turns page by page, so that what else the machine does hits both alike."""
    pairs = [(_time(few), _time(many)) for _ in range(requests)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def _time(client: Client) -> float:
    start = time.perf_counter()
    response = client.get(URL)
    spent = time.perf_counter() - start
    if response.status_code != 200 or response.content.count(b"<tr>") != FEW + 1:
        raise AssertionError(f"The list was not answered as it should be: status {response.status_code}.")
    return spent * 1e6


def _member(count: int) -> Client:
    """Somebody signed in, of a team with this many templates."""
    team = Team.objects.create(name=f"Bench {count}")
    user = User.objects.create(email=f"bench-{count}@example.com", name="Bench")
    Member.objects.create(team=team, user=user, role=Role.OWNER.value)
    Template.objects.bulk_create(
        Template(team=team, name=f"Template {number}", board="esp32") for number in range(count)
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client
