"""The gateway's side: who may speak when, what is answered, and what is held back."""

import pytest

from devices.wire import build
from devices.wire.commands import Command, FailureReason, IllegalReason, PinKind, Status
from devices.wire.connection import ServerConnection
from devices.wire.frames import HEADER
from devices.wire.info import Info
from devices.wire.limits import Limits
from devices.wire.messages import Failed, Illegal, Login, MetaSet, Ping, PinWrite, Response, Throttled, Unsupported
from devices.wire.states import OutOfOrderError, ServerState

TOKEN = "lfd_" + "A" * 28
LOGIN = build.login(1, TOKEN)
INFO = build.info(2, {"ver": "1.4.0", "h-beat": 45, "buff-in": 1024, "dev": "ESP32", "tmpl": "TMPL4ABCdef12"})
WRITE = build.pin_write(3, PinKind.VIRTUAL, 1, ["21.5"])
WRITTEN = PinWrite(3, PinKind.VIRTUAL, 1, ("21.5",))
OK_1 = build.response(1, Status.OK)


def logged_in(limits: Limits | None = None) -> ServerConnection:
    connection = ServerConnection(limits or Limits())
    connection.receive_data(LOGIN, 0.0)
    connection.accept(0.0)
    connection.data_to_send()
    return connection


def seen() -> ServerConnection:
    connection = ServerConnection()
    connection.receive_data(LOGIN, 0.0)
    connection.accept_unactivated(0.0)
    connection.data_to_send()
    return connection


# Login


@pytest.mark.parametrize("is_legacy", [False, True])
def test_login_is_reported_and_waits(is_legacy: bool) -> None:
    connection = ServerConnection()
    events = connection.receive_data(build.login(1, TOKEN, is_legacy=is_legacy), 0.0)
    assert events == [Login(1, TOKEN.encode(), is_legacy)]
    assert connection.state is ServerState.AWAITING_VERDICT
    assert connection.data_to_send() == b""
    assert connection.needs_segments is is_legacy


def test_accepted_login_is_answered_200() -> None:
    connection = ServerConnection()
    connection.receive_data(LOGIN, 0.0)
    assert connection.accept(0.0) == []
    assert connection.data_to_send() == OK_1
    assert connection.state is ServerState.LOGGED_IN


@pytest.mark.parametrize("status", [Status.INVALID_TOKEN, Status.SERVER_ERROR])
def test_refused_login_is_answered_and_closed(status: Status) -> None:
    connection = ServerConnection()
    connection.receive_data(LOGIN, 0.0)
    connection.refuse(status)
    assert connection.data_to_send() == build.response(1, status)
    assert connection.is_closed
    assert connection.receive_data(WRITE, 0.0) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x16\x03\x01\x02\x00\x01", FailureReason.TLS_HELLO),
        (b"GET / HTTP/1.1\r\n\r\n", FailureReason.HTTP_REQUEST),
        (build.ping(1), FailureReason.LOGIN_EXPECTED),
        (OK_1, FailureReason.LOGIN_EXPECTED),
        (b"\xff", FailureReason.LOGIN_EXPECTED),
        (HEADER.pack(Command.HW_LOGIN, 1, 257), FailureReason.FRAME_TOO_LARGE),
    ],
)
def test_what_is_no_login_fails_without_an_answer(data: bytes, reason: FailureReason) -> None:
    connection = ServerConnection()
    assert connection.receive_data(data, 0.0) == [Failed(reason)]
    assert connection.is_closed
    assert connection.data_to_send() == b""


def test_a_dripped_login_is_whole_at_its_last_byte() -> None:
    connection = ServerConnection()
    events = [connection.receive_data(bytes([byte]), 0.0) for byte in LOGIN]
    assert [len(found) for found in events] == [0] * (len(LOGIN) - 1) + [1]


def test_what_comes_behind_the_login_is_kept_for_the_verdict() -> None:
    connection = ServerConnection()
    assert len(connection.receive_data(LOGIN + INFO + WRITE[:4], 0.0)) == 1
    assert connection.receive_data(WRITE[4:], 0.0) == []
    events = connection.accept(0.0)
    assert [type(event) for event in events] == [Info, PinWrite]
    assert connection.data_to_send() == OK_1 + build.response(2, Status.OK)


@pytest.mark.parametrize("pieces", [1, 2])
def test_too_much_behind_the_login_fails(pieces: int) -> None:
    connection = ServerConnection(Limits(max_held_bytes=50))
    stream = LOGIN + b"x" * 51
    half = len(stream) // pieces
    events = [*connection.receive_data(stream[:half], 0.0), *connection.receive_data(stream[half:], 0.0)]
    assert events[-1] == Failed(FailureReason.HELD_TOO_MUCH)


