"""Counting sessions: sealed days and live ones give together what counting one by one gives."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from console.kit import server_time
from devices import tasks
from devices.actions import funnel, sessions
from devices.funnel import Dimension, Reached, bucket_of, tallies
from devices.models import ProvisioningSession, SealedDay, SessionDay
from devices.status import SessionState
from templates_app.models import Template
from tests.cast import Cast

TODAY = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_time, "now", lambda: TODAY)


def add(template: Template, cast: Cast, *, days_ago: int, seconds: float = 20, **fields: Any) -> ProvisioningSession:
    """A session of so many days ago, as `fields` say; an ended one lasted `seconds`."""
    session = sessions.open_session(template=template, by=cast.alice).session
    opened_at = TODAY - timedelta(days=days_ago)
    if fields.get("state", SessionState.OPEN) != SessionState.OPEN:
        fields["ended_at"] = opened_at + timedelta(seconds=seconds)
    ProvisioningSession.objects.filter(pk=session.pk).update(opened_at=opened_at, **fields)
    return session


def seal() -> int:
    return tasks.seal_days()


def told(cast: Cast, by: Dimension = Dimension.TEMPLATE, days: int = 30) -> Any:
    return tallies(funnel.facts_of(cast.team, by=by, days=days))


FAILED: dict[str, Any] = {"state": SessionState.FAILED, "finding": {"code": "wrong_wifi"}}
DONE: dict[str, Any] = {"state": SessionState.ACTIVATED}


def test_each_session_counts_for_the_farthest_step(template: Template, cast: Cast) -> None:
    add(template, cast, days_ago=1)
    add(template, cast, days_ago=1, board_at=TODAY)
    add(template, cast, days_ago=1, network_at=TODAY)
    add(template, cast, days_ago=1, seen_at=TODAY)
    add(template, cast, days_ago=1, cloud_at=TODAY, **FAILED)
    add(template, cast, days_ago=1, **DONE)
    add(template, cast, days_ago=1, named_at=TODAY, **DONE)
    total, _ = told(cast)
    assert [total.count(step) for step in Reached] == [7, 6, 5, 4, 2, 1]
    assert total.commonest_cause == ("wrong_wifi", 1)


def test_every_dimension_breaks_the_same_sessions_down(template: Template, cast: Cast) -> None:
    add(template, cast, days_ago=1, reported_board="ESP32", library_version="1.4.0", **DONE)
    add(template, cast, days_ago=2, **FAILED)
    for dimension in Dimension:
        total, parts = told(cast, dimension)
        assert total.opened_count == sum(part.opened_count for part in parts.values()) == 2
    assert set(told(cast, Dimension.DAY)[1]) == {"2026-11-24", "2026-11-23"}
    assert set(told(cast, Dimension.LIBRARY)[1]) == {"", "1.4.0"}
    assert set(told(cast, Dimension.PERSON)[1]) == {"Alice"}


def test_other_teams_and_older_days_do_not_count(template: Template, other_template: Template, cast: Cast) -> None:
    add(template, cast, days_ago=7, **FAILED)
    theirs = sessions.open_session(template=other_template, by=cast.sam).session
    ProvisioningSession.objects.filter(pk=theirs.pk).update(opened_at=TODAY)
    assert told(cast, days=7)[0].opened_count == 0
    assert told(cast, days=8)[0].opened_count == 1
    seal()
    assert told(cast, days=7)[0].opened_count == 0
    assert told(cast, days=8)[0].opened_count == 1


def test_sealing_twice_counts_once_and_outlives_the_sessions(template: Template, cast: Cast) -> None:
    add(template, cast, days_ago=5, **FAILED)
    add(template, cast, days_ago=1, **FAILED)
    before = told(cast)[0]
    assert seal() == 3
    assert seal() == 0
    assert [day.sessions_count for day in SealedDay.objects.order_by("day")] == [1, 0, 0]
    assert told(cast)[0] == before
    ProvisioningSession.objects.filter(opened_at__lt=TODAY - timedelta(days=4)).delete()
    assert told(cast)[0] == before


def test_a_day_with_an_open_session_waits(template: Template, cast: Cast) -> None:
    session = add(template, cast, days_ago=6)
    add(template, cast, days_ago=5, **FAILED)
    assert seal() == 0
    ProvisioningSession.objects.filter(pk=session.pk).update(state=SessionState.EXPIRED, ended_at=TODAY)
    assert seal() == 4


def test_nothing_at_all_is_sealed_where_there_is_nothing(cast: Cast) -> None:
    assert seal() == 0
    assert told(cast)[0].opened_count == 0


def test_two_workers_at_once_count_a_day_once(transactional_db: None, template: Template, cast: Cast) -> None:
    for days_ago in (4, 5, 6):
        add(template, cast, days_ago=days_ago, **FAILED)

    def work() -> None:
        try:
            while funnel.seal_next_day():
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(SessionDay.objects.values_list("sessions_count", flat=True)) == [1, 1, 1]


KINDS = st.sampled_from(["open", "failed", "activated", "named"])


@given(rows=st.lists(st.tuples(st.integers(0, 12), KINDS, st.integers(1, 5000)), max_size=8), days=st.integers(1, 14))
@settings(max_examples=15)
def test_sealed_and_live_days_together_are_what_one_counts_by_hand(
    template: Template, cast: Cast, rows: list[tuple[int, str, int]], days: int
) -> None:
    ProvisioningSession.objects.all().delete()
    SessionDay.objects.all().delete()
    SealedDay.objects.all().delete()
    for days_ago, kind, seconds in rows:
        fields: dict[str, Any] = {"open": {}, "failed": FAILED, "activated": DONE, "named": DONE | {"named_at": TODAY}}[
            kind
        ]
        add(template, cast, days_ago=days_ago, seconds=seconds, **fields)
    shown = [(kind, seconds) for days_ago, kind, seconds in rows if days_ago < days]
    for _ in range(2):
        total, _parts = told(cast, days=days)
        assert total.opened_count == len(shown)
        assert total.count(Reached.ACTIVATED) == sum(kind in ("activated", "named") for kind, _ in shown)
        assert total.count(Reached.NAMED) == sum(kind == "named" for kind, _ in shown)
        assert total.buckets == Counter(bucket_of(s) for kind, s in shown if kind in ("activated", "named"))
        assert total.causes == Counter("wrong_wifi" for kind, _ in shown if kind == "failed")
        seal()
