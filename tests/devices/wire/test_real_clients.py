"""The first bytes of each real client, written out."""

from typing import NamedTuple

import pytest

from devices.wire.commands import PinKind
from devices.wire.connection import ServerConnection
from devices.wire.info import Info
from devices.wire.messages import EventLog, Login, MetaSet, PinSync, PinWrite, ServerEvent

TOKEN = b"lfd_0123456789abcdefghijABC4Xy9Z"
LOGIN_29 = b"\x1d\x00\x01\x00\x20" + TOKEN
LOGIN_2 = b"\x02\x00\x01\x00\x20" + TOKEN
OK_1 = b"\x00\x00\x01\x00\xc8"
OK_2 = b"\x00\x00\x02\x00\xc8"


class Client(NamedTuple):
    """A client's login and info block, and what has to be understood of them."""

    login: bytes
    info: bytes
    board: str
    library_version: str
    firmware_version: str
    template_id: str
    buffer_in: int
    cutoff_seconds: int
    is_python: bool


CLIENTS = {
    "Edgent 1.4.0 on ESP32": Client(
        LOGIN_29,
        b"\x11\x00\x02\x00\x92"
        b"mcu\x000.1.0\x00fw-type\x00TMPL4ABCdef12\x00build\x00Nov  2 2026 10:11:12\x00blynk\x001.4.0\x00"
        b"h-beat\x0040\x00buff-in\x001024\x00dev\x00ESP32\x00tmpl\x00TMPL4ABCdef12\x00con\x00WiFi\x00cpu\x00ESP32-D0WD",
        "ESP32",
        "1.4.0",
        "0.1.0",
        "TMPL4ABCdef12",
        1024,
        92,
        False,
    ),
    "Edgent 1.2.0 on ESP8266": Client(
        LOGIN_29,
        b"\x11\x00\x02\x00\x77"
        b"ver\x001.2.0\x00h-beat\x0045\x00buff-in\x001024\x00dev\x00ESP8266\x00fw-type\x00TMPLN6ZnPedc\x00"
        b"fw\x000.1.0\x00build\x00Nov  2 2026 10:11:12\x00tmpl\x00TMPLN6ZnPedc",
        "ESP8266",
        "1.2.0",
        "0.1.0",
        "TMPLN6ZnPedc",
        1024,
        104,
        False,
    ),
    "C++ 1.4.0 on Linux, with its extra NUL": Client(
        LOGIN_29,
        b"\x11\x00\x02\x00\x84"
        b"ver\x001.4.0\x00h-beat\x0040\x00buff-in\x004096\x00dev\x00Linux\x00fw-type\x00TMPL4ABCdef12\x00"
        b"fw\x000.0.0\x00build\x00Nov  2 2026 10:11:12\x00conn\x00Socket\x00tmpl\x00TMPL4ABCdef12\x00",
        "Linux",
        "1.4.0",
        "0.0.0",
        "TMPL4ABCdef12",
        4096,
        92,
        False,
    ),
    "BlynkLib 0.2.0": Client(
        LOGIN_29,
        b"\x11\x00\x02\x00\x2bver\x000.2.0\x00h-beat\x0010\x00buff-in\x001024\x00dev\x00python",
        "python",
        "0.2.0",
        "",
        "",
        1024,
        23,
        True,
    ),
    "BlynkLib 1.0.0": Client(
        LOGIN_29,
        b"\x11\x00\x02\x00\x5f"
        b"ver\x001.0.0\x00h-beat\x0050\x00buff-in\x001024\x00dev\x00linux-py\x00tmpl\x00TMPL4ABCdef12\x00"
        b"fw-type\x00TMPL4ABCdef12\x00fw\x000.1.0",
        "linux-py",
        "1.0.0",
        "0.1.0",
        "TMPL4ABCdef12",
        1024,
        115,
        True,
    ),
    "blynklib 0.2.6": Client(
        LOGIN_2,
        b"\x11\x00\x02\x00\x2bver\x000.2.6\x00buff-in\x001024\x00h-beat\x0010\x00dev\x00python",
        "python",
        "0.2.6",
        "",
        "",
        1024,
        23,
        True,
    ),
    "JavaScript 0.5.4": Client(
        LOGIN_29,
        b"\x11\x00\x02\x00\x1dver\x000.5.4\x00buff-in\x004096\x00dev\x00js",
        "js",
        "0.5.4",
        "",
        "",
        4096,
        23,
        False,
    ),
}


def accepted(client: Client) -> tuple[ServerConnection, list[ServerEvent]]:
    connection = ServerConnection()
    (login,) = connection.receive_data(client.login, 0.0)
    assert isinstance(login, Login)
    assert login.token == TOKEN
    connection.accept(0.0)
    assert connection.data_to_send() == OK_1
    events = connection.receive_data(client.info, 0.0)
    return connection, events


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS.keys())
def test_login_and_info_are_understood(client: Client) -> None:
    connection, (info,) = accepted(client)
    assert isinstance(info, Info)
    assert connection.data_to_send() == OK_2
    assert (info.board, info.library_version) == (client.board, client.library_version)
    assert (info.firmware_version, info.template_id) == (client.firmware_version, client.template_id)
    assert (connection.buffer_in, connection.cutoff_seconds) == (client.buffer_in, client.cutoff_seconds)
    assert connection.is_python is client.is_python


def test_only_blynklib_needs_a_segment_per_message() -> None:
    needy = {name for name, client in CLIENTS.items() if accepted(client)[0].needs_segments}
    assert needy == {"blynklib 0.2.6"}


@pytest.mark.parametrize(
    ("frame", "event"),
    [
        # C++: virtualWrite(V5, 21.5), syncAll, logEvent, the hotspot's name after a first connection
        (b"\x14\x00\x03\x00\x0bvw\x005\x0021.500", PinWrite(3, PinKind.VIRTUAL, 5, ("21.500",))),
        (b"\x10\x00\x04\x00\x00", PinSync(4, PinKind.VIRTUAL, None)),
        (b"\x40\x00\x05\x00\x13sys_ota\x00OTA started", EventLog(5, "sys_ota", "OTA started")),
        (
            b"\x11\x00\x06\x00\x25meta\x00set\x00Hotspot Name\x00Blynk Root-9A4R",
            MetaSet(6, "Hotspot Name", "Blynk Root-9A4R"),
        ),
        # BlynkLib: virtual_write(1, "a", 2), sync_virtual(1, 2), log_event("hot")
        (b"\x14\x00\x03\x00\x08vw\x001\x00a\x002", PinWrite(3, PinKind.VIRTUAL, 1, ("a", "2"))),
        (b"\x10\x00\x04\x00\x06vr\x001\x002", PinSync(4, PinKind.VIRTUAL, (1, 2))),
        (b"\x40\x00\x05\x00\x03hot", EventLog(5, "hot", "")),
        # JavaScript: virtualWrite(2, "Tür") goes out as single bytes
        (b"\x14\x00\x03\x00\x08vw\x002\x00T\xfcr", PinWrite(3, PinKind.VIRTUAL, 2, ("Tür",))),
    ],
)
def test_first_messages_are_understood(frame: bytes, event: object) -> None:
    connection, _info = accepted(CLIENTS["BlynkLib 0.2.0"])
    assert connection.receive_data(frame, 0.0) == [event]


def test_pings_of_all_libraries_are_answered() -> None:
    connection, _info = accepted(CLIENTS["JavaScript 0.5.4"])
    assert connection.answer_ping(b"\x06\x00\x03\x00\x00", 0.0) == b"\x00\x00\x03\x00\xc8"