def test_a_verdict_after_the_peer_has_gone_does_nothing() -> None:
    connection = ServerConnection()
    connection.receive_data(LOGIN + INFO, 0.0)
    connection.close()
    assert connection.accept(0.0) == connection.accept_unactivated(0.0) == connection.activate(0.0) == []
    connection.refuse(Status.SERVER_ERROR)
    assert connection.data_to_send() == b""


def test_a_verdict_without_a_login_is_a_bug() -> None:
    with pytest.raises(OutOfOrderError):
        ServerConnection().accept(0.0)
    with pytest.raises(OutOfOrderError):
        logged_in().accept(0.0)


# Activation


def test_info_waits_for_activation() -> None:
    connection = seen()
    (event,) = connection.receive_data(INFO + WRITE, 0.0)
    assert isinstance(event, Info)
    assert event.template_id == "TMPL4ABCdef12"
    assert connection.state is ServerState.ACTIVATING
    assert connection.data_to_send() == b""
    assert connection.activate(0.0) == [WRITTEN]
    assert connection.data_to_send() == build.response(2, Status.OK)


def test_refused_activation_answers_the_info_and_closes() -> None:
    connection = seen()
    connection.receive_data(INFO, 0.0)
    connection.refuse(Status.NOT_AUTHENTICATED)
    assert connection.data_to_send() == build.response(2, Status.NOT_AUTHENTICATED)
    assert connection.is_closed


def test_another_first_message_makes_activation_due() -> None:
    connection = seen()
    assert connection.receive_data(WRITE + INFO, 0.0) == [WRITTEN]
    assert connection.state is ServerState.ACTIVATING
    (info,) = connection.activate(0.0)
    assert isinstance(info, Info)
    assert connection.data_to_send() == build.response(2, Status.OK)


def test_a_first_ping_is_answered_and_makes_activation_due() -> None:
    connection = seen()
    assert connection.receive_data(build.ping(2), 0.0) == [Ping(2)]
    assert connection.data_to_send() == build.response(2, Status.OK)
    assert connection.state is ServerState.ACTIVATING


@pytest.mark.parametrize("first", [HEADER.pack(99, 2, 0), build.response(2, Status.OK)])
def test_nonsense_makes_no_activation_due(first: bytes) -> None:
    connection = seen()
    connection.receive_data(first, 0.0)
    assert connection.state is ServerState.SEEN


def test_silence_makes_activation_due_once() -> None:
    connection = seen()
    assert connection.report_silence() is True
    assert connection.report_silence() is False
    assert connection.activate(0.0) == []
    assert connection.data_to_send() == b""
    assert connection.state is ServerState.LOGGED_IN


def test_silence_on_a_device_means_nothing() -> None:
    assert logged_in().report_silence() is False


def test_activation_refused_after_silence_answers_the_login() -> None:
    connection = seen()
    connection.report_silence()
    connection.refuse(Status.NOT_AUTHENTICATED)
    assert connection.data_to_send() == build.response(1, Status.NOT_AUTHENTICATED)


def test_too_much_during_activation_fails() -> None:
    connection = seen()
    connection.receive_data(INFO, 0.0)
    assert connection.receive_data(b"x" * 16_385, 0.0) == [Failed(FailureReason.HELD_TOO_MUCH)]


# Logged in


def test_info_is_answered_and_remembered() -> None:
    connection = logged_in()
    assert (connection.cutoff_seconds, connection.can_push) == (23, False)
    connection.receive_data(INFO, 0.0)
    assert connection.data_to_send() == build.response(2, Status.OK)
    assert (connection.cutoff_seconds, connection.buffer_in, connection.can_push) == (104, 1024, True)


def test_a_write_needs_no_answer() -> None:
    connection = logged_in()
    assert connection.receive_data(WRITE, 0.0) == [WRITTEN]
    assert connection.data_to_send() == b""


def test_every_internal_is_answered() -> None:
    connection = logged_in()
    assert connection.receive_data(build.meta_set(9, "Hotspot Name", "Blynk"), 0.0) == [
        MetaSet(9, "Hotspot Name", "Blynk")
    ]
    assert connection.data_to_send() == build.response(9, Status.OK)


