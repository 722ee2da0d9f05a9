"""Peers that are slow, silent, greedy or mad: they lose, the others notice nothing."""

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.wire import build
from devices.wire.commands import Command, PinKind
from devices.wire.frames import HEADER
from devices.wire.limits import Limits
from devices.wire.messages import Response
from tests.devices.gateway import harness
from tests.devices.gateway.fake_store import FakeStore
from tests.devices.gateway.harness import RunningGateway, device_at, until

FRAMES = st.builds(
    lambda command, number, body: HEADER.pack(command, number, len(body)) + body,
    st.sampled_from([*Command, 3, 99, 255]),
    st.integers(0, 65_535),
    st.binary(max_size=60) | st.lists(st.sampled_from([b"vw", b"1", b"meta", b"set", b""])).map(b"\0".join),
)
GARBAGE = st.lists(FRAMES | st.binary(max_size=40), max_size=12).map(b"".join)


@pytest.fixture
def good(start: Callable[..., RunningGateway], fake: FakeStore) -> Iterator[harness.Device]:
    """A well-behaved device; at the end of the test it has noticed nothing."""
    running = start(stuck_seconds=0.3, login_deadline_seconds=0.3)
    with device_at(running.port, fake.issue(device_id=1)) as good:
        good.expect(Response)
        yield good
        good.ping()


@settings(max_examples=60)
@given(data=GARBAGE, is_logged_in=st.booleans(), size=st.sampled_from([1, 3, 10_000]))
def test_garbage_harms_nobody_else(
    good: harness.Device, fake: FakeStore, data: bytes, is_logged_in: bool, size: int
) -> None:
    with harness.Device(good.sock.getpeername()[1]) as peer:
        if is_logged_in:
            assert peer.log_in(fake.issue(device_id=2)) == 200
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(data), size):
                peer.sock.sendall(data[start : start + size])
    good.ping()


def test_a_login_byte_by_byte_is_understood(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    with harness.Device(start().port) as peer:
        peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.wire.log_in(fake.issue(device_id=1))
        for byte in peer.wire.data_to_send():
            peer.sock.sendall(bytes([byte]))
        until(lambda: peer.read() and peer.events)
        assert peer.wire.state == "logged_in"


def test_who_does_not_finish_a_login_is_closed(good: harness.Device) -> None:
    for beginning in (b"", b"\x1d\x00", b"\x1d\x00\x01\x00\x20lfd_"):
        with harness.Device(good.sock.getpeername()[1]) as peer:
            peer.sock.sendall(beginning)
            assert peer.sock.recv(100) == b""


def test_half_open_connections_are_given_up(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start()
    with device_at(running.port, fake.issue(device_id=1), **{"h-beat": 1}) as board:
        board.expect(Response)
        until(lambda: fake.batches)
        board.expect_close()
    until(lambda: any(row.reason == "nothing heard" for batch in fake.batches for row in batch.detached))


def test_who_never_reads_is_cut(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start(stuck_seconds=0.3, limits=Limits(messages_per_second=1e9, message_burst=10**9))
    with (
        device_at(running.port, fake.issue(device_id=1)) as good,
        device_at(running.port, fake.issue(device_id=2), **{"buff-in": 4096}) as peer,
    ):
        peer.wire.send_pin_write(1, ["x" * 1024])
        peer.send()
        until(lambda: fake.pin_values(2, None))
        peer.sock.settimeout(0.2)
        ask_without_reading(peer.sock)
        until(lambda: [row for batch in fake.batches for row in batch.detached])
        good.ping()
    reasons = [row.reason for batch in fake.batches for row in batch.detached if row.device_id == 2]
    assert reasons == ["did not read what was sent"]


def ask_without_reading(sock: socket.socket) -> None:
    """Ask for a long value again and again, until the gateway takes no more."""
    with contextlib.suppress(TimeoutError, ConnectionError):
        for number in range(1, 30_000):
            sock.sendall(build.sync(number))


def test_a_flood_is_cut(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start(limits=Limits(messages_per_second=5, message_burst=10), flood_factor=2)
    with device_at(running.port, fake.issue(device_id=1)) as board:
        board.expect(Response)
        board.sock.sendall(b"".join(build.pin_write(n, PinKind.VIRTUAL, 1, [n]) for n in range(1, 200)))
        board.expect_close()
    until(lambda: any("far too many" in row.reason for batch in fake.batches for row in batch.detached))


def test_one_address_has_so_many_connections(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    running = start(connections_per_address=2)
    with harness.Device(running.port) as first, harness.Device(running.port), harness.Device(running.port) as third:
        third.expect_close()
        first.close()
        until(lambda: running.call(lambda: len(running.gateway.registry)) == 1)
        with device_at(running.port, fake.issue(device_id=1)) as board:
            assert board.expect(Response).status == 200


def test_the_gateway_has_so_many_connections(start: Callable[..., RunningGateway]) -> None:
    running = start(max_connections=1)
    with harness.Device(running.port), harness.Device(running.port) as second:
        second.expect_close()


def test_too_large_a_frame_is_cut(good: harness.Device, fake: FakeStore) -> None:
    with device_at(good.sock.getpeername()[1], fake.issue(device_id=2)) as peer:
        peer.expect(Response)
        peer.sock.sendall(HEADER.pack(Command.HARDWARE, 3, 5000))
        peer.expect_close()
