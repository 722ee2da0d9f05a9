"""The device's side: it behaves as the C++ library does."""

import pytest

from devices.wire import build
from devices.wire.client import ClientConnection
from devices.wire.commands import Command, FailureReason, PinKind, Status, UtcKind
from devices.wire.frames import HEADER
from devices.wire.messages import (
    Failed,
    LoginAccepted,
    LoginRefused,
    Ping,
    PinRead,
    PinWrite,
    Response,
    Unsupported,
)
from devices.wire.states import ClientState, OutOfOrderError

TOKEN = "lfd_" + "A" * 28


def logged_in() -> ClientConnection:
    client = ClientConnection()
    client.log_in(TOKEN)
    client.receive_data(build.response(1, Status.OK))
    client.data_to_send()
    return client


def test_login_goes_first_and_under_1() -> None:
    client = ClientConnection()
    client.log_in(TOKEN)
    assert client.data_to_send() == b"\x1d\x00\x01\x00\x20" + TOKEN.encode()
    assert client.state is ClientState.AWAITING_VERDICT


@pytest.mark.parametrize("status", [Status.OK, Status.ALREADY_REGISTERED])
def test_ok_and_already_registered_log_in(status: Status) -> None:
    client = ClientConnection()
    client.log_in(TOKEN)
    assert client.receive_data(build.response(1, status)) == [LoginAccepted(1)]
    assert client.state is ClientState.LOGGED_IN


@pytest.mark.parametrize("status", [Status.INVALID_TOKEN, Status.SERVER_ERROR, 999])
def test_any_other_status_refuses(status: int) -> None:
    client = ClientConnection()
    client.log_in(TOKEN)
    assert client.receive_data(build.response(1, status)) == [LoginRefused(1, status)]
    assert client.is_closed


def test_a_response_to_something_else_is_no_verdict() -> None:
    client = ClientConnection()
    client.log_in(TOKEN)
    assert client.receive_data(build.response(2, Status.OK)) == [Response(2, Status.OK)]
    assert client.state is ClientState.AWAITING_VERDICT


def test_status_5_after_the_login_disconnects() -> None:
    client = logged_in()
    events = client.receive_data(build.response(2, Status.NOT_AUTHENTICATED) + build.ping(3))
    assert events == [LoginRefused(2, Status.NOT_AUTHENTICATED)]
    assert client.is_closed
    assert client.data_to_send() == b""


@pytest.mark.parametrize("status", [Status.OK, Status.QUOTA_EXCEEDED, Status.INVALID_TOKEN])
def test_other_statuses_after_the_login_change_nothing(status: Status) -> None:
    client = logged_in()
    assert client.receive_data(build.response(1, status)) == [Response(1, status)]
    assert client.state is ClientState.LOGGED_IN


def test_ping_is_answered() -> None:
    client = logged_in()
    assert client.receive_data(build.ping(9)) == [Ping(9)]
    assert client.data_to_send() == build.response(9, Status.OK)


def test_a_read_is_answered_under_its_own_id() -> None:
    client = logged_in()
    (read,) = client.receive_data(build.pin_read(77, PinKind.ANALOG, 3))
    assert read == PinRead(77, PinKind.ANALOG, 3)
    client.answer_read(read, [512])
    assert client.data_to_send() == build.pin_write(77, PinKind.ANALOG, 3, [512])


def test_an_unreadable_order_is_answered_and_survived() -> None:
    client = logged_in()
    client.receive_data(build.message(Command.HARDWARE, 5, "vw", "x", "1"))
    assert client.data_to_send() == build.response(5, Status.ILLEGAL_BODY)
    assert not client.is_closed


def test_an_unknown_internal_is_passed_on() -> None:
    assert logged_in().receive_data(build.message(Command.INTERNAL, 5, "zzz")) == [
        Unsupported(5, Command.INTERNAL, "zzz")
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (HEADER.pack(Command.PING, 0, 0), FailureReason.MESSAGE_ID_ZERO),
        (HEADER.pack(Command.RESPONSE, 0, 200), FailureReason.MESSAGE_ID_ZERO),
        (HEADER.pack(99, 1, 0), FailureReason.UNKNOWN_COMMAND),
        (HEADER.pack(Command.HARDWARE, 1, 4097), FailureReason.FRAME_TOO_LARGE),
    ],
)
def test_what_the_library_disconnects_on_fails(data: bytes, reason: FailureReason) -> None:
    client = logged_in()
    order = build.pin_write(8, PinKind.VIRTUAL, 1, ["1"])
    written = PinWrite(8, PinKind.VIRTUAL, 1, ("1",))
    assert client.receive_data(order + data + order) == [written, Failed(reason)]
    assert client.is_closed
    assert client.receive_data(order) == []


def test_nothing_is_sent_before_the_login_is_accepted() -> None:
    client = ClientConnection()
    with pytest.raises(OutOfOrderError):
        client.send_ping()
    client.log_in(TOKEN)
    with pytest.raises(OutOfOrderError):
        client.send_info({"ver": "1.4.0"})
    with pytest.raises(OutOfOrderError):
        client.log_in(TOKEN)


def test_messages_are_numbered_on_from_the_login() -> None:
    client = logged_in()
    ids = [client.send_info({"ver": "1"}), client.send_ping(), client.send_utc_request(UtcKind.TIME)]
    assert ids == [2, 3, 4]
    assert len(client.segments_to_send()) == 3


def test_closing_is_final() -> None:
    client = logged_in()
    client.close()
    client.close()
    with pytest.raises(OutOfOrderError):
        client.send_ping()
