"""Frames come out the same however the bytes arrive, and hostile ones end the stream."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.wire.commands import Command, FailureReason
from devices.wire.frames import HEADER, HEADER_SIZE, Frame, FrameParser, ProtocolError

MAX_BODY = 64

frames = st.one_of(
    st.builds(
        lambda command, message_id, body: Frame(command, message_id, 0, body),
        st.integers(1, 255),
        st.integers(0, 0xFFFF),
        st.binary(max_size=MAX_BODY),
    ),
    st.builds(
        lambda message_id, status: Frame(0, message_id, status, b""), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF)
    ),
)


def encoded(frame: Frame) -> bytes:
    return HEADER.pack(frame.command, frame.message_id, frame.status or len(frame.body)) + frame.body


def chunks_of(stream: bytes, cuts: list[int]) -> list[bytes]:
    points = [0, *sorted({cut % (len(stream) + 1) for cut in cuts}), len(stream)]
    return [stream[start:end] for start, end in pairwise(points)]


def parsed(chunks: list[bytes], max_body: int = MAX_BODY) -> tuple[list[Frame], FailureReason | None]:
    parser = FrameParser(max_body=max_body)
    found: list[Frame] = []
    try:
        for chunk in chunks:
            parser.receive_data(chunk)
            while (frame := parser.next_frame()) is not None:
                found.append(frame)
    except ProtocolError as error:
        return found, error.reason
    return found, None


@given(st.lists(frames, max_size=8), st.lists(st.integers(0, 1000), max_size=8))
def test_frames_survive_any_chunking(sent: list[Frame], cuts: list[int]) -> None:
    stream = b"".join(encoded(frame) for frame in sent)
    assert parsed(chunks_of(stream, cuts)) == (sent, None)


@given(st.binary(max_size=400), st.lists(st.integers(0, 1000), max_size=8))
def test_garbage_gives_the_same_frames_and_reason_for_any_chunking(stream: bytes, cuts: list[int]) -> None:
    assert parsed(chunks_of(stream, cuts)) == parsed([stream]) == parsed([bytes([byte]) for byte in stream])


@given(st.binary(max_size=600), st.lists(st.integers(0, 1000), max_size=8))
def test_what_is_buffered_between_chunks_is_less_than_one_frame(stream: bytes, cuts: list[int]) -> None:
    parser = FrameParser(max_body=MAX_BODY)
    for chunk in chunks_of(stream, cuts):
        parser.receive_data(chunk)
        try:
            while parser.next_frame() is not None:
                pass
        except ProtocolError:
            return
        assert parser.buffered < HEADER_SIZE + MAX_BODY


def test_a_large_body_is_refused_by_its_header_alone() -> None:
    assert parsed([HEADER.pack(Command.HARDWARE, 1, MAX_BODY + 1)]) == ([], FailureReason.FRAME_TOO_LARGE)


def test_the_largest_body_is_taken() -> None:
    frame = Frame(Command.HARDWARE, 1, 0, b"x" * MAX_BODY)
    assert parsed([encoded(frame)]) == ([frame], None)


def test_a_status_above_the_body_limit_is_no_length() -> None:
    assert parsed([b"\x00\x00\x01\xff\xff"]) == ([Frame(Command.RESPONSE, 1, 0xFFFF, b"")], None)


def test_a_failed_parser_stays_failed() -> None:
    parser = FrameParser(max_body=4)
    parser.receive_data(HEADER.pack(20, 1, 5))
    with pytest.raises(ProtocolError):
        parser.next_frame()
    parser.receive_data(HEADER.pack(6, 1, 0))
    with pytest.raises(ProtocolError) as caught:
        parser.next_frame()
    assert caught.value.reason is FailureReason.FRAME_TOO_LARGE


def test_frames_not_asked_for_wait_while_more_arrives() -> None:
    parser = FrameParser(max_body=MAX_BODY)
    ping = HEADER.pack(Command.PING, 1, 0)
    parser.receive_data(ping * 2)
    assert parser.next_frame() == Frame(Command.PING, 1, 0, b"")
    parser.receive_data(ping)
    parser.receive_data(ping[:2])
    assert parser.buffered == 2 * HEADER_SIZE + 2
    assert [parser.next_frame() is not None for _ in range(3)] == [True, True, False]


def test_the_next_command_is_known_from_its_first_byte() -> None:
    parser = FrameParser(max_body=MAX_BODY)
    assert parser.peek_command() is None
    parser.receive_data(b"\x1d")
    assert parser.peek_command() == Command.HW_LOGIN
