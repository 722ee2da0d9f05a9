"""What a board in setup mode answers, byte for byte, by version and board."""

import pytest

from devices.virtual.endings import Fault
from devices.virtual.firmware import Firmware, Kind, Library, UnknownFirmwareError
from devices.virtual.networks import Network, Security
from devices.virtual.states import State
from tests.devices.virtual.setup import setup_board

NETWORKS = (
    Network(ssid="Far", password="x" * 8, rssi=-80, channel=11, security=Security.WPA_WPA2, bssid="02:AA:00:00:00:01"),
    Network(ssid="Near", rssi=-40, channel=1, security=Security.OPEN, bssid="02:AA:00:00:00:02"),
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
INFO = {
    (Kind.ESP32, Library.V1_0_1): (
        '{"board":"Root Template","tmpl_id":"TMPL4ABCdef12","fw_type":"TMPL4ABCdef12","fw_ver":"0.1.0",'
        '"ssid":"Blynk Root Template-11504","bssid":"24:6F:28:01:02:04","last_error":0,"wifi_scan":true,'
        '"static_ip":true}'
    ),
    (Kind.ESP32, Library.V1_4): (
        '{"board":"Root Template","tmpl_id":"TMPL4ABCdef12","fw_type":"TMPL4ABCdef12","fw_ver":"0.1.0",'
        '"ssid":"Blynk Root Template-9A4R","bssid":"24:6F:28:01:02:04","mac":"24:6F:28:01:02:03","last_error":0,'
        '"wifi_scan":true,"static_ip":true}'
    ),
}
INFO[Kind.ESP32, Library.V1_2] = INFO[Kind.ESP32, Library.V1_4]


@pytest.mark.parametrize(("kind", "library"), list(INFO))
async def test_board_info_has_the_fields_of_its_version(kind: Kind, library: Library) -> None:
    options = {"kind": kind, "library": library, "name": "Root Template", "template_id": "TMPL4ABCdef12"}
    async with setup_board(**options) as board:  # type: ignore[arg-type] # the types are those of the fields
        await board.until_open()
        answer = await board.raw(b"GET /board_info.json HTTP/1.1\r\nHost: 192.168.4.1\r\n\r\n")
    body = INFO[kind, library].encode()
    assert answer == HEAD % len(body) + body
    assert b"Access-Control" not in answer


async def test_the_wio_terminal_says_that_it_has_5_ghz_since_1_2() -> None:
    for library, has_it in ((Library.V1_0_1, False), (Library.V1_2, True)):
        async with setup_board(kind=Kind.WIO, library=library) as board:
            await board.until_open()
            _, body = await board.get("/board_info.json")
        assert (b',"5ghz":true}' in body) is has_it


@pytest.mark.parametrize(("library", "state"), [(Library.V1_0_1, State.CONFIGURING), (Library.V1_4, State.WAIT_CONFIG)])
async def test_any_phone_configures_on_1_0_and_the_info_does_later(library: Library, state: State) -> None:
    async with setup_board(library=library) as board:
        await board.until_open()
        assert board.state is State.WAIT_CONFIG
        await board.get("/nothing")
        assert board.state is state
        await board.get("/board_info.json")
        assert str(board.state) == "CONFIGURING"
        board.board.leave()
        assert str(board.state) == "WAIT_CONFIG"


async def test_names_are_not_escaped_and_the_info_ends_after_511_bytes() -> None:
    async with setup_board(name='Say "hi" \\' + "x" * 500) as board:
        await board.until_open()
        _, body = await board.get("/board_info.json")
    assert body.startswith(b'{"board":"Say "hi" \\xxx')
    assert len(body) == 511


async def test_the_scan_is_strongest_first_in_the_words_of_the_version() -> None:
    for library, word in ((Library.V1_0_1, "WPA/WPA2/PSK"), (Library.V1_2, "WPA+WPA2"), (Library.V1_4, "WPA+WPA2")):
        async with setup_board(library=library, networks=NETWORKS) as board:
            await board.until_open()
            _, body = await board.get("/wifi_scan.json")
        assert body.decode() == (
            '[\n  {"ssid":"Near","bssid":"02:AA:00:00:00:02","rssi":-40,"sec":"OPEN","ch":1},\n'
            f'  {{"ssid":"Far","bssid":"02:AA:00:00:00:01","rssi":-80,"sec":"{word}","ch":11}}\n]'
        )


async def test_esp8266_sends_the_scan_in_chunks_and_names_hidden_networks() -> None:
    hidden = Network(ssid="Secret", is_hidden=True, bssid="02:AA:00:00:00:02", rssi=-40, channel=1)
    async with setup_board(kind=Kind.ESP8266, networks=[hidden]) as board:
        await board.until_open()
        answer = await board.raw(b"GET /wifi_scan.json HTTP/1.1\r\n\r\n")
    item = b'  {"ssid":"","bssid":"02:AA:00:00:00:02","rssi":-40,"sec":"WPA2","ch":1,"hidden":1}'
    assert b"Transfer-Encoding: chunked\r\n" in answer
    assert answer.endswith(b"\r\n\r\n2\r\n[\n\r\n" + b"%x\r\n" % len(item) + item + b"\r\n2\r\n\n]\r\n0\r\n\r\n")


@pytest.mark.parametrize("kind", [Kind.ESP32, Kind.ESP8266, Kind.WIO])
async def test_no_network_is_an_empty_list_and_fifteen_are_the_most(kind: Kind) -> None:
    for count, shown in ((0, 0), (20, 15)):
        around = [Network(ssid=f"N{number}", rssi=-number) for number in range(count)]
        async with setup_board(kind=kind, networks=around) as board:
            await board.until_open()
            _, body = await board.get("/wifi_scan.json")
        assert body.count(b'"ssid"') == shown
        assert (body == b"[]") is (count == 0)


@pytest.mark.parametrize(
    ("kind", "library", "status"),
    [
        (Kind.ESP32, Library.V1_0_1, 404),
        (Kind.ESP32, Library.V1_2, 200),
        (Kind.ESP32, Library.V1_4, 200),
        (Kind.ESP8266, Library.V1_0_1, 200),
        (Kind.WIO, Library.V1_0_1, 200),
    ],
)
async def test_the_form_is_at_the_root_where_the_version_has_it(kind: Kind, library: Library, status: int) -> None:
    async with setup_board(kind=kind, library=library) as board:
        await board.until_open()
        found, body = await board.get("/")
    assert found == status
    assert (
        body == b"Not found: /"
        if status == 404
        else all(b'name="%s"' % name in body for name in (b"ssid", b"pass", b"blynk", b"host", b"port_ssl"))
    )


async def test_an_unknown_path_is_not_found_by_name() -> None:
    async with setup_board() as board:
        await board.until_open()
        assert await board.get("/a%20b") == (404, b"Not found: /a b")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_every_method_is_the_same(method: str) -> None:
    async with setup_board() as board:
        await board.until_open()
        status, _ = await board.get("/board_info.json", method=method)
    assert status == 200


async def test_an_invalid_configuration_is_500_and_changes_nothing() -> None:
    async with setup_board() as board:
        await board.until_open()
        before = board.board.config
        for fields in ({"token": "short"}, {"ssid": ""}, {"token": "x" * 33}):
            status, body = await board.configure(**fields)  # type: ignore[arg-type] # all are texts
            assert (status, body) == (500, b'{"status":"error","msg":"Configuration invalid"}')
        assert board.board.config == before
        assert board.state is State.WAIT_CONFIG
        assert board.says("Configuration invalid")


async def test_a_valid_one_says_that_it_tries_and_a_saved_one_that_it_is_saved() -> None:
    for more, message in (({}, b"Trying to connect..."), ({"save": "1"}, b"Configuration saved")):
        async with setup_board() as board:
            await board.until_open()
            status, body = await board.configure(**more)  # type: ignore[arg-type] # all are texts
            assert (status, body) == (200, b'{"status":"ok","msg":"%s"}' % message)
            await board.until(State.CONNECTING_CLOUD)
            assert board.board.config.is_valid is bool(more)


async def test_fields_may_come_in_the_body_of_a_form() -> None:
    async with setup_board() as board:
        await board.until_open()
        form = b"ssid=Home&pass=landfall-home&blynk=" + b"B" * 32
        kind = "application/x-www-form-urlencoded"
        assert (await board.get("/config", method="POST", body=form, content_type="text/plain"))[0] == 500
        assert (await board.get("/config", method="POST", body=form, content_type=kind))[0] == 200


async def test_reset_answers_and_forgets() -> None:
    async with setup_board() as board:
        await board.until_open()
        assert await board.get("/reset") == (200, b'{"status":"ok","msg":"Configuration reset"}')
        await board.until_told("Resetting configuration!")
        await board.until(State.WAIT_CONFIG)


async def test_reboot_answers_nothing_and_starts_anew() -> None:
    async with setup_board() as board:
        await board.until_open()
        port = board.board.setup_port
        assert await board.raw(b"GET /reboot HTTP/1.1\r\n\r\n") == b""
        await board.until_told("INIT => WAIT_CONFIG")
        await board.until_open()
        assert board.board.setup_port == port
        assert sum("INIT => WAIT_CONFIG" in line for line in board.lines) >= 1


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="update"; filename="f.bin"\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (MULTIPART % b"\xe9firmware", (200, b"OK")),
        (MULTIPART % b"no firmware", (500, b"FAIL")),
        (MULTIPART.replace(b"update", b"other") % b"\xe9", (500, b"FAIL")),
        (b"", (500, b"FAIL")),
    ],
)
@pytest.mark.parametrize("kind", [Kind.ESP32, Kind.ESP8266])
async def test_an_update_is_taken_or_not_and_the_board_reboots(
    kind: Kind, body: bytes, answer: tuple[int, bytes]
) -> None:
    async with setup_board(kind=kind) as board:
        await board.until_open()
        status, form = await board.get("/update")
        assert status == 200
        assert b"name='update'" in form
        kind_of_body = "multipart/form-data; boundary=x"
        assert await board.get("/update", method="POST", body=body, content_type=kind_of_body) == answer
        await board.until_open()
        assert len([line for line in board.lines if "Blynk v" in line]) == 2


