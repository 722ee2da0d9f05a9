"""What the server sends is held against what the device can take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.wire import build, push
from devices.wire.commands import Command, PinKind, SendOutcome, UtcKind
from devices.wire.connection import ServerConnection
from devices.wire.frames import HEADER, HEADER_SIZE, FrameParser


def device(**pairs: object) -> ServerConnection:
    connection = ServerConnection()
    connection.receive_data(build.login(1, "t" * 32), 0.0)
    connection.accept(0.0)
    if pairs:
        connection.receive_data(build.info(2, {key.replace("_", "-"): value for key, value in pairs.items()}), 0.0)
    connection.data_to_send()
    return connection


def test_a_write_is_sent_under_its_own_id() -> None:
    connection = device(dev="ESP32", buff_in=1024)
    assert push.virtual_write(connection, 5, [1]) is SendOutcome.SENT
    assert push.virtual_write(connection, 6, ["a", 2.5]) is SendOutcome.SENT
    assert connection.segments_to_send() == [
        build.pin_write(1, PinKind.VIRTUAL, 5, ["1"]),
        build.pin_write(2, PinKind.VIRTUAL, 6, ["a", "2.5"]),
    ]


def test_nothing_is_pushed_before_the_info_block() -> None:
    connection = device()
    assert push.virtual_write(connection, 5, [1]) is SendOutcome.NOT_READY
    assert push.console_command(connection, "reboot") is SendOutcome.NOT_READY
    assert connection.data_to_send() == b""


def test_replies_may_come_before_the_info_block() -> None:
    connection = device()
    assert push.rtc_reply(connection, 1_732_320_000) is SendOutcome.SENT
    assert push.utc_reply(connection, UtcKind.OFFSET, 120, 60) is SendOutcome.SENT
    assert push.meta_reply(connection, "Serial", "42") is SendOutcome.SENT
    assert connection.data_to_send() == (
        b"\x11\x00\x01\x00\x0ertc\x001732320000"
        b"\x11\x00\x02\x00\x0dutc\x00tz\x00120\x0060"
        b"\x11\x00\x03\x00\x0emeta\x00Serial\x0042"
    )


def test_nothing_is_sent_to_a_closed_connection() -> None:
    connection = device(dev="ESP32")
    connection.close()
    assert push.virtual_write(connection, 5, [1]) is SendOutcome.NOT_READY
    assert push.rtc_reply(connection, 1) is SendOutcome.NOT_READY


@given(st.integers(20, 300), st.integers(1, 400))
def test_no_message_exceeds_the_reported_buffer(buffer_in: int, length: int) -> None:
    connection = device(dev="ESP32", buff_in=buffer_in)
    outcome = push.virtual_write(connection, 5, ["x" * length])
    sent = connection.data_to_send()
    assert (outcome is SendOutcome.SENT) == bool(sent)
    assert len(sent) <= buffer_in
    assert outcome is SendOutcome.SENT or length + HEADER_SIZE + len("vw\x005\x00") > buffer_in


def test_python_clients_are_spared_what_breaks_them() -> None:
    connection = device(dev="python", buff_in=1024)
    assert push.ping(connection) is SendOutcome.NOT_UNDERSTOOD
    assert push.debug_print(connection, "hi") is SendOutcome.NOT_UNDERSTOOD
    assert push.redirect(connection, "gw", 1) is SendOutcome.NOT_UNDERSTOOD
    assert connection.data_to_send() == b""


def test_boards_are_sent_all_of_it() -> None:
    connection = device(dev="ESP32", buff_in=1024)
    outcomes = [
        push.ping(connection),
        push.debug_print(connection, "hi"),
        push.redirect(connection, "gw.example.com", 9443),
        push.console_command(connection, "config start"),
        push.firmware_update(connection, "http://h/f.bin"),
    ]
    assert set(outcomes) == {SendOutcome.SENT}
    commands = [segment[0] for segment in connection.segments_to_send()]
    assert commands == [Command.PING, Command.DEBUG_PRINT, Command.REDIRECT, Command.INTERNAL, Command.INTERNAL]


def test_a_host_that_boards_would_cut_is_not_sent() -> None:
    assert push.redirect(device(dev="ESP32", buff_in=1024), "h" * 64, 1) is SendOutcome.TOO_LARGE


def test_ids_run_round_without_0() -> None:
    connection = device(dev="ESP32", buff_in=1024)
    for _ in range(0xFFFF - 1):
        connection.outbox.next_id()
    push.ping(connection)
    push.ping(connection)
    assert connection.data_to_send() == build.ping(0xFFFF) + build.ping(1)


@pytest.mark.parametrize("message_id", [0, -1, 0x10000])
def test_no_frame_is_built_with_an_id_that_disconnects(message_id: int) -> None:
    with pytest.raises(ValueError, match="message id"):
        build.ping(message_id)
    with pytest.raises(ValueError, match="message id"):
        build.response(message_id, 200)
    with pytest.raises(ValueError, match="message id"):
        build.rtc_reply(message_id, 1)


@pytest.mark.parametrize("pin", [-1, 256])
def test_no_frame_is_built_for_a_pin_that_is_none(pin: int) -> None:
    with pytest.raises(ValueError, match="pin"):
        build.pin_write(1, PinKind.VIRTUAL, pin, [1])


def test_no_write_is_built_without_a_value() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        build.pin_write(1, PinKind.VIRTUAL, 1, [])


def test_no_body_is_built_that_the_header_cannot_announce() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build.debug_print(1, "x" * 0x10000)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_text_cannot_break_the_framing(values: list[str]) -> None:
    frame = build.pin_write(1, PinKind.VIRTUAL, 1, values)
    assert HEADER.unpack_from(frame)[2] == len(frame) - HEADER_SIZE
    parser = FrameParser(max_body=4096)
    parser.receive_data(frame)
    found = parser.next_frame()
    assert found is not None
    assert found.body.count(b"\0") == len(values) + 1
