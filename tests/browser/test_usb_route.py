"""The USB route against a virtual board's real pseudo-terminal."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from devices.virtual.endings import Fault
from devices.virtual.firmware import Kind, Library
from devices.virtual.networks import HOME
from tests.browser.conftest import Open
from tests.browser.usb import at_the_board
from tests.devices.virtual.setup import HURRIED
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")
LOOKS = [(phone, dark) for phone in (True, False) for dark in (False, True)]


def test_board_is_identified_scanned_connected_and_activated(visitor: Open, running: Landfall) -> None:
    window = visitor()
    with at_the_board(window, running) as usb:
        page = usb.page
        usb.identify()
        page.get_by_role("button", name="Scan through the board").click()
        page.get_by_role("button", name=re.compile(f"^{re.escape(HOME.ssid)} ·")).click()
        page.get_by_label("Password", exact=True).fill(HOME.password)
        usb.connect()
        usb.says("trying to connect...")
        expect(page.locator("[data-usb=state]")).to_have_text("running")
        expect(page.locator("[data-led-state=RUNNING]")).to_be_visible()
        usb.is_activated()
        usb.says("Connecting to")
        usb.has_told_no_secret()
        window.shoot("usb-activated-1440-light")


def test_firmware_of_another_template_is_found_at_once(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, template_id="TMPLother0000") as usb:
        usb.choose_port()
        usb.notice("identity").to_contain_text("firmware made for TMPLother0000")


def test_board_that_calls_another_server_is_found(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, default_server=("blynk.cloud.invalid", 443)) as usb:
        usb.identify()
        usb.fill()
        usb.connect()
        usb.notice("server").to_contain_text("The board connects to blynk.cloud.invalid:443")


def test_older_library_is_read_as_a_serial_monitor(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, library=Library.V1_0_1) as usb:
        usb.page.clock.install()
        usb.page.get_by_role("button", name="Choose the port").click()
        usb.page.clock.run_for(10_000)
        usb.notice("identity").to_contain_text("The board does not answer on its console")


def test_console_that_does_not_scan_is_said_so(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, kind=Kind.WIO) as usb:
        usb.identify()
        usb.page.get_by_role("button", name="Scan through the board").click()
        usb.notice("scanned").to_contain_text("This board's console does not scan. Type the network's name.")


def test_error_of_the_line_does_not_end_the_connection(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running) as usb:
        usb.identify()
        usb.cable.garble()
        usb.page.get_by_role("button", name="Scan through the board").click()
        usb.notice("scanned").to_contain_text("The board sees 3 networks.")
        usb.notice("port").to_contain_text("Connected to the board")


def test_browser_without_web_serial_says_which_have_it(visitor: Open) -> None:
    window = visitor(phone=True)
    page = window.sign_in()
    window.context.add_init_script("delete Navigator.prototype.serial")
    window.visit("/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.get_by_role("button", name="Set up by USB").click()
    expect(page.locator("#main").get_by_text("Chrome, Edge and Opera on a computer can")).to_be_visible()
    expect(page.get_by_role("heading", name="Which WiFi shall it join?")).to_be_hidden()
    expect(page.get_by_role("heading", name="The board")).to_be_hidden()
    page.get_by_role("link", name="Back to the session's page").click()
    expect(page.get_by_role("heading", name="What does the board say?")).to_be_visible()


@pytest.mark.parametrize(("is_phone", "dark"), LOOKS)
def test_page_looks_right(visitor: Open, running: Landfall, is_phone: bool, dark: bool) -> None:
    """With what a board found around it, and then with a fault."""
    window = visitor(phone=is_phone, dark=dark)
    look = f"{'360' if is_phone else '1440'}-{'dark' if dark else 'light'}"
    retrying = replace(HURRIED, network=0.5)
    with at_the_board(window, running, fault=Fault.WRONG_PASSWORD, times=retrying) as usb:
        usb.identify()
        usb.page.get_by_role("button", name="Scan through the board").click()
        usb.notice("scanned").to_contain_text("The board sees")
        window.shoot(f"usb-{look}")
        assert window.violations() == []
        assert not window.overflows()
        usb.fill()
        usb.connect()
        usb.shows_finding("The board is not let into its WiFi network", "Connecting to WiFi: Home")
        window.shoot(f"usb-fault-{look}")
        assert window.violations() == []
        assert not window.overflows()
