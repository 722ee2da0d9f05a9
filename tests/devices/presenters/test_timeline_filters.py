"""The filters of a timeline: each kind of event is found under exactly one name that the page offers."""

import pytest

from devices.models.timeline import EventKind
from devices.presenters.timeline import GROUPS, kinds_of


@pytest.mark.parametrize("kind", list(EventKind))
def test_each_kind_stands_in_one_group_and_under_its_own_name(kind: EventKind) -> None:
    assert [name for name in GROUPS if kind in kinds_of(name)] != []
    assert sum(kind in kinds for _, kinds in GROUPS.values()) == 1
    assert kind in kinds_of(kind)


def test_connection_means_both_ways() -> None:
    assert set(kinds_of("connection")) == {EventKind.ONLINE, EventKind.OFFLINE}


@pytest.mark.parametrize("name", ["", "nothing", "Connection", "\0"])
def test_a_name_that_is_no_filter_keeps_everything(name: str) -> None:
    assert kinds_of(name) == ()
