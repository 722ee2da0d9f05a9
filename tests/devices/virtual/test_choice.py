"""What people may choose of a virtual device, and what they are told where it does not go together."""

import pytest

from devices.virtual.choice import NotOfferedError, chosen, newest_library, usual_kind
from devices.virtual.endings import Fault
from devices.virtual.firmware import Firmware, Kind, Library
from devices.virtual.orders import Mode
from templates_app.boards import BOARDS


def ask(fields: dict[str, str], *, template: str = "esp32", has_tls: bool = True) -> tuple[object, ...]:
    made = chosen(fields, board=template, has_tls=has_tls)
    return made.mode, made.kind, made.library, made.fault


@pytest.mark.parametrize(
    ("board", "kind", "library"),
    [
        ("esp32", Kind.ESP32, Library.V1_4),
        ("esp8266", Kind.ESP8266, Library.V1_4),
        ("wio-terminal", Kind.WIO, Library.V1_4),
        ("nano-33-iot", Kind.MKR, Library.V1_2),
        ("raspberry-pi-linux", Kind.ESP32, Library.V1_4),
    ],
)
def test_what_is_left_out_is_as_the_templates_board_is(board: str, kind: Kind, library: Library) -> None:
    assert ask({}, template=board) == (Mode.CONNECTED, kind, library, None)


@pytest.mark.parametrize("board", [board.key for board in BOARDS])
def test_every_templates_board_is_played_by_one_that_exists(board: str) -> None:
    kind = usual_kind(board)
    assert Firmware(template_id="", template_name="", kind=kind, library=newest_library(kind))


def test_what_is_chosen_is_taken() -> None:
    asked = {"mode": "setup", "board": "esp8266", "library": "1.0.1", "fault": "no-clock"}
    assert ask(asked, template="wio-terminal") == (Mode.SETUP, Kind.ESP8266, Library.V1_0_1, Fault.NO_CLOCK)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"mode": "asleep"}, "no way to start of that name. Choose one of: connected, setup."),
        ({"board": "abacus"}, "no virtual board of that name. Choose one of: esp32, esp8266, wio, mkr."),
        ({"library": "2.0"}, "Choose one of: 1.0.1, 1.2.0, 1.4.0."),
        ({"fault": "no\0such fault"}, "no fault of that name"),
        ({"board": "mkr", "library": "1.4.0"}, "choose 1.2.0"),
        ({"fault": "no-dns"}, "in setup mode only"),
        ({"fault": "no-clock", "mode": "setup", "board": "esp32"}, "on an ESP8266 only"),
    ],
)
def test_what_is_not_there_or_does_not_go_together_is_said(fields: dict[str, str], told: str) -> None:
    with pytest.raises(NotOfferedError, match=told):
        ask(fields)


def test_a_fault_of_tls_needs_a_gateway_that_speaks_it() -> None:
    asked = {"mode": "setup", "board": "esp8266", "fault": "no-mfln"}
    assert ask(asked)[3] is Fault.NO_MFLN
    with pytest.raises(NotOfferedError, match="Set GATEWAY_TLS_CERT"):
        ask(asked, has_tls=False)
