"""The database away or hanging: sessions live on, logins get 19, nobody gets 9, nothing that was kept is lost."""

from collections.abc import Callable

import pytest

from devices.wire.messages import Response
from tests.devices.gateway import harness
from tests.devices.gateway.fake_store import FakeStore
from tests.devices.gateway.harness import RunningGateway, device_at, until


@pytest.fixture
def make_away(fake: FakeStore) -> dict[str, Callable[[], None]]:
    def away() -> None:
        fake.is_away = True

    return {"away": away, "hanging": fake.gate.clear}


@pytest.mark.parametrize("how", ["away", "hanging"])
def test_logins_get_19_and_pings_are_answered(
    start: Callable[..., RunningGateway], fake: FakeStore, make_away: dict[str, Callable[[], None]], how: str
) -> None:
    running = start(store_timeout_seconds=0.3)
    with device_at(running.port, fake.issue(device_id=1)) as board:
        board.expect(Response)
        make_away[how]()
        for token in (fake.issue(), fake.issue(device_id=2)):
            with harness.Device(running.port) as other:
                assert other.log_in(token) == 19
                other.expect_close()
        board.ping()


@pytest.mark.parametrize("how", ["away", "hanging"])
def test_an_activation_that_cannot_be_written_gets_19(
    start: Callable[..., RunningGateway], fake: FakeStore, make_away: dict[str, Callable[[], None]], how: str
) -> None:
    running = start(store_timeout_seconds=0.3, settle_seconds=30)
    token = fake.issue()
    with harness.Device(running.port) as board:
        assert board.log_in(token) == 200
        make_away[how]()
        board.send_info()
        assert board.expect(Response).status == 19
        board.expect_close()
    fake.is_away = False
    fake.gate.set()
    with device_at(running.port, token) as board:
        assert board.expect(Response).status == 200


def test_what_was_gathered_is_written_when_the_store_is_back(
    start: Callable[..., RunningGateway], fake: FakeStore
) -> None:
    running = start()
    with device_at(running.port, fake.issue(device_id=1)) as board:
        board.expect(Response)
        until(lambda: fake.batches)
        fake.is_away = True
        for value in range(30):
            board.wire.send_pin_write(1, [value])
        board.wire.send_ping()
        board.send()
        board.expect(Response, count=2)
        fake.is_away = False
        until(lambda: fake.pin_values(1, None) == [(1, "29")])
    written = [row.value for batch in fake.batches for row in batch.written]
    assert written == [str(value) for value in range(30)]


def test_readings_beyond_the_bound_keep_the_newest_of_each_pin(
    start: Callable[..., RunningGateway], fake: FakeStore
) -> None:
    running = start(readings_waiting=20)
    with device_at(running.port, fake.issue(device_id=1)) as board:
        board.expect(Response)
        fake.is_away = True
        board.wire.send_pin_write(7, ["early"])
        for value in range(100):
            board.wire.send_pin_write(1, [value])
        board.wire.send_ping()
        board.send()
        board.expect(Response, count=2)
        fake.is_away = False
        until(lambda: fake.pin_values(1, None) == [(1, "99"), (7, "early")])
    assert sum(len(batch.written) for batch in fake.batches) <= 21


def test_a_row_that_cannot_be_stored_spares_the_rest(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    fake.poison = "poison"
    running = start()
    with device_at(running.port, fake.issue(device_id=1)) as board:
        board.wire.send_pin_write(1, ["poison"])
        board.wire.send_event("hot")
        board.send()
        until(lambda: any(batch.logged for batch in fake.batches))
        board.wire.send_pin_write(1, ["fine"])
        board.send()
        until(lambda: fake.pin_values(1, None) == [(1, "fine")])