async def test_a_firmware_that_does_not_fit_fails_unread() -> None:
    async with setup_board() as board:
        await board.until_open()
        answer = await board.raw(b"POST /update HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n")
    assert answer.endswith(b"FAIL")


async def test_the_wio_terminal_takes_no_update() -> None:
    async with setup_board(kind=Kind.WIO) as board:
        await board.until_open()
        assert (await board.get("/update"))[0] == 404


async def test_mkr_boards_read_the_first_line_only_and_hang_up_without_a_length() -> None:
    async with setup_board(kind=Kind.MKR, library=Library.V1_2) as board:
        await board.until_open()
        info = await board.raw(b"GET /board_info.json HTTP/1.1\n\n")
        assert info.startswith(b"HTTP/1.1 200 OK\r\nContent-type:application/json\r\n\r\n{")
        assert b"Length" not in info
        assert b'"mac":"24:6f:28:01:02:03"' in info
        assert b"<form" in await board.raw(b"GET /unknown HTTP/1.1\r\n\r\n")
        form = b"ssid=Home&blynk=" + b"B" * 32
        head = b"POST /config HTTP/1.1\r\nContent-Length: 48\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
        assert b"500 Internal Error" in await board.raw(head + form)
        assert b"Trying to connect..." in await board.raw(b"GET /config?" + form + b" HTTP/1.1\r\n\r\n")


def test_what_was_never_published_is_no_firmware() -> None:
    with pytest.raises(UnknownFirmwareError, match="MKR"):
        Firmware(template_id="TMPLx", template_name="N", kind=Kind.MKR)
    with pytest.raises(UnknownFirmwareError, match="another default server"):
        Firmware(template_id="TMPLx", template_name="N", library=Library.V1_0_1, default_host="landfall.example")


async def test_a_hotspot_that_does_not_open_serves_nobody() -> None:
    async with setup_board(fault=Fault.NO_HOTSPOT, library=Library.V1_0_1) as board:
        await board.until_told("AP IP:   0.0.0.0")
        assert not board.board.is_open
