"""Every message, from its bytes; and what is said of a body that cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.wire.commands import Command, IllegalReason, PinKind, Status, UtcKind
from devices.wire.frames import Frame
from devices.wire.from_device import parse_device_frame, parse_login
from devices.wire.from_server import parse_server_frame
from devices.wire.info import Info
from devices.wire.limits import Limits
from devices.wire.messages import (
    ConsoleCommand,
    DebugPrint,
    EventClear,
    EventLog,
    FirmwareUpdate,
    GroupBegin,
    GroupEnd,
    Illegal,
    InternalReply,
    Login,
    MetaGet,
    MetaSet,
    Ping,
    PinRead,
    PinSync,
    PinWrite,
    PropertyWrite,
    Redirect,
    Response,
    RtcRequest,
    Unsupported,
    UtcRequest,
)

LIMITS = Limits()
VIRTUAL = PinKind.VIRTUAL


@pytest.mark.parametrize(
    ("command", "body", "message"),
    [
        (Command.PING, b"", Ping(7)),
        (Command.HARDWARE, b"vw\x001\x0021.5", PinWrite(7, VIRTUAL, 1, ("21.5",))),
        (Command.HARDWARE, b"vw\x001\x0021.5\0", PinWrite(7, VIRTUAL, 1, ("21.5",))),
        (Command.HARDWARE, b"vw\x00255\x00a\x00b\x00c", PinWrite(7, VIRTUAL, 255, ("a", "b", "c"))),
        (Command.HARDWARE, b"vw\x001\0", PinWrite(7, VIRTUAL, 1, ("",))),
        (Command.HARDWARE, b"dw\x0013\x001", PinWrite(7, PinKind.DIGITAL, 13, ("1",))),
        (Command.HARDWARE, b"aw\x003\x00512", PinWrite(7, PinKind.ANALOG, 3, ("512",))),
        (Command.HARDWARE, b"vw\x002\x00\xfcber", PinWrite(7, VIRTUAL, 2, ("über",))),
        (Command.HARDWARE, b"vr\x002", Unsupported(7, Command.HARDWARE)),
        (Command.HARDWARE, b"pm\x0013\x00out", Unsupported(7, Command.HARDWARE)),
        (Command.HARDWARE_SYNC, b"", PinSync(7, VIRTUAL, None)),
        (Command.HARDWARE_SYNC, b"vr\x001\x002\x001", PinSync(7, VIRTUAL, (1, 2))),
        (Command.HARDWARE_SYNC, b"dr\x0013", PinSync(7, PinKind.DIGITAL, (13,))),
        (Command.PROPERTY, b"4\x00color\x00#FF0000", PropertyWrite(7, 4, "color", ("#FF0000",))),
        (Command.PROPERTY, b"4\x00labels\x00a\x00b", PropertyWrite(7, 4, "labels", ("a", "b"))),
        (Command.GROUP, b"b", GroupBegin(7, None)),
        (Command.GROUP, b"t\x001732320000123", GroupBegin(7, 1732320000123)),
        (Command.GROUP, b"e", GroupEnd(7)),
        (Command.EVENT_LOG, b"hot", EventLog(7, "hot", "")),
        (Command.EVENT_LOG, b"hot\x00over 40", EventLog(7, "hot", "over 40")),
        (Command.EVENT_LOG, b"hot\x00over 40\0", EventLog(7, "hot", "over 40")),
        (Command.EVENT_CLEAR, b"hot", EventClear(7, "hot", is_all=False)),
        (Command.EVENT_CLEAR, b"hot\x00all", EventClear(7, "hot", is_all=True)),
        (Command.INTERNAL, b"rtc", RtcRequest(7)),
        (Command.INTERNAL, b"rtc\0", RtcRequest(7)),
        (Command.INTERNAL, b"utc\x00time", UtcRequest(7, UtcKind.TIME)),
        (Command.INTERNAL, b"utc\x00dst_next\0", UtcRequest(7, UtcKind.NEXT_CHANGE)),
        (Command.INTERNAL, b"meta\x00get\x00Serial", MetaGet(7, "Serial")),
        (Command.INTERNAL, b"meta\x00set\x00Hotspot Name\x00Blynk A-9A4R", MetaSet(7, "Hotspot Name", "Blynk A-9A4R")),
        (Command.INTERNAL, b"meta\x00set\x00Note", MetaSet(7, "Note", "")),
        (Command.INTERNAL, b"ver\x001.0.0\x00dev\x00js", Info(7, {"ver": "1.0.0", "dev": "js"})),
        (Command.INTERNAL, b"vendor\x00x\x00tmpl\x00T", Info(7, {"vendor": "x", "tmpl": "T"})),
        (Command.INTERNAL, b"weather\x00now", Unsupported(7, Command.INTERNAL, "weather")),
        (Command.INTERNAL, b"", Unsupported(7, Command.INTERNAL)),
        (Command.TWEET, b"hello", Unsupported(7, Command.TWEET)),
        (Command.EMAIL, b"a@b.c\x00s\x00t", Unsupported(7, Command.EMAIL)),
        (Command.NOTIFY, b"hello", Unsupported(7, Command.NOTIFY)),
        (Command.BRIDGE, b"1\x00i\x00token", Unsupported(7, Command.BRIDGE)),
    ],
)
def test_device_message_is_read(command: Command, body: bytes, message: object) -> None:
    assert parse_device_frame(Frame(command, 7, 0, body), LIMITS) == message


@pytest.mark.parametrize(
    ("command", "body", "reason"),
    [
        (Command.HARDWARE, b"", IllegalReason.UNKNOWN_KIND),
        (Command.HARDWARE, b"zz\x001\x002", IllegalReason.UNKNOWN_KIND),
        (Command.HARDWARE, b"vw\x001", IllegalReason.MISSING_PARTS),
        (Command.HARDWARE, b"vw\x00256\x001", IllegalReason.BAD_PIN),
        (Command.HARDWARE, b"vw\x00V1\x001", IllegalReason.BAD_PIN),
        (Command.HARDWARE, b"vw\x001\x00" + b"x" * 1025, IllegalReason.TOO_LONG),
        (Command.HARDWARE_SYNC, b"vr", IllegalReason.MISSING_PARTS),
        (Command.HARDWARE_SYNC, b"vr\x001\x00x", IllegalReason.BAD_PIN),
        (Command.HARDWARE_SYNC, b"xx\x001", IllegalReason.UNKNOWN_KIND),
        (Command.PROPERTY, b"4\x00color", IllegalReason.MISSING_PARTS),
        (Command.PROPERTY, b"4\x00\x00red", IllegalReason.MISSING_PARTS),
        (Command.PROPERTY, b"x\x00color\x00red", IllegalReason.BAD_PIN),
        (Command.PROPERTY, b"4\x00" + b"c" * 65 + b"\x00red", IllegalReason.TOO_LONG),
        (Command.GROUP, b"", IllegalReason.UNKNOWN_KIND),
        (Command.GROUP, b"t", IllegalReason.MISSING_PARTS),
        (Command.GROUP, b"t\x00soon", IllegalReason.BAD_NUMBER),
        (Command.GROUP, b"t\x00" + b"9" * 16, IllegalReason.BAD_NUMBER),
        (Command.EVENT_LOG, b"", IllegalReason.MISSING_PARTS),
        (Command.EVENT_LOG, b"c" * 65, IllegalReason.TOO_LONG),
        (Command.EVENT_LOG, b"hot\0" + b"d" * 1025, IllegalReason.TOO_LONG),
        (Command.EVENT_CLEAR, b"\0all", IllegalReason.MISSING_PARTS),
        (Command.INTERNAL, b"utc", IllegalReason.MISSING_PARTS),
        (Command.INTERNAL, b"utc\x00century", IllegalReason.UNKNOWN_KIND),
        (Command.INTERNAL, b"meta\x00get", IllegalReason.MISSING_PARTS),
        (Command.INTERNAL, b"meta\x00get\x00 ", IllegalReason.MISSING_PARTS),
        (Command.INTERNAL, b"meta\x00drop\x00Serial", IllegalReason.UNKNOWN_KIND),
        (Command.INTERNAL, b"meta\x00set\x00" + b"n" * 65, IllegalReason.TOO_LONG),
    ],
)
def test_unreadable_body_is_illegal_with_status_11(command: Command, body: bytes, reason: IllegalReason) -> None:
    message = parse_device_frame(Frame(command, 7, 0, body), LIMITS)
    assert message == Illegal(7, command, reason, Status.ILLEGAL_BODY)


@pytest.mark.parametrize("command", [*sorted(set(range(1, 256)) - set(Command)), Command.REDIRECT, Command.DEBUG_PRINT])
def test_unknown_command_is_illegal_with_status_2(command: int) -> None:
    message = parse_device_frame(Frame(command, 7, 0, b"x"), LIMITS)
    assert message == Illegal(7, command, IllegalReason.UNKNOWN_COMMAND, Status.ILLEGAL_COMMAND)


@pytest.mark.parametrize("command", [Command.LOGIN, Command.HW_LOGIN])
def test_second_login_is_illegal(command: Command) -> None:
    message = parse_device_frame(Frame(command, 7, 0, b"t" * 32), LIMITS)
    assert message == Illegal(7, command, IllegalReason.NOT_NOW, Status.ILLEGAL_COMMAND)


def test_the_token_ends_at_the_first_nul() -> None:
    assert parse_login(Frame(Command.HW_LOGIN, 1, 0, b"token\0more\0")) == Login(1, b"token", is_legacy=False)
    assert parse_login(Frame(Command.LOGIN, 1, 0, b"token")) == Login(1, b"token", is_legacy=True)


@given(st.integers(0, 255), st.binary(max_size=200))
def test_no_device_frame_raises(command: int, body: bytes) -> None:
    parse_device_frame(Frame(command, 1, 0, body), LIMITS)


@given(st.sampled_from([b"vw\0", b"dw\0", b"aw\0"]), st.binary(max_size=200))
def test_values_of_a_write_never_exceed_the_limit(kind: bytes, rest: bytes) -> None:
    message = parse_device_frame(Frame(Command.HARDWARE, 1, 0, kind + b"1\0" + rest), Limits(max_pin_value=50))
    if isinstance(message, PinWrite):
        assert sum(map(len, message.values)) <= 50


@pytest.mark.parametrize(
    ("command", "body", "message"),
    [
        (Command.RESPONSE, b"", Response(7, 0)),
        (Command.PING, b"", Ping(7)),
        (Command.HARDWARE, b"vw\x001\x005", PinWrite(7, VIRTUAL, 1, ("5",))),
        (Command.BRIDGE, b"vw\x001\x005", PinWrite(7, VIRTUAL, 1, ("5",))),
        (Command.HARDWARE, b"ar\x003", PinRead(7, PinKind.ANALOG, 3)),
        (Command.HARDWARE, b"vr\x00x", Illegal(7, Command.HARDWARE, IllegalReason.BAD_PIN, Status.ILLEGAL_BODY)),
        (Command.HARDWARE, b"pm\x003\x00in", Unsupported(7, Command.HARDWARE, "pm")),
        (Command.REDIRECT, b"gw.example.com\x009443", Redirect(7, "gw.example.com", 9443)),
        (Command.REDIRECT, b"gw", Illegal(7, Command.REDIRECT, IllegalReason.MISSING_PARTS, Status.ILLEGAL_BODY)),
        (Command.REDIRECT, b"gw\x00x", Illegal(7, Command.REDIRECT, IllegalReason.BAD_NUMBER, Status.ILLEGAL_BODY)),
        (Command.REDIRECT, b"g" * 64 + b"\x001", Illegal(7, 41, IllegalReason.TOO_LONG, Status.ILLEGAL_BODY)),
        (Command.DEBUG_PRINT, b"hello", DebugPrint(7, "hello")),
        (Command.INTERNAL, b"dbg\x00config start", ConsoleCommand(7, "config start")),
        (Command.INTERNAL, b"ota\x00http://h/f.bin", FirmwareUpdate(7, "http://h/f.bin")),
        (Command.INTERNAL, b"utc\x00tz\x00120\x0060", InternalReply(7, "utc", ("tz", "120", "60"))),
        (Command.INTERNAL, b"acon", InternalReply(7, "acon", ())),
        (Command.INTERNAL, b"dbg", Illegal(7, Command.INTERNAL, IllegalReason.MISSING_PARTS, Status.ILLEGAL_BODY)),
        (Command.INTERNAL, b"xyz", Unsupported(7, Command.INTERNAL, "xyz")),
        (Command.EVENT_LOG, b"hot", None),
    ],
)
def test_server_message_is_read(command: Command, body: bytes, message: object) -> None:
    assert parse_server_frame(Frame(command, 7, 0, body), LIMITS) == message


@given(st.integers(0, 255), st.binary(max_size=200))
def test_no_server_frame_raises(command: int, body: bytes) -> None:
    parse_server_frame(Frame(command, 1, 0, body), LIMITS)
