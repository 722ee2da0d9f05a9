"""The pure modules of the hotspot and USB routes, run in the browser that pages run them in."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Open, Visitor

pytestmark = pytest.mark.xdist_group("browser")
TOKEN = "lfd_" + "B" * 28
GOOD = {
    "ssid": "Home",
    "pass": "long enough",
    "token": TOKEN,
    "host": "devices.example.com",
    "port": 8080,
    "portTls": 9443,
}
STATIC = {"ip": "", "mask": "", "gw": "", "dns": ""}


@pytest.fixture
def window(visitor: Open) -> Visitor:
    window = visitor()
    window.visit("/")
    return window


def run(window: Visitor, module: str, expression: str, value: Any) -> Any:
    """What `expression` is, with `m` the module of static/js and `v` the value."""
    script = f"async (v) => {{ const m = await import('/static/js/{module}.js'); return {expression}; }}"
    return window.page.evaluate(script, value)


def problems(window: Visitor, **changes: str) -> list[tuple[str, bool]]:
    found = run(window, "wifi-config", "m.problemsOf(v)", {**GOOD, **STATIC, **changes})
    return [(problem["field"], problem["isWarning"]) for problem in found]


def test_what_cannot_reach_the_board_whole_is_refused_by_its_field(window: Visitor) -> None:
    assert problems(window) == []
    refused = {
        "ssid": ["", "x" * 33, "ü" * 17, "a\nb", "a\x00b"],
        "pass": ["abcd", "a" * 7, "0123456789abcdef" * 4, "x" * 64, "pässword", "“quoted” pass", "tab\tinside"],
        "ip": ["1.2.3", "256.1.1.1", "1.2.3.4.5", "a.b.c.d", "1.2.3.4 "],
        "token": ["", "short", "lfd_" + "!" * 28],
        "host": ["h" * 34],
    }
    for field, values in refused.items():
        for value in values:
            assert (field, False) in problems(window, **{field: value}), (field, value)


def test_what_is_unusual_but_works_is_only_warned_of(window: Visitor) -> None:
    assert problems(window, ssid=" Home") == [("ssid", True)]
    assert problems(window, **{"pass": ""}) == [("pass", True)]
    assert problems(window, ssid="Café 🏠") == []
    assert problems(window, ssid="ü" * 16) == []
    assert problems(window, **{"pass": "x" * 63}) == []


def test_fixed_address_needs_its_companions(window: Visitor) -> None:
    assert problems(window, ip="192.168.1.9") == [("mask", False), ("gw", False)]
    assert problems(window, mask="255.255.255.0") == [("ip", False)]
    assert problems(window, ip="192.168.1.9", mask="255.255.255.0", gw="192.168.1.1") == []


@pytest.mark.parametrize("ssid", ["Home", "a&b=c", "Café 🏠", "100% +plus #1", "semi;colon?"])
def test_address_carries_every_value_to_the_letter(window: Visitor, ssid: str) -> None:
    fields = {**GOOD, **STATIC, "ssid": ssid, "pass": "p&s %+#=;word"}
    url = run(window, "wifi-config", "m.configUrl('http://192.168.4.1/', v)", fields)
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("http", "192.168.4.1", "/config")
    found = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    assert found == {
        "if": "wifi",
        "ssid": ssid,
        "pass": "p&s %+#=;word",
        "blynk": TOKEN,
        "host": "devices.example.com",
        "port": "8080",
        "port_ssl": "9443",
        "save": "0",
    }
    assert " " not in url
    assert "+" not in url


def test_fixed_address_is_carried_too(window: Visitor) -> None:
    fields = {**GOOD, **STATIC, "ip": "192.168.1.9", "mask": "255.255.255.0", "gw": "192.168.1.1", "dns": "1.1.1.1"}
    query = parse_qs(urlsplit(run(window, "wifi-config", "m.configUrl('http://b', v)", fields)).query)
    assert {name: query[name][0] for name in ("ip", "mask", "gw", "dns")} == {
        "ip": "192.168.1.9",
        "mask": "255.255.255.0",
        "gw": "192.168.1.1",
        "dns": "1.1.1.1",
    }


def unescaped(line: str) -> list[str]:
    """The words of a line as the board's console reads them: split at blanks, then `\\xHH` and `\\c` undone."""

    def undo(word: str) -> str:
        return re.sub(r"\\x([0-9a-f]{2})|\\(.)", lambda m: chr(int(m[1], 16)) if m[1] else m[2], word)

    return [undo(word) for word in line.split()]


@pytest.mark.parametrize(
    ("ssid", "password"), [("My home", "pass word 1"), (r"back\slash x20", r"\x20 \\ n"), ("H", "")]
)
def test_console_command_comes_through_as_it_was_typed(window: Visitor, ssid: str, password: str) -> None:
    line = run(window, "wifi-config", "m.connectCommand(v)", {**GOOD, "ssid": ssid, "pass": password})
    assert unescaped(line) == ["connect", TOKEN, ssid, *([password] if password else [])]


