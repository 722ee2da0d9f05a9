"""Causes that virtual boards bring about: set up as a phone does it, over real TLS, and what they print is pasted."""

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from ssl import SSLContext
from typing import Any

from django.conf import settings
from django.test import override_settings

from devices.virtual import trust
from devices.virtual.endings import Fault
from devices.virtual.firmware import Kind, Library
from devices.virtual.networks import HOME
from templates_app.actions import templates as template_actions
from tests.devices.diagnosis.scenarios import LONG_HOST, brings
from tests.devices.diagnosis.stage import Stage
from tests.devices.gateway.certificates import Authority, authority
from tests.devices.virtual.serial_port import Monitor
from tests.devices.virtual.setup import HURRIED, ThreadedBoard, running_setup_board
from tests.templates_app.server_check.servers import make_authority, make_certificate

MANY_NAMES = [f"greenhouse-number-{number}.gateways.example.com" for number in range(100)]
"""With them a certificate has more bytes than an ESP8266 has room for."""


@contextlib.contextmanager
def flashed(stage: Stage, **options: Any) -> Iterator[tuple[ThreadedBoard, Monitor]]:
    """An open session, a board with its template's firmware, and a serial monitor."""
    stage.open()
    made = {"name": stage.template.name, "template_id": stage.template.template_id, "terminal": True}
    with running_setup_board(**(made | options)) as board, Monitor(board.serial) as monitor:
        yield board, monitor


def prints(stage: Stage, text: str, *, sent: dict[str, object] | None = None, **options: Any) -> None:
    """A board is set up with `sent` in place of what is right, and what it printed up to `text` is pasted."""
    with flashed(stage, **options) as (board, monitor):
        right = {"ssid": HOME.ssid, "pass": HOME.password, "blynk": stage.token, "host": "127.0.0.1", "port_ssl": 9}
        board.configure(right | (sent or {}))
        stage.tell("serial", monitor.until(text))


def shakes_hands(stage: Stage, text: str, *, tls: SSLContext, host: str = "localhost", **options: Any) -> None:
    """The same with a board that speaks TLS to the gateway, an ESP8266 unless told otherwise."""
    port = stage.running.tls_port
    with override_settings(GATEWAY_PUBLIC_HOST=host, GATEWAY_PUBLIC_PORT=port):
        sent = {"host": host, "port_ssl": port}
        prints(stage, text, sent=sent, **({"kind": Kind.ESP8266, "tls": tls} | options))


def folder_of(stage: Stage, name: str) -> Path:
    folder = stage.authority.root.parent / name
    folder.mkdir(exist_ok=True)
    return folder


def expired(stage: Stage) -> Authority:
    """A certificate that ended yesterday."""
    folder = folder_of(stage, "expired")
    root = make_authority(folder, "root")
    leaf = make_certificate(folder, "leaf", root, dns="localhost", days=-1)
    return Authority(root.chain, root.chain, leaf.chain, leaf.key)


@brings("clock_awaited")
def esp8266_that_no_time_server_answers(stage: Stage) -> None:
    prints(stage, "CONNECTING_NET => CONNECTING_CLOUD\r\n", kind=Kind.ESP8266, fault=Fault.NO_CLOCK)


@brings("clock_not_set")
def esp8266_whose_clock_is_not_between_the_certificates_dates(stage: Stage) -> None:
    stage.authority = expired(stage)
    shakes_hands(stage, "SSL error: 54", tls=trust.of_file(stage.authority.root))


@brings("tls_out_of_date")
def board_that_tells_the_gateway_of_an_expired_certificate(stage: Stage) -> None:
    stage.authority = expired(stage)
    stage.open()
    context = ssl.create_default_context(cafile=str(stage.authority.root))
    stage.shake_hands(stage.running.tls_port, context, "localhost")


@brings("mfln")
def esp8266_that_gets_a_record_above_its_buffer(stage: Stage) -> None:
    stage.authority = authority(folder_of(stage, "large"), others=MANY_NAMES)
    shakes_hands(stage, "SSL error: 6\r\n", tls=trust.of_file(stage.authority.root), fault=Fault.NO_MFLN)


@brings("log_other_name")
def esp8266_that_calls_by_the_address(stage: Stage) -> None:
    shakes_hands(stage, "SSL error: 56", tls=trust.of_file(stage.authority.root), host="127.0.0.1")


