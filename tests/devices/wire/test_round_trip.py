"""Both sides talking to each other, and to nonsense, through pipes cut anywhere."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.wire import build, push
from devices.wire.client import ClientConnection
from devices.wire.commands import PinKind, SendOutcome, Status, UtcKind
from devices.wire.connection import ServerConnection
from devices.wire.info import Info
from devices.wire.limits import Limits
from devices.wire.messages import (
    ConsoleCommand,
    EventClear,
    EventLog,
    Failed,
    FirmwareUpdate,
    GroupBegin,
    GroupEnd,
    InternalReply,
    LoginAccepted,
    MetaGet,
    MetaSet,
    PinSync,
    PinWrite,
    PropertyWrite,
    Redirect,
    RtcRequest,
    ServerEvent,
    UtcRequest,
)
from devices.wire.states import ServerState

TOKEN = "lfd_" + "A" * 28
PAIRS = {"mcu": "0.1.0", "blynk": "1.4.0", "h-beat": 40, "buff-in": 1024, "dev": "ESP32", "tmpl": "TMPL4ABCdef12"}
UNLIMITED = Limits(messages_per_second=1e9, message_burst=1_000_000)
VIRTUAL = PinKind.VIRTUAL

printable = st.text(st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=30)
messages = st.one_of(
    st.builds(build.ping, st.integers(1, 9)),
    st.builds(build.response, st.integers(1, 9), st.integers(0, 0xFFFF)),
    st.builds(
        lambda pin, values: build.pin_write(3, VIRTUAL, pin, values),
        st.integers(0, 255),
        st.lists(printable, min_size=1),
    ),
    st.builds(lambda code: build.event_log(4, code), printable),
    st.just(build.info(5, PAIRS)),
    st.just(build.rtc_request(6)),
    st.binary(max_size=12),
)


def connected() -> tuple[ClientConnection, ServerConnection]:
    client, server = ClientConnection(), ServerConnection(UNLIMITED)
    client.log_in(TOKEN)
    server.receive_data(client.data_to_send(), 0.0)
    server.accept(0.0)
    assert client.receive_data(server.data_to_send()) == [LoginAccepted(1)]
    client.send_info(PAIRS)
    server.receive_data(client.data_to_send(), 0.0)
    client.receive_data(server.data_to_send())
    return client, server


def served(stream: bytes, cuts: list[int]) -> tuple[list[ServerEvent], bytes]:
    """Events and answers of a server that accepts whatever logs in."""
    server = ServerConnection(UNLIMITED)
    points = [0, *sorted({cut % (len(stream) + 1) for cut in cuts}), len(stream)]
    events: list[ServerEvent] = []
    sent = b""
    for start, end in pairwise(points):
        found = server.receive_data(stream[start:end], 0.0)
        if server.state is ServerState.AWAITING_VERDICT:
            found += server.accept(0.0)
        events += found
        sent += server.data_to_send()
    return events, sent


@given(st.lists(messages, max_size=8), st.lists(st.integers(0, 2000), max_size=10))
def test_a_server_hears_and_says_the_same_for_any_chunking(parts: list[bytes], cuts: list[int]) -> None:
    stream = build.login(1, TOKEN) + b"".join(parts)
    assert served(stream, cuts) == served(stream, []) == served(stream, list(range(len(stream))))


@given(st.binary(max_size=300))
def test_a_stranger_never_raises_and_fails_at_most_once(stream: bytes) -> None:
    events, _sent = served(stream, list(range(0, 300, 7)))
    assert [type(event) for event in events].count(Failed) <= 1
    assert Failed not in [type(event) for event in events[:-1]]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_a_client_never_raises_for_what_a_server_sends(stream: bytes, cuts: list[int]) -> None:
    def heard(points: list[int]) -> list[object]:
        client = ClientConnection()
        client.log_in(TOKEN)
        opening = build.response(1, Status.OK)
        whole = opening + stream
        ends = [0, *sorted({point % (len(whole) + 1) for point in points}), len(whole)]
        found = [client.receive_data(whole[start:end]) for start, end in pairwise(ends)]
        return [event for events in found for event in events]

    assert heard(cuts) == heard([])


@pytest.mark.parametrize(
    ("send", "event"),
    [
        (lambda c: c.send_info(PAIRS), Info(3, {key: str(value) for key, value in PAIRS.items()})),
        (lambda c: c.send_pin_write(7, [21.5, "on"]), PinWrite(3, VIRTUAL, 7, ("21.5", "on"))),
        (lambda c: c.send_sync(), PinSync(3, VIRTUAL, None)),
        (lambda c: c.send_sync([1, 2]), PinSync(3, VIRTUAL, (1, 2))),
        (lambda c: c.send_property(7, "color", ["#FF0000"]), PropertyWrite(3, 7, "color", ("#FF0000",))),
        (lambda c: c.send_event("hot", "over 40"), EventLog(3, "hot", "over 40")),
        (lambda c: c.send_event("hot"), EventLog(3, "hot", "")),
        (lambda c: c.send_event_clear("hot", is_all=True), EventClear(3, "hot", is_all=True)),
        (lambda c: c.send_event_clear("hot"), EventClear(3, "hot", is_all=False)),
        (lambda c: c.send_group_begin(1_732_320_000_123), GroupBegin(3, 1_732_320_000_123)),
        (lambda c: c.send_group_begin(), GroupBegin(3, None)),
        (lambda c: c.send_group_end(), GroupEnd(3)),
        (lambda c: c.send_meta_get("Serial"), MetaGet(3, "Serial")),
        (lambda c: c.send_meta_set("Hotspot Name", "Blynk A"), MetaSet(3, "Hotspot Name", "Blynk A")),
        (lambda c: c.send_rtc_request(), RtcRequest(3)),
        (lambda c: c.send_utc_request(UtcKind.ISO), UtcRequest(3, UtcKind.ISO)),
    ],
)
def test_what_a_device_sends_the_server_hears(send: Callable[[ClientConnection], int], event: object) -> None:
    client, server = connected()
    assert send(client) == 3
    assert server.receive_data(client.data_to_send(), 0.0) == [event]


@pytest.mark.parametrize(
    ("send", "event"),
    [
        (lambda s: push.virtual_write(s, 7, ["Küche", 2]), PinWrite(1, VIRTUAL, 7, ("Küche", "2"))),
        (lambda s: push.console_command(s, "reboot"), ConsoleCommand(1, "reboot")),
        (lambda s: push.firmware_update(s, "http://h/f.bin"), FirmwareUpdate(1, "http://h/f.bin")),
        (lambda s: push.redirect(s, "gw.example.com", 9443), Redirect(1, "gw.example.com", 9443)),
        (lambda s: push.rtc_reply(s, 1_732_320_000), InternalReply(1, "rtc", ("1732320000",))),
        (lambda s: push.utc_reply(s, UtcKind.TIME, 5), InternalReply(1, "utc", ("time", "5"))),
        (lambda s: push.meta_reply(s, "Serial", "42"), InternalReply(1, "meta", ("Serial", "42"))),
    ],
)
def test_what_the_server_sends_a_device_hears(send: Callable[[ServerConnection], SendOutcome], event: object) -> None:
    client, server = connected()
    assert send(server) is SendOutcome.SENT
    assert client.receive_data(server.data_to_send()) == [event]


@given(st.integers(0, 255), st.lists(printable, min_size=1, max_size=4))
def test_values_survive_both_ways(pin: int, values: list[str]) -> None:
    client, server = connected()
    client.send_pin_write(pin, values)
    assert server.receive_data(client.data_to_send(), 0.0) == [PinWrite(3, VIRTUAL, pin, tuple(values))]
    push.virtual_write(server, pin, values)
    assert client.receive_data(server.data_to_send()) == [PinWrite(1, VIRTUAL, pin, tuple(values))]
