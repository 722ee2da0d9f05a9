"""Who is turned away, and with what: 9 only for tokens that are certainly no good."""

from collections.abc import Callable

import pytest

from console.kit.tokens import TOKEN_PREFIX, new_secret
from devices.actions import devices as device_actions
from devices.actions import sessions
from devices.actions.sessions import Opened
from devices.models import AuthToken, Device, RefusedLogin
from devices.status import Refusal
from devices.wire.messages import Response
from tests.cast import Cast
from tests.devices.gateway import harness
from tests.devices.gateway.fake_store import FakeStore
from tests.devices.gateway.harness import RunningGateway, device_at


def status_of(port: int, token: str, *, is_legacy: bool = False) -> int:
    with harness.Device(port) as device:
        status = device.log_in(token, is_legacy=is_legacy)
        device.expect_close()
        return status


@pytest.mark.parametrize("is_legacy", [False, True])
def test_unknown_token_gets_9_and_is_kept_as_evidence(running: RunningGateway, is_legacy: bool) -> None:
    token = new_secret(TOKEN_PREFIX)
    assert status_of(running.port, token, is_legacy=is_legacy) == 9
    row = RefusedLogin.objects.get()
    assert (row.hint, row.address, row.reason) == (token[:8], "127.0.0.1", Refusal.UNKNOWN)


def test_expired_token_gets_9(running: RunningGateway, open_session: Callable[[], Opened]) -> None:
    opened = open_session()
    AuthToken.objects.update(expires_at="2020-01-01T00:00Z")
    assert status_of(running.port, opened.token or "") == 9
    assert RefusedLogin.objects.get().reason == Refusal.EXPIRED


def test_cancelled_session_gets_9(running: RunningGateway, open_session: Callable[[], Opened]) -> None:
    opened = open_session()
    sessions.cancel(session=opened.session)
    assert status_of(running.port, opened.token or "") == 9
    assert RefusedLogin.objects.get().reason == Refusal.CANCELLED


def test_deleted_device_is_dropped_and_gets_9(running: RunningGateway, token: str, cast: Cast) -> None:
    with device_at(running.port, token) as board:
        board.expect(Response)
        device_actions.delete(device=Device.objects.get(), by=cast.alice)
        board.expect_close()
    assert status_of(running.port, token) == 9


@pytest.mark.parametrize("token", ["", "YourAuthToken", "x" * 33, "x" * 31 + "\N{DEGREE SIGN}"])
def test_what_cannot_be_a_token_gets_9_without_the_store(
    start: Callable[..., RunningGateway], fake: FakeStore, token: str
) -> None:
    fake.is_away = True
    assert status_of(start().port, token) == 9


def test_many_refusals_of_one_token_are_closed_without_the_store(
    start: Callable[..., RunningGateway], fake: FakeStore
) -> None:
    running = start(refusals_per_hint=3)
    token = new_secret(TOKEN_PREFIX)
    assert [status_of(running.port, token) for _ in range(5)] == [9, 9, 9, 0, 0]
    assert status_of(running.port, new_secret("abc_")) == 9


def test_an_address_with_many_refusals_keeps_its_good_devices(
    start: Callable[..., RunningGateway], fake: FakeStore
) -> None:
    running = start(refusals_per_address=3)
    good, newcomer = fake.issue(device_id=1), fake.issue(device_id=2)
    with device_at(running.port, good):
        pass
    assert [status_of(running.port, new_secret(TOKEN_PREFIX)) for _ in range(4)] == [9, 9, 9, 0]
    assert status_of(running.port, newcomer) == 0
    with device_at(running.port, good) as board:
        assert board.expect(Response).status == 200


def test_peers_that_speak_something_else_are_closed(start: Callable[..., RunningGateway]) -> None:
    running = start()
    for words in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"\xff" * 100):
        with harness.Device(running.port) as peer:
            peer.sock.sendall(words)
            assert peer.sock.recv(100) == b""
