"""The funnel's arithmetic."""

from collections import Counter
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.funnel import LAST_BUCKET, NO_BUCKET, Fact, Reached, bucket_of, drop_off, median_of, tallies


def test_a_later_step_implies_the_earlier_ones() -> None:
    total, _ = tallies([Fact(None, 3, reached=Reached.OPENED), Fact(None, 2, reached=Reached.NAMED)])
    assert [total.count(step) for step in Reached] == [5, 2, 2, 2, 2, 2]


def test_parts_are_told_apart_from_the_total() -> None:
    total, parts = tallies(
        [Fact(None, 4, reached=Reached.SEEN), Fact("", 1, reached=Reached.SEEN), Fact("a", 3, cause="x")]
    )
    assert total.opened_count == 4
    assert parts[""].opened_count == 1
    assert parts["a"].commonest_cause == ("x", 3)


def test_sessions_without_a_device_have_no_time_and_the_others_no_cause() -> None:
    total, _ = tallies([Fact(None, 9, bucket=NO_BUCKET), Fact(None, 9, cause="")])
    assert total.median_seconds is None
    assert total.commonest_cause is None


def test_equally_common_causes_stand_in_the_order_of_their_names() -> None:
    total, _ = tallies([Fact(None, 2, cause="b"), Fact(None, 2, cause="a")])
    assert total.commonest_cause == ("a", 2)


@given(st.lists(st.floats(1, 600_000), min_size=1, max_size=50))
def test_median_is_right_within_4_per_cent(times: list[float]) -> None:
    found = median_of(Counter(map(bucket_of, times)))
    ordered = sorted(times)
    low, high = ordered[(len(ordered) - 1) // 2], median([*ordered, ordered[-1]]) if len(ordered) > 1 else ordered[0]
    assert found is not None
    assert low / 1.041 <= found <= max(low, high) * 1.041


@pytest.mark.parametrize(("seconds", "bucket"), [(0, 0), (-5, 0), (1, 0), (1.09, 1), (1e9, LAST_BUCKET)])
def test_buckets_have_ends(seconds: float, bucket: int) -> None:
    assert bucket_of(seconds) == bucket


def test_drop_off_of_nothing_is_nothing() -> None:
    assert drop_off(0, 0) == 0
    assert drop_off(4, 1) == 0.75
