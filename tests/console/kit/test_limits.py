"""Counting: to the second, for each of its own, at once, and not at all while Redis is away."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from prometheus_client import REGISTRY
from pytest_django.fixtures import Settings

from console.kit import gateway_bus, limits
from console.kit.limits import Limit
from console.kit.problems import TooOften

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)
LIMITS = [found for found in vars(limits).values() if isinstance(found, Limit)]
KINDS = ("account", "key", "address", "team")


@pytest.fixture(autouse=True)
def three_a_minute(settings: Settings) -> None:
    settings.SESSIONS_PER_MINUTE_PER_ACCOUNT = 3
    settings.SESSIONS_PER_MINUTE_PER_KEY = 2
    settings.SESSIONS_PER_MINUTE_PER_ADDRESS = 5


def refused(call: Callable[[], None]) -> TooOften | None:
    try:
        call()
    except TooOften as problem:
        return problem
    return None


def open_one(account: int = 1, key: int | None = None, address: str = "192.0.2.7") -> TooOften | None:
    return refused(lambda: limits.spend(limits.SESSION_OPENINGS, account=account, key=key, address=address))


@pytest.mark.parametrize(
    ("after", "wait"), [(0.0, 60), (0.4, 60), (1.0, 59), (29.999, 31), (59.0, 1), (59.999, 1)], ids=str
)
def test_retry_after_is_the_second_from_which_it_is_allowed_again(after: float, wait: int) -> None:
    with time_machine.travel(NOON + timedelta(seconds=after), tick=False) as clock:
        assert [open_one() for _ in range(3)] == [None] * 3
        problem = open_one()
        assert problem is not None
        assert problem.retry_after == wait
        assert f"{wait} second" in problem.message
        clock.shift(timedelta(seconds=wait))
        assert open_one() is None


def test_a_second_before_it_is_still_refused() -> None:
    with time_machine.travel(NOON + timedelta(seconds=20), tick=False) as clock:
        for _ in range(4):
            last = open_one()
        assert last is not None
        clock.shift(timedelta(seconds=last.retry_after - 1))
        assert open_one() is not None


@time_machine.travel(NOON, tick=False)
def test_account_key_and_address_have_a_share_each() -> None:
    assert [bool(open_one(key=7)) for _ in range(3)] == [False, False, True]
    assert open_one(account=1, key=8) is not None  # the refused one counted for the account
    assert open_one(account=2, key=9) is None
    assert open_one(account=2, key=9) is not None  # the sixth from this address
    assert open_one(account=2, key=9, address="198.51.100.1") is not None  # the third with this key
    assert open_one(account=2, key=10, address="198.51.100.1") is not None  # the fourth of this account


@time_machine.travel(NOON, tick=False)
def test_all_of_an_ipv6_customer_share() -> None:
    for number in range(5):
        assert open_one(account=number, address=f"2001:db8:1:2::{number + 1}") is None
    problem = open_one(account=9, address="2001:db8:1:2:ffff::1")
    assert problem is not None
    assert "from this address" in problem.message
    assert open_one(account=9, address="2001:db8:1:3::1") is None


@time_machine.travel(NOON, tick=False)
def test_no_address_is_nobodys_address() -> None:
    assert [open_one(account=number, address="") for number in range(9)] == [None] * 9


@time_machine.travel(NOON, tick=False)
def test_zero_lifts_a_limit(settings: Settings) -> None:
    settings.SESSIONS_PER_MINUTE_PER_ACCOUNT = settings.SESSIONS_PER_MINUTE_PER_ADDRESS = 0
    assert [open_one() for _ in range(20)] == [None] * 20


@time_machine.travel(NOON, tick=False)
def test_of_twenty_at_once_three_pass() -> None:
    with ThreadPoolExecutor(20) as pool:
        outcomes = [bool(problem) for problem in pool.map(lambda _: open_one(address=""), range(20))]
    assert outcomes.count(False) == 3


@time_machine.travel(NOON, tick=False)
def test_every_count_ends_with_its_window() -> None:
    open_one(key=7)
    redis = gateway_bus.client()
    names = redis.keys("landfall:limit:*")
    assert len(names) == 3
    assert all(0 < redis.ttl(name) <= 60 for name in names)


def counted(limit: str) -> float:
    return REGISTRY.get_sample_value("landfall_limit_unavailable_total", {"limit": limit}) or 0.0


def test_while_redis_is_away_it_lets_pass_and_counts_that(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    monkeypatch.setattr(gateway_bus, "_client", None)
    before = counted("session_opening")
    assert [open_one() for _ in range(6)] == [None] * 6
    assert counted("session_opening") == before + 6


def test_a_refusal_is_counted() -> None:
    def sample() -> float:
        labels = {"limit": "session_opening", "per": "key"}
        return REGISTRY.get_sample_value("landfall_limit_refused_total", labels) or 0.0

    before = sample()
    with time_machine.travel(NOON, tick=False):
        for _ in range(3):
            open_one(key=7)
    assert sample() == before + 1


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_every_limit_is_a_setting_with_a_default_and_a_sentence(limit: Limit, settings: Settings) -> None:
    described = (ROOT / ".env.example").read_text()
    names = [getattr(limit, kind) for kind in KINDS if getattr(limit, kind)]
    assert names
    assert all(isinstance(getattr(settings, name), int) for name in names)
    assert all(re.search(rf"^{name}=\d+$", described, re.MULTILINE) for name in names)