def test_command_too_long_for_the_console_is_refused(window: Visitor) -> None:
    fields = {**GOOD, "ssid": " " * 32, "pass": " " * 63}
    assert run(window, "wifi-config", "m.connectCommand(v)", fields) is None


def test_lines_of_the_board_are_understood(window: Visitor) -> None:
    def said(expression: str, line: str) -> Any:
        return run(window, "board-console", expression, line)

    assert said("m.stateIn(v)", "[5123] INIT => WAIT_CONFIG") == "WAIT_CONFIG"
    assert said("m.stateIn(v)", "[9] CONNECTING_CLOUD => RUNNING") == "RUNNING"
    assert said("m.stateIn(v)", "a => b") == ""
    assert said("m.serverIn(v)", "[7] Connecting to blynk.cloud:443") == {"host": "blynk.cloud", "port": 443}
    assert said("m.lastErrorIn(v)", "[7] Last error code: 701") == "701"
    assert said("m.networkIn(v)", "  Café [x] 2 [AA:BB:CC:DD:EE:FF] WPA2 ch:6 rssi:-55") == {
        "ssid": "Café [x] 2",
        "security": "WPA2",
        "channel": 6,
        "rssi": -55,
    }
    info = '{"name":"Blynk A-1234","board":"A","tmpl_id":"TMPLabcdefghi","fw_type":"x","fw_ver":"0.1.0"}'
    assert said("m.infoIn(v)", info)["tmpl_id"] == "TMPLabcdefghi"
    assert said("m.infoIn(v)", info.replace('"board":"A"', '"board":"A "quoted""'))["fw_ver"] == "0.1.0"
    assert said("m.infoIn(v)", "nothing") is None


@pytest.mark.parametrize(
    "line",
    [
        f">connect {TOKEN} Home s3cret-pass",
        "[12] WiFi SSID: Home Pass: s3cret-pass",
        f"[12] Blynk cloud: {TOKEN} @ devices.example.com:9443",
        "something s3cret-pass else",
    ],
)
def test_no_password_or_token_is_shown(window: Visitor, line: str) -> None:
    shown = run(window, "board-console", "m.masked(v, ['s3cret-pass'])", line)
    assert "s3cret" not in shown
    assert TOKEN not in shown


def test_pieces_become_lines_whatever_the_cuts(window: Visitor) -> None:
    script = "(() => { const l = new m.Lines(10); return v.flatMap((piece) => l.take(piece)); })()"
    assert run(window, "board-console", script, ["ab", "c\r", "\nde\n", "\u0007f\n", "x" * 25, "\n"]) == [
        "abc",
        "de",
        "f",
        "x" * 10,
        "x" * 10,
        "x" * 5,
    ]


def test_second_try_on_a_network_tells_that_the_first_came_to_nothing(window: Visitor) -> None:
    script = "(() => { const j = new m.Joining(); return v.map((line) => j.isAgain(line)); })()"
    tries = ["[1] Connecting to WiFi: Home", "[9] Connecting to WiFi: Home", "[9] X", "[17] Connecting to WiFi: Home"]
    assert run(window, "board-console", script, tries) == [False, True, False, True]
    anew = [tries[0], "[5] SWITCH_TO_STA => CONNECTING_NET", "[5] Connecting to WiFi: Home"]
    assert run(window, "board-console", script, anew) == [False, False, False]


@pytest.mark.parametrize(
    ("line", "tone"),
    [
        ('{"status":"OK","msg":"trying to connect..."}', "good"),
        ("[2] CONNECTING_NET => CONNECTING_CLOUD", "info"),
        ("[3] SSL error: 62", "bad"),
        ("[4] Invalid auth token", "bad"),
        ("[5] CONNECTING_CLOUD => ERROR", "bad"),
        ("[6] CONNECTING_CLOUD => RUNNING", "good"),
        ("[7] WAIT_CONFIG => SWITCH_TO_STA", None),
    ],
)
def test_line_tells_how_far_the_board_has_come(window: Visitor, line: str, tone: str | None) -> None:
    assert run(window, "board-console", "m.outcomeIn(v)?.tone ?? null", line) == tone


def test_log_is_told_from_its_end_and_within_the_limit(window: Visitor) -> None:
    def last(lines: list[str], limit: int) -> Any:
        return run(window, "board-console", "m.lastWithin(...v)", [lines, limit])

    assert last(["a", "b", "c"], 4) == ["b", "c"]
    assert last(["a", "b"], 4) == ["a", "b"]
    assert last(["ü" * 9], 18) == []
    assert last([], 4) == []
