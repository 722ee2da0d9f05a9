"""What the USB page says of each fault that a board may have: in its own words, as a finding, and without a secret."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from devices.virtual.endings import Fault
from devices.virtual.firmware import DEFAULT_HOST, DEFAULT_PORT, Kind
from devices.virtual.networks import HOME
from tests.browser.conftest import Open
from tests.browser.usb import at_the_board
from tests.devices.virtual.setup import HURRIED
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")
RETRYING = replace(HURRIED, reconnect=0.5, network=0.5, error=0.5)
"""A board that fails does so again and again, and slowly enough for its log to hold more than that."""
MISTYPED = "landfall-hmoe"


@pytest.mark.parametrize(
    ("fault", "said", "title", "quote"),
    [
        (
            Fault.WRONG_PASSWORD,
            "The network does not let the board in",
            "The board is not let into its WiFi network, and tries again.",
            "Connecting to WiFi: Home",
        ),
        (
            Fault.NO_DNS,
            "does not get through to its server",
            "The board is in its WiFi network and cannot connect to the server.",
            "Connection failed",
        ),
        (
            Fault.TLS_REFUSED,
            "does not get through to its server",
            "The board and the server did not agree on an encrypted connection.",
            "Secure connection failed",
        ),
        (
            Fault.OTHER_SERVER,
            "A server refused the board's token.",
            "The board calls blynk.cloud, not this server.",
            f"Connecting to {DEFAULT_HOST}:{DEFAULT_PORT}",
        ),
    ],
)
def test_board_that_fails_is_explained(
    visitor: Open, running: Landfall, fault: Fault, said: str, title: str, quote: str
) -> None:
    options: dict[str, Any] = {"fault": fault, "times": RETRYING}
    if fault is Fault.OTHER_SERVER:
        options["default_server"] = (DEFAULT_HOST, DEFAULT_PORT)
    with at_the_board(visitor(), running, **options) as usb:
        usb.identify()
        usb.fill()
        usb.connect()
        usb.notice("sent").to_contain_text(said)
        usb.shows_finding(title, quote)
        assert usb.told
        usb.has_told_no_secret()


def test_mistyped_password_is_put_right_while_the_board_tries(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, times=RETRYING) as usb:
        usb.identify()
        usb.fill(password=MISTYPED)
        usb.connect()
        usb.shows_finding("The board is not let into its WiFi network", "Connecting to WiFi: Home")
        usb.fill()
        usb.connect()
        usb.is_activated()
        usb.has_told_no_secret(HOME.password, MISTYPED)


def test_firmware_that_tells_another_template_ends_the_session(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, fault=Fault.WRONG_TEMPLATE) as usb:
        usb.identify()
        usb.fill()
        usb.connect()
        usb.shows_finding("The board runs firmware made for another template.", "The board reported: ")
        expect(usb.page.locator("[data-route-open]")).to_be_hidden()
        expect(usb.page.get_by_role("link", name="Open another session")).to_be_visible()
        usb.has_told_no_secret()


def test_board_that_dies_after_its_login_is_activated_all_the_same(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, fault=Fault.DIES_AFTER_LOGIN) as usb:
        usb.identify()
        usb.fill()
        usb.connect()
        usb.says("Ready (ping:")
        usb.is_activated()


@pytest.mark.parametrize("fault", [Fault.DARK_LED, Fault.NO_HOTSPOT])
def test_usb_needs_neither_the_led_nor_the_hotspot(visitor: Open, running: Landfall, fault: Fault) -> None:
    with at_the_board(visitor(), running, fault=fault) as usb:
        usb.identify()
        pins = usb.page.get_by_role("link", name="all patterns and pins of this board")
        expect(pins).to_be_visible()
        usb.fill()
        usb.connect()
        usb.is_activated()


def test_hotspot_that_does_not_open_is_explained(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, kind=Kind.ESP8266, fault=Fault.NO_HOTSPOT, times=RETRYING) as usb:
        usb.choose_port()
        usb.notice("sent").to_contain_text("The board gave up, and starts anew.")
        usb.shows_finding("The board met an internal error", "last_error: 704")
