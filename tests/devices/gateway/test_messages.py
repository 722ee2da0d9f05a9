"""What becomes of what devices send."""

import time
from collections.abc import Callable, Iterator

import pytest

from devices.gateway.options import Options
from devices.models import Device, PinValue, Reading, TimelineEvent
from devices.wire import build
from devices.wire.commands import PinKind, UtcKind
from devices.wire.limits import Limits
from devices.wire.messages import InternalReply, PinWrite, Response
from tests.devices.gateway import harness
from tests.devices.gateway.fake_store import FakeStore
from tests.devices.gateway.harness import RunningGateway, device_at, until


@pytest.fixture
def board(running: RunningGateway, token: str) -> Iterator[harness.Device]:
    with device_at(running.port, token) as board:
        board.expect(Response)
        yield board


@pytest.fixture
def quiet_board(start: Callable[..., RunningGateway], fake: FakeStore) -> Iterator[harness.Device]:
    """A device on the store in memory."""
    with device_at(start().port, fake.issue(device_id=1)) as board:
        board.expect(Response)
        yield board


def test_virtual_writes_become_readings(board: harness.Device) -> None:
    board.wire.send_pin_write(1, ["21.5"])
    board.wire.send_pin_write(2, ["a", "b"])
    board.wire.send_pin_write(1, ["22"])
    board.wire.send_pin_write(3, ["1"], PinKind.DIGITAL)
    board.send()
    until(lambda: Reading.objects.count() == 3)
    assert dict(PinValue.objects.values_list("pin", "value")) == {1: "22", 2: "a\x1fb"}


def test_facts_of_the_info_block_are_kept(board: harness.Device) -> None:
    device = until(Device.objects.filter(reported_board="ESP32").first)
    assert (device.firmware_version, device.library_version, device.buffer_bytes) == ("0.1.0", "1.4.0", 1024)


def test_hotspot_name_and_other_metadata_are_kept(board: harness.Device) -> None:
    board.wire.send_meta_set("Hotspot Name", "Blynk Soil-9A4R")
    board.wire.send_meta_set("Room", "Kitchen")
    board.send()
    device = until(Device.objects.filter(hotspot_name="Blynk Soil-9A4R").first)
    assert device.metadata == {"Room": "Kitchen"}
    board.wire.send_meta_get("Room")
    board.send()
    assert board.expect(InternalReply).values == ("Room", "Kitchen")


def test_events_become_timeline_rows(board: harness.Device) -> None:
    board.wire.send_event("hot", "72 degrees")
    board.wire.send_event_clear("hot")
    board.send()
    rows = TimelineEvent.objects.filter(kind="event").order_by("at", "id")
    until(lambda: rows.count() == 2)
    assert [row.detail["cleared"] for row in rows] == [False, True]
    assert rows[0].detail["text"] == "72 degrees"


def test_events_beyond_what_people_can_read_are_dropped(board: harness.Device) -> None:
    for number in range(60):
        board.wire.send_event("hot", str(number))
    board.wire.send_pin_write(1, ["last"])
    board.send()
    until(lambda: PinValue.objects.filter(value="last").exists())
    rows = TimelineEvent.objects.filter(kind="event")
    until(lambda: rows.count() >= Options().event_burst)
    assert rows.count() <= Options().event_burst + 2


def test_sync_sends_what_was_written_last(board: harness.Device) -> None:
    board.wire.send_pin_write(1, ["21.5"])
    board.wire.send_pin_write(9, ["a", "b"])
    board.send()
    until(lambda: PinValue.objects.count() == 2)
    board.wire.send_sync()
    board.send()
    board.expect(PinWrite, count=2)
    orders = [event for event in board.events if isinstance(event, PinWrite)]
    assert [(order.pin, order.values) for order in orders] == [(1, ("21.5",)), (9, ("a", "b"))]
    board.wire.send_sync([9, 10])
    board.send()
    assert board.expect(PinWrite, count=3).pin == 9


def test_blynklib_gets_one_message_per_segment(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start()
    with harness.Device(running.port) as client:
        assert client.log_in(fake.issue(device_id=1), is_legacy=True) == 200
        client.send_info(dev="python")
        client.expect(Response)
        for pin in range(5):
            client.wire.send_pin_write(pin, ["1"])
        client.send()
        until(lambda: len(fake.pin_values(1, None)) == 5)
        client.wire.send_sync()
        client.send()
        segments = [client.sock.recv(4096) for _ in range(5)]
    assert [segment[5:10] for segment in segments] == [b"vw\0%d\0" % pin for pin in range(5)]


def test_clock_is_told(quiet_board: harness.Device) -> None:
    quiet_board.wire.send_rtc_request()
    quiet_board.send()
    rtc = quiet_board.expect(InternalReply)
    assert abs(int(rtc.values[0]) - time.time()) < 60
    for count, kind in enumerate(UtcKind, start=2):
        quiet_board.wire.send_utc_request(kind)
        quiet_board.send()
        assert quiet_board.expect(InternalReply, count=count).values[0] == kind


def test_a_group_with_a_timestamp_is_dated_back(quiet_board: harness.Device, fake: FakeStore) -> None:
    an_hour_ago = int((time.time() - 3600) * 1000)
    quiet_board.wire.send_group_begin(an_hour_ago)
    quiet_board.wire.send_pin_write(1, ["then"])
    quiet_board.wire.send_group_end()
    quiet_board.wire.send_pin_write(1, ["now"])
    quiet_board.wire.send_group_begin(1)
    quiet_board.wire.send_pin_write(1, ["no clock"])
    quiet_board.send()
    until(lambda: fake.pin_values(1, None) == [(1, "no clock")])
    ages = {row.value: row.age for batch in fake.batches for row in batch.written}
    assert 3500 < ages["then"] < 3700
    assert max(ages["now"], ages["no clock"]) < 60


@pytest.mark.parametrize(
    "frame",
    [
        build.message(command, 7, *parts)  # type: ignore[arg-type] # plain numbers serve as commands
        for command, parts in [
            (12, ("hello",)),
            (13, ("a@example.com", "subject", "body")),
            (14, ("hello",)),
            (15, ("1", "i", "x" * 32)),
            (19, ("1", "color", "#ff0000")),
            (20, ("pm", "1", "out")),
            (20, ("dr", "1")),
            (99, ()),
            (29, ("x" * 32,)),
        ]
    ],
)
def test_what_is_not_offered_leaves_the_connection_alive(quiet_board: harness.Device, frame: bytes) -> None:
    quiet_board.sock.sendall(frame + build.ping(9))
    until(lambda: quiet_board.read() and any(getattr(event, "message_id", 0) == 9 for event in quiet_board.events))


def test_too_many_messages_are_answered_with_1_and_the_connection_lives(
    start: Callable[..., RunningGateway], fake: FakeStore
) -> None:
    running = start(limits=Limits(messages_per_second=5, message_burst=10), flood_factor=100)
    with device_at(running.port, fake.issue(device_id=1)) as board:
        for number in range(40):
            board.wire.send_pin_write(1, [number])
        board.send()
        assert board.expect(Response, count=2).status == 1
        until(lambda: fake.pin_values(1, None))
        running.call(lambda: None)
        assert not board.is_cut
