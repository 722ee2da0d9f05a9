"""Text, heartbeat, rate and info: values in, values out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.wire.bodies import parse_pin, split
from devices.wire.heartbeat import cutoff_seconds
from devices.wire.info import Info, parse_info
from devices.wire.limits import Limits
from devices.wire.rate import TokenBucket
from devices.wire.text import line_text, value_text, wire_bytes


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"21.5", "21.5"),
        ("Küche".encode(), "Küche"),
        (b"K\xfcche", "Küche"),
        (b"a\0b", "ab"),
        (b"one\r\ntwo\tthree", "one\ntwo\tthree"),
        (b"bell\x07 escape\x1b[31m", "bell\ufffd escape\ufffd[31m"),
        (b"\x85\xff", "\ufffdÿ"),
    ],
)
def test_value_text_is_safe_to_store(raw: bytes, text: str) -> None:
    assert value_text(raw) == text


def test_line_text_is_one_short_line() -> None:
    assert line_text(b"  Root\nTemplate\x00 \x7f", max_length=64) == "Root Template"
    assert line_text(b"abcdef", max_length=3) == "abc"


@given(st.binary(max_size=80))
def test_no_text_ever_holds_nul_or_other_controls(raw: bytes) -> None:
    for text in (value_text(raw), line_text(raw, max_length=40)):
        assert not any((ord(char) < 0x20 and char not in "\t\n") or 0x7F <= ord(char) < 0xA0 for char in text)
        text.encode("utf-8")


@given(st.text())
def test_wire_bytes_never_hold_a_separator(text: str) -> None:
    assert b"\0" not in wire_bytes(text)


@pytest.mark.parametrize(
    ("heartbeat", "seconds"), [(None, 23), (10, 23), (40, 92), (45, 104), (50, 115), (1, 3), (0, 3), (99_999, 8280)]
)
def test_cutoff_is_2_3_heartbeats_rounded_up(heartbeat: int | None, seconds: int) -> None:
    assert cutoff_seconds(heartbeat) == seconds


def test_bucket_allows_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(per_second=10, burst=5)
    assert [bucket.take(100.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert [bucket.take(100.1), bucket.take(100.1)] == [True, False]
    assert [bucket.take(200.0) for _ in range(6)] == [True] * 5 + [False]


@given(st.lists(st.floats(0, 0.3), min_size=1, max_size=80))
def test_bucket_never_allows_more_than_burst_plus_rate(gaps: list[float]) -> None:
    bucket = TokenBucket(per_second=10, burst=4)
    now, taken = 50.0, 0
    for gap in gaps:
        now += gap
        taken += bucket.take(now)
    assert taken <= 4 + (now - 50.0) * 10 + 1


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (b"", []),
        (b"\0", [b""]),
        (b"rtc", [b"rtc"]),
        (b"rtc\0", [b"rtc"]),
        (b"a\0b", [b"a", b"b"]),
        (b"a\0\0", [b"a", b""]),
    ],
)
def test_one_nul_at_the_end_separates_nothing(body: bytes, parts: list[bytes]) -> None:
    assert split(body) == parts


@pytest.mark.parametrize("part", [b"", b"-1", b"256", b"1.0", b"V5", b" 1", b"0000", b"\xc2\xb2", b"99999999"])
def test_only_0_to_255_is_a_pin(part: bytes) -> None:
    assert parse_pin(part) is None


@pytest.mark.parametrize("pin", [0, 9, 127, 255])
def test_pins_are_read(pin: int) -> None:
    assert parse_pin(b"%d" % pin) == pin


def info_of(*parts: bytes, limits: Limits | None = None) -> Info:
    return parse_info(1, parts, limits or Limits())


def test_info_is_read_in_any_order() -> None:
    info = info_of(b"tmpl", b"TMPL4ABCdef12", b"h-beat", b"40", b"mcu", b"0.1.0", b"blynk", b"1.4.0", b"dev", b"ESP32")
    assert (info.template_id, info.heartbeat, info.firmware_version) == ("TMPL4ABCdef12", 40, "0.1.0")
    assert (info.library_version, info.board, info.buffer_in) == ("1.4.0", "ESP32", 256)


def test_info_prefers_the_newer_keys() -> None:
    info = info_of(b"ver", b"1.2.0", b"fw", b"0.9", b"blynk", b"1.4.0", b"ncp", b"0.6.1")
    assert (info.library_version, info.firmware_version) == ("1.4.0", "0.6.1")


def test_info_with_a_key_too_many_keeps_it_empty() -> None:
    assert info_of(b"ver", b"1.4.0", b"tmpl").pairs == {"ver": "1.4.0", "tmpl": ""}


def test_the_first_of_two_equal_keys_counts() -> None:
    assert info_of(b"tmpl", b"A", b"tmpl", b"B").template_id == "A"


@pytest.mark.parametrize(
    ("sent", "seconds"), [(b"40", 40), (b"0", 1), (b"99999", 3600), (b"-5", None), (b"abc", None), (b"9" * 40, None)]
)
def test_heartbeat_is_clamped_and_nonsense_ignored(sent: bytes, seconds: int | None) -> None:
    assert info_of(b"h-beat", sent).heartbeat == seconds


@pytest.mark.parametrize(("sent", "size"), [(b"1024", 1024), (b"0", 256), (b"x", 256), (b"99999999", 65_535)])
def test_buffer_has_a_default_and_a_bound(sent: bytes, size: int) -> None:
    assert info_of(b"buff-in", sent).buffer_in == size


@pytest.mark.parametrize(
    ("board", "is_python"), [(b"python", True), (b"linux-py", True), (b"js", False), (b"ESP32", False)]
)
def test_python_libraries_are_told_by_their_board(board: bytes, is_python: bool) -> None:
    assert info_of(b"dev", board).is_python is is_python


def test_info_is_bounded() -> None:
    parts = [part for number in range(100) for part in (b"k%d" % number, b"v" * 500)]
    info = info_of(*parts, limits=Limits(max_info_pairs=5, max_info_text=10))
    assert len(info.pairs) == 5
    assert set(map(len, info.pairs.values())) == {10}
