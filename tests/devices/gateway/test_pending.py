"""What waits for the store: one state per device, the newest readings."""

from hypothesis import given
from hypothesis import strategies as st

from devices.actions.values import Attach, Detach, Logged, Meta
from devices.gateway.options import Options
from devices.gateway.pending import Pending, PinValue


def attach(connection_id: int, device_id: int = 1) -> Attach:
    return Attach(device_id, connection_id, "here", "192.0.2.9", 23)


def detach(connection_id: int, device_id: int = 1) -> Detach:
    return Detach(device_id, connection_id, "gone")


def pending(**options: int) -> Pending:
    return Pending(Options(**options))  # type: ignore[arg-type] # names are those of Options


def test_nothing_waits_at_first() -> None:
    assert not pending()


def test_an_attach_takes_back_an_earlier_detach() -> None:
    waiting = pending()
    waiting.detach(detach(1))
    waiting.attach(attach(2))
    batch = waiting.batch(heard=[], now=0.0)
    assert (batch.attached, batch.detached) == ([attach(2)], [])


def test_a_replaced_connection_detaches_without_a_row() -> None:
    waiting = pending()
    waiting.attach(attach(2))
    waiting.detach(detach(1))
    assert waiting.batch(heard=[], now=0.0).detached == []
    waiting.detach(detach(2))
    assert waiting.batch(heard=[], now=0.0).detached == [detach(2)]


def test_only_the_attach_that_waits_is_refreshed() -> None:
    waiting = pending()
    assert not waiting.refresh(attach(1))
    waiting.attach(attach(1))
    assert not waiting.refresh(attach(2))
    newer = Attach(1, 1, "here", "192.0.2.9", 92)
    assert waiting.refresh(newer)
    assert waiting.batch(heard=[], now=0.0).attached == [newer]


def test_ages_are_counted_from_the_write() -> None:
    waiting = pending()
    waiting.write(PinValue(10.0, 1, 1, "a"))
    waiting.write(PinValue(99.0, 1, 1, "b"))
    assert [row.age for row in waiting.batch(heard=[], now=12.5).written] == [2.5, 0.0]


@given(pins=st.lists(st.integers(0, 5), max_size=200))
def test_readings_are_bounded_and_end_with_the_newest_of_each_pin(pins: list[int]) -> None:
    waiting = pending(readings_waiting=20)
    for at, pin in enumerate(pins):
        waiting.write(PinValue(float(at), 1, pin, str(at)))
    rows = waiting.batch(heard=[], now=1000.0).written
    assert len(rows) <= 20
    assert [int(row.value) for row in rows] == sorted(int(row.value) for row in rows)
    assert {row.pin: row.value for row in rows} == {pin: str(at) for at, pin in enumerate(pins)}


def test_events_and_metadata_are_bounded() -> None:
    waiting = pending(events_waiting=3)
    for number in range(10):
        waiting.log_event(Logged(1, 1, str(number), ""))
        waiting.set_meta(Meta(1, str(number), ""))
    batch = waiting.batch(heard=[], now=0.0)
    assert [row.code for row in batch.logged] == [row.name for row in batch.meta] == ["7", "8", "9"]


ROWS = st.lists(st.tuples(st.booleans(), st.integers(1, 3), st.integers(1, 4)), max_size=30)


@given(rows=ROWS, cut=st.integers(0, 30))
def test_putting_back_is_as_if_never_taken(rows: list[tuple[bool, int, int]], cut: int) -> None:
    whole, older, newer = pending(), pending(), pending()
    for position, (is_attach, device_id, connection_id) in enumerate(rows):
        for target in (whole, older if position < cut else newer):
            if is_attach:
                target.attach(attach(connection_id, device_id))
            else:
                target.detach(detach(connection_id, device_id))
    older.follow(newer)
    assert set(older.batch(heard=[], now=0.0).attached) == set(whole.batch(heard=[], now=0.0).attached)
    assert set(older.batch(heard=[], now=0.0).detached) == set(whole.batch(heard=[], now=0.0).detached)


def test_end_of_a_replaced_connection_does_not_hide_that_of_its_successor() -> None:
    older, newer = pending(), pending()
    older.attach(attach(3))
    newer.detach(detach(3))
    newer.detach(detach(1))
    older.follow(newer)
    assert older.batch(heard=[], now=0.0).detached == [detach(3)]