@brings("log_not_trusted")
def esp8266_without_our_root(stage: Stage) -> None:
    shakes_hands(stage, "SSL error: 62", tls=trust.of_file(stage.authority.stranger))


@brings("log_tls_failed")
def esp32_without_our_root(stage: Stage) -> None:
    tls = trust.of_file(stage.authority.stranger)
    shakes_hands(stage, "Secure connection failed", tls=tls, kind=Kind.ESP32)


@brings("calls_blynk_cloud", "refused_elsewhere")
def board_that_forgets_the_server_it_is_told(stage: Stage) -> None:
    prints(stage, "Invalid auth token", fault=Fault.OTHER_SERVER)


@brings("calls_other_port")
def board_that_was_told_another_port(stage: Stage) -> None:
    prints(stage, "Connection failed", sent={"host": settings.GATEWAY_PUBLIC_HOST, "port_ssl": 9})


@brings("calls_other_server")
def board_that_was_told_another_name(stage: Stage) -> None:
    prints(stage, "Connection failed", sent={"host": "landfall.invalid"}, fault=Fault.NO_DNS)


@brings("host_cut")
def board_that_was_told_a_name_longer_than_it_keeps(stage: Stage) -> None:
    prints(stage, "Connection failed", sent={"host": LONG_HOST}, fault=Fault.NO_DNS)


@brings("connection_failed")
def board_whose_network_knows_no_server(stage: Stage) -> None:
    prints(stage, "Connection failed", fault=Fault.NO_DNS)


@brings("network_not_joined")
def board_that_no_network_lets_in_and_that_was_set_up_by_usb(stage: Stage) -> None:
    with flashed(stage, fault=Fault.WRONG_PASSWORD, times=replace(HURRIED, network=0.05)) as (_, monitor):
        monitor.type(f"connect {stage.token} {HOME.ssid} wrong-password")
        stage.tell("serial", monitor.until(f"Connecting to WiFi: {HOME.ssid}", times=3))


@brings("settings_refused")
def board_that_was_sent_half_a_token(stage: Stage) -> None:
    prints(stage, "Configuration invalid", sent={"blynk": stage.token[:16]})


@brings("password_cut")
def board_that_was_sent_a_password_of_64_characters(stage: Stage) -> None:
    prints(stage, "Blynk cloud:", sent={"pass": "0123456789abcdef" * 4})


@brings("ssid_cut")
def board_that_was_sent_a_name_of_33_bytes(stage: Stage) -> None:
    prints(stage, "Blynk cloud:", sent={"ssid": "Greenhouse " * 3})


@brings("old_core", "bad_module")
def esp8266_whose_hotspot_does_not_open(stage: Stage) -> None:
    with flashed(stage, kind=Kind.ESP8266, library=Library.V1_0_1, fault=Fault.NO_HOTSPOT) as (_, monitor):
        stage.tell("serial", monitor.until("AP IP:   0.0.0.0"))


# What it says of itself


def describes_itself(stage: Stage, **options: Any) -> None:
    """A board's board_info.json, as it stands, is pasted."""
    with flashed(stage, **options) as (board, _):
        stage.tell("board_info", board.get("/board_info.json"))


@brings("template_of_other")
def board_of_another_template(stage: Stage) -> None:
    other = template_actions.create(
        team=stage.cast.team, name="Pump", board="esp32", description="", by=stage.cast.alice
    )
    describes_itself(stage, template_id=other.template_id)


@brings("id_not_exact")
def board_whose_id_differs_in_its_letters(stage: Stage) -> None:
    describes_itself(stage, template_id=stage.template.template_id.swapcase().replace("tmpl", "TMPL"))


@brings("other_account")
def board_whose_id_nobody_here_has(stage: Stage) -> None:
    describes_itself(stage, template_id="TMPLzzzzzzzzz")


@brings("name_not_exact")
def board_whose_name_has_a_blank_too_many(stage: Stage) -> None:
    describes_itself(stage, name="Soil  Sensor")


@brings("board_info_unreadable")
def board_with_a_quote_in_its_name(stage: Stage) -> None:
    describes_itself(stage, name='My "Sensor"')
