"""What a board in setup mode answers, to the byte of the body (Blynk library 1.0.1 to 1.4.0, ConfigMode.h). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from devices.virtual import applying, http_request, networks
from devices.virtual.blob import Config
from devices.virtual.config_form import UPDATE_FORM, config_form
from devices.virtual.firmware import FIRMWARE_VERSION, Firmware, Kind
from devices.virtual.http_request import Request
from devices.virtual.networks import Network

JSON, HTML, TEXT = "application/json", "text/html", "text/plain"
INFO_BYTES: Final = 511
"""The board writes its info into 512 bytes, the closing NUL included."""


class Effect(StrEnum):
    """What follows once the answer is out."""

    CONNECT = "connect"
    RESET = "reset"
    REBOOT = "reboot"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the serial log; `masked` is the same without secrets."""

    text: str = field(repr=False)
    masked: str = ""

    @property
    def shown(self) -> str:
        return self.masked or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`pieces` is a body in chunks. A reboot gives no answer at all: `status` is None."""

    status: HTTPStatus | None = HTTPStatus.OK
    content_type: str = TEXT
    body: bytes = b""
    pieces: tuple[bytes, ...] = ()
    lines: tuple[Line, ...] = ()
    effect: Effect | None = None
    config: Config | None = None
    is_configuring: bool = False
    is_slow: bool = False


REBOOT: Final = Answer(status=None, effect=Effect.REBOOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the answers depend on."""

    firmware: Firmware
    mac: bytes
    config: Config
    networks: Sequence[Network]


def answer(request: Request, body: bytes, setup: Setup) -> Answer:
    """What the board says to `request` and does then. Every method is the same to it, but at `/update`."""
    match request.path:
        case "/config":
            return _config(http_request.arguments_of(request, body), setup)
        case "/board_info.json":
            return _board_info(setup)
        case "/wifi_scan.json":
            return _scan(setup)
        case "/reset":
            return _told(b'{"status":"ok","msg":"Configuration reset"}', effect=Effect.RESET)
        case "/reboot":
            return REBOOT
        case "/update" if setup.firmware.has_update and request.method in {"GET", "POST"}:
            if request.method == "GET":
                return Answer(content_type=HTML, body=UPDATE_FORM)
            return _update(is_good=http_request.is_firmware(request, body))
        case "/" if setup.firmware.has_form:
            return Answer(content_type=HTML, body=config_form())
    return Answer(status=HTTPStatus.NOT_FOUND, content_type=HTML, body=f"Not found: {request.path}".encode("latin-1"))


def _update(*, is_good: bool) -> Answer:
    if is_good:
        return Answer(body=b"OK", lines=(Line("Update Success. Rebooting"),), effect=Effect.REBOOT)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Answer(status=status, body=b"FAIL", lines=(Line("Wrong Magic Byte"),), effect=Effect.REBOOT)


def refused_update() -> Answer:
    """A firmware that is too big, or did not come whole."""
    return _update(is_good=False)


def _config(arguments: dict[str, bytes], setup: Setup) -> Answer:
    lines = (Line("Applying configuration..."), *_told_secrets(arguments))
    config = applying.apply(arguments, onto=setup.config, firmware=setup.firmware)
    if config is None:
        return Answer(
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            content_type=JSON,
            body=b'{"status":"error","msg":"Configuration invalid"}',
            lines=(*lines, Line("Configuration invalid")),
        )
    told = b"Configuration saved" if config.is_valid else b"Trying to connect..."
    said = b'{"status":"ok","msg":"' + told + b'"}'
    return Answer(content_type=JSON, body=said, lines=lines, effect=Effect.CONNECT, config=config)


def _told_secrets(arguments: dict[str, bytes]) -> tuple[Line, Line]:
    """The two lines in which a board prints password and token in clear."""
    texts = {name: value.decode(errors="replace") for name, value in arguments.items()}
    ssid = texts.get("ssidManual") or texts.get("ssid", "")
    password, token = texts.get("pass", ""), texts.get("blynk", "")
    cloud = f" @ {texts.get('host', '')}:{texts.get('port_ssl', '')}"
    return (
        Line(f"WiFi SSID: {ssid} Pass: {password}", f"WiFi SSID: {ssid} Pass: {'****' if password else ''}"),
        Line(f"Blynk cloud: {token}{cloud}", f"Blynk cloud: {token[:4]}****{cloud}"),
    )


def _board_info(setup: Setup) -> Answer:
    firmware = setup.firmware
    texts = {
        "board": firmware.template_name,
        "tmpl_id": firmware.template_id,
        "fw_type": firmware.template_id,
        "fw_ver": FIRMWARE_VERSION,
        # A name cut inside a character goes out as it is, no UTF-8.
        "ssid": firmware.hotspot(setup.mac).ssid.decode(errors="surrogateescape"),
        "bssid": firmware.hotspot_mac(setup.mac),
    }
    if not firmware.is_oldest:
        texts["mac"] = firmware.station_mac(setup.mac)
    written = ",".join(f'"{name}":"{value}"' for name, value in texts.items())
    written += f',"last_error":{setup.config.last_error},"wifi_scan":true,"static_ip":true'
    if firmware.kind is Kind.WIO and not firmware.is_oldest:
        written += ',"5ghz":true'
    body = ("{" + written + "}").encode(errors="surrogateescape")[:INFO_BYTES]
    # Since 1.1.0 the request itself says that somebody configures; before, a phone that joins the hotspot did.
    lines = (Line("Sending board info..."),)
    return Answer(content_type=JSON, body=body, lines=lines, is_configuring=not firmware.is_oldest)


def _scan(setup: Setup) -> Answer:
    firmware = setup.firmware
    items = networks.scan_items(setup.networks, firmware)
    if firmware.kind in {Kind.WIO, Kind.MKR}:
        # They looked before their hotspot opened, and give what they kept.
        told = (Line("Sending networks..."),) if firmware.kind is Kind.MKR else ()
        return Answer(content_type=JSON, body=_joined(items), lines=told)
    lines = (Line("Scanning networks..."), Line(f"Found networks: {len(setup.networks)}"))
    if firmware.kind is Kind.ESP8266 and items:
        pieces = [b"[\n"]
        for position, item in enumerate(items):
            pieces += [item.encode(), b",\n" if position < len(items) - 1 else b"\n]"]
        return Answer(content_type=JSON, pieces=tuple(pieces), lines=lines, is_slow=True)
    return Answer(content_type=JSON, body=_joined(items), lines=lines, is_slow=True)


def _joined(items: Sequence[str]) -> bytes:
    return ("[\n" + ",\n".join(items) + "\n]").encode() if items else b"[]"


def _told(body: bytes, *, effect: Effect) -> Answer:
    return Answer(content_type=JSON, body=body, effect=effect)
