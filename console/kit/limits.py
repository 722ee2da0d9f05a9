"""How often something may be done by one account, one API key and from one address; counted in Redis.

Windows are fixed: they begin at whole multiples of their length since 1970 by the database's clock, which is the same
for every process. One count is one INCR, so two requests at once are two. While Redis is away everything passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.http import HttpRequest
from prometheus_client import Counter
from redis.exceptions import RedisError

from console.kit import gateway_bus, server_time
from console.kit.client_address import client_address, site_of
from console.kit.problems import TooOften

REFUSED = Counter("landfall_limit_refused_total", "Requests refused because of a limit", ["limit", "per"])
PASSED = Counter("landfall_limit_unavailable_total", "Requests let pass uncounted because Redis was away", ["limit"])
KEY_PREFIX = "landfall:limit"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often `name` may be done in each window; 0 in a setting lifts that limit.

    `done` completes the sentence "Too many … by this account". `account`, `key`, `address` and `team` are the names of
    the settings; what has none is not counted.
    """

    name: str
    done: str
    seconds: int = 60
    account: str = ""
    key: str = ""
    address: str = ""
    team: str = ""

    def most(self, per: str) -> int:
        setting = {"account": self.account, "key": self.key, "address": self.address, "team": self.team}[per]
        return int(getattr(settings, setting)) if setting else 0


API_CALLS = Limit(
    "api_call",
    "API calls were made",
    account="API_REQUESTS_PER_MINUTE_PER_ACCOUNT",
    key="API_REQUESTS_PER_MINUTE",
    address="API_REQUESTS_PER_MINUTE_PER_ADDRESS",
)
SESSION_OPENINGS = Limit(
    "session_opening",
    "provisioning sessions were opened",
    account="SESSIONS_PER_MINUTE_PER_ACCOUNT",
    key="SESSIONS_PER_MINUTE_PER_KEY",
    address="SESSIONS_PER_MINUTE_PER_ADDRESS",
)
INVITATIONS = Limit(
    "invitation",
    "invitations were sent",
    seconds=3600,
    account="INVITATIONS_PER_HOUR_PER_ACCOUNT",
    key="INVITATIONS_PER_HOUR_PER_KEY",
    address="INVITATIONS_PER_HOUR_PER_ADDRESS",
)
GRANT_REQUESTS = Limit(
    "grant_request",
    "permissions were asked for",
    seconds=3600,
    account="GRANT_REQUESTS_PER_HOUR_PER_ACCOUNT",
    key="GRANT_REQUESTS_PER_HOUR_PER_KEY",
    address="GRANT_REQUESTS_PER_HOUR_PER_ADDRESS",
)
GATEWAY_CHECKS = Limit("gateway_check", "checks of the gateway were made", team="GATEWAY_CHECKS_PER_MINUTE")


def spend(
    limit: Limit, *, account: int | None = None, key: int | None = None, address: str = "", team: int | None = None
) -> None:
    """Count one more for each that is given. Raises TooOften for the first that has had its share of this window.

    What is refused counts as well, but the window ends when it ends.
    """
    told = {"key": key, "account": account, "team": team, "address": site_of(address)}
    whose = {per: str(value) for per, value in told.items() if value and limit.most(per) > 0}
    now = server_time.now().timestamp()
    counts = _counted(limit, whose, window=int(now // limit.seconds))
    for per, count in counts.items():
        if count > limit.most(per):
            REFUSED.labels(limit.name, per).inc()
            # From the very second that is named the next window counts.
            wait = limit.seconds - int(now % limit.seconds)
            place = f"from this {per}" if per == "address" else f"by this {per}"
            raise TooOften(f"Too many {limit.done} {place}. Try again in {wait} {_seconds(wait)}.", retry_after=wait)


def spend_by(request: HttpRequest, limit: Limit) -> None:
    """Count one more for who sends the request: account, address, and the API key it carries. Raises TooOften."""
    key = getattr(request, "auth", None)
    spend(limit, account=request.user.pk, key=key.pk if key else None, address=client_address(request))


def _seconds(count: int) -> str:
    return "second" if count == 1 else "seconds"


def _counted(limit: Limit, whose: Mapping[str, str], *, window: int) -> dict[str, int]:
    """How often each has done it in this window, in one round trip; nothing while Redis is away."""
    pipeline = gateway_bus.client().pipeline(transaction=True)
    for per, value in whose.items():
        name = f"{KEY_PREFIX}:{limit.name}:{per}:{value}:{window}"
        pipeline.incr(name)
        pipeline.expire(name, limit.seconds)
    try:
        answers = pipeline.execute() if whose else []
    except (RedisError, OSError):
        PASSED.labels(limit.name).inc()
        log.warning("limit.unavailable", limit=limit.name)
        return {}
    return dict(zip(whose, answers[::2], strict=True))