def test_an_unknown_command_is_answered_2_and_the_connection_lives() -> None:
    connection = logged_in()
    events = connection.receive_data(HEADER.pack(99, 8, 3) + b"abc" + WRITE, 0.0)
    assert events == [Illegal(8, 99, IllegalReason.UNKNOWN_COMMAND, Status.ILLEGAL_COMMAND), WRITTEN]
    assert connection.data_to_send() == build.response(8, Status.ILLEGAL_COMMAND)


def test_an_unreadable_body_is_answered_11_and_the_connection_lives() -> None:
    connection = logged_in()
    connection.receive_data(build.message(Command.HARDWARE, 8, "vw", "x", "1"), 0.0)
    assert connection.data_to_send() == build.response(8, Status.ILLEGAL_BODY)
    assert not connection.is_closed


def test_an_unsupported_command_is_answered_2() -> None:
    connection = logged_in()
    assert connection.receive_data(build.message(Command.TWEET, 8, "hi"), 0.0) == [Unsupported(8, Command.TWEET)]
    assert connection.data_to_send() == build.response(8, Status.ILLEGAL_COMMAND)


def test_a_response_is_never_answered() -> None:
    connection = logged_in(Limits(messages_per_second=1, message_burst=1))
    assert connection.receive_data(build.response(5, 200) * 2, 0.0) == [Response(5, 200), Throttled(5, 0)]
    assert connection.data_to_send() == b""


def test_a_large_frame_ends_the_connection_after_what_came_before() -> None:
    connection = logged_in()
    events = connection.receive_data(WRITE + HEADER.pack(Command.HARDWARE, 1, 4097), 0.0)
    assert events == [WRITTEN, Failed(FailureReason.FRAME_TOO_LARGE)]
    assert connection.is_closed


def test_revoked_while_connected_is_told_5() -> None:
    connection = logged_in()
    connection.refuse(Status.NOT_AUTHENTICATED)
    assert connection.data_to_send() == build.response(1, Status.NOT_AUTHENTICATED)
    assert connection.is_closed


def test_above_the_rate_messages_are_dropped_and_answered_1() -> None:
    connection = logged_in(Limits(messages_per_second=1, message_burst=2))
    assert connection.receive_data(WRITE * 3, 10.0) == [WRITTEN, WRITTEN, Throttled(3, Command.HARDWARE)]
    assert connection.data_to_send() == build.response(3, Status.QUOTA_EXCEEDED)
    assert connection.receive_data(WRITE, 11.0) == [WRITTEN]


# Pings


def test_ping_alone_is_answered_on_the_fast_path() -> None:
    connection = logged_in()
    assert connection.answer_ping(build.ping(0x1234), 0.0) == build.response(0x1234, Status.OK)


def test_pings_among_others_are_answered_and_not_reported() -> None:
    connection = logged_in()
    assert connection.receive_data(build.ping(4) + WRITE + build.ping(5), 0.0) == [WRITTEN]
    assert connection.segments_to_send() == [build.response(4, Status.OK), build.response(5, Status.OK)]


@pytest.mark.parametrize(
    "data", [WRITE, b"\x06\x00\x01\x00\x01", b"\x06\x00\x00\x00\x00", b"\x06\x00\x01\x00", b"", b"\x00\x00\x01\x00\xc8"]
)
def test_the_fast_path_leaves_all_else(data: bytes) -> None:
    assert logged_in().answer_ping(data, 0.0) is None


def test_the_fast_path_leaves_the_middle_of_a_frame() -> None:
    connection = logged_in()
    frame = build.pin_write(3, PinKind.VIRTUAL, 1, ["\x06"])[:-1] + build.ping(1)
    connection.receive_data(frame[:-5], 0.0)
    assert connection.answer_ping(frame[-5:], 0.0) is None


def test_the_fast_path_is_for_devices_only() -> None:
    assert seen().answer_ping(build.ping(2), 0.0) is None
    assert ServerConnection().answer_ping(build.ping(1), 0.0) is None


def test_the_fast_path_keeps_the_rate() -> None:
    connection = logged_in(Limits(messages_per_second=1, message_burst=1))
    assert connection.answer_ping(build.ping(2), 5.0) is not None
    assert connection.answer_ping(build.ping(3), 5.0) is None
    connection.receive_data(build.ping(3), 5.0)
    assert connection.data_to_send() == build.response(3, Status.QUOTA_EXCEEDED)


def test_id_0_is_taken_and_answered_under_1() -> None:
    connection = logged_in()
    connection.receive_data(HEADER.pack(Command.PING, 0, 0), 0.0)
    assert connection.data_to_send() == OK_1
