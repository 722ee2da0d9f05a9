"""The USB page when something comes between: the cable, the connection, the session's end, a reload, another window."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from devices.virtual.endings import Fault
from devices.virtual.networks import HOME
from tests.browser.conftest import Open
from tests.browser.usb import UsbPage, at_the_board
from tests.devices.virtual.setup import HURRIED
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")
CAUSE = ("The board is in its WiFi network and cannot connect to the server.", "Connection failed")
ANEW = "This page was loaded anew, which closes the port: choose it again."


@contextmanager
def no_internet(usb: UsbPage) -> Iterator[None]:
    """Landfall is out of reach, as the page says, until the end of the block; that requests fail is no error of it."""
    usb.window.context.set_offline(True)
    usb.notice("net").to_contain_text("No connection to Landfall.")
    yield
    usb.window.context.set_offline(False)
    usb.notice("net").to_contain_text("Connected to Landfall again.")
    lost = re.compile("net::ERR_|htmx:")
    usb.window.errors[:] = [error for error in usb.window.errors if not lost.search(error)]


def test_cable_that_is_pulled_out_is_told_and_the_port_is_chosen_again(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running) as usb:
        usb.identify()
        usb.fill()
        usb.cable.pull_out()
        usb.notice("port").to_contain_text("The board is unplugged, or its port is closed.")
        for name in ("Connect the board", "Reboot it", "Scan through the board"):
            expect(usb.page.get_by_role("button", name=name)).to_be_hidden()
        usb.says('"tmpl_id"')
        usb.choose_port()
        usb.connect()
        usb.is_activated()


def test_board_that_was_told_needs_the_cable_no_more(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, times=replace(HURRIED, join=0.5)) as usb:
        usb.identify()
        usb.fill()
        usb.connect()
        usb.says("trying to connect...")
        usb.cable.pull_out()
        usb.notice("port").to_contain_text("The board is unplugged, or its port is closed.")
        usb.is_activated()


def test_reload_keeps_what_was_typed_and_said_and_asks_for_the_port(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running) as usb:
        usb.identify()
        usb.fill()
        usb.page.reload()
        usb.notice("port").to_contain_text(ANEW)
        usb.says('"tmpl_id"')
        expect(usb.page.get_by_label("WiFi network")).to_have_value(HOME.ssid)
        expect(usb.page.get_by_role("button", name="Connect the board")).to_be_hidden()
        usb.identify()
        usb.connect()
        usb.is_activated()
        usb.has_told_no_secret()


def test_finding_outlives_a_reload(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, fault=Fault.NO_DNS, times=replace(HURRIED, reconnect=0.5)) as usb:
        usb.identify()
        usb.fill()
        usb.connect()
        usb.shows_finding(*CAUSE)
        usb.page.reload()
        with usb.page.expect_response("**/evidence/") as told:
            usb.choose_port()
        assert told.value.ok
        usb.shows_finding(*CAUSE)


def test_back_from_another_page_keeps_it_too(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running) as usb:
        usb.identify()
        usb.fill()
        usb.page.get_by_role("link", name=re.compile(r"^\d+$")).click()
        usb.page.wait_for_url(re.compile(r"/sessions/\d+/$"))
        usb.page.go_back()
        usb.notice("port").to_contain_text(ANEW)
        expect(usb.page.get_by_label("WiFi network")).to_have_value(HOME.ssid)
        usb.identify()
        usb.connect()
        usb.is_activated()


def test_finding_comes_after_a_loss_of_internet(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, fault=Fault.NO_DNS, times=replace(HURRIED, reconnect=0.5)) as usb:
        usb.identify()
        usb.fill()
        with no_internet(usb):
            usb.connect()
            usb.says("Connection failed")
            expect(usb.page.locator("#progress").get_by_text(CAUSE[0])).to_have_count(0)
        usb.shows_finding(*CAUSE)
        usb.has_told_no_secret()


@pytest.mark.parametrize("status", [429, 503])
def test_finding_comes_after_a_server_that_could_not_take_the_log(
    visitor: Open, running: Landfall, status: int
) -> None:
    with at_the_board(visitor(), running, fault=Fault.NO_DNS, times=replace(HURRIED, reconnect=0.5)) as usb:
        usb.page.route("**/evidence/", lambda route: route.fulfill(status=status))
        usb.identify()
        usb.fill()
        usb.connect()
        usb.says("Connection failed")
        usb.cable.pull_out()
        with usb.page.expect_response(lambda answer: answer.status == status):
            pass
        usb.page.unroute("**/evidence/")
        usb.shows_finding(*CAUSE)
        usb.window.errors[:] = [error for error in usb.window.errors if f"status of {status}" not in error]


def test_result_comes_after_a_loss_of_internet(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running) as usb:
        usb.identify()
        usb.fill()
        with no_internet(usb):
            usb.connect()
            expect(usb.page.locator("[data-usb=state]")).to_have_text("running")
        usb.is_activated()


def test_two_windows_on_one_session_make_one_device(visitor: Open, running: Landfall) -> None:
    other = visitor()
    other.sign_in()
    with at_the_board(visitor(), running) as usb:
        other.visit(usb.page.url.removeprefix(running.address))
        expect(other.page.get_by_text("This tab does not have the token")).to_be_visible()
        usb.identify()
        usb.fill()
        usb.connect()
        usb.is_activated()
        expect(other.page.locator("#progress")).to_contain_text("Name the device")
        expect(other.page.locator("[data-route-open]")).to_be_hidden()
        other.page.reload()
        expect(other.page.locator("#progress")).to_contain_text("Name the device")


def test_session_cancelled_elsewhere_ends_the_page(visitor: Open, running: Landfall) -> None:
    desk = visitor()
    desk.sign_in()
    with at_the_board(visitor(), running) as usb:
        usb.identify()
        usb.fill()
        desk.visit(usb.page.url.removeprefix(running.address).removesuffix("usb/"))
        desk.page.get_by_role("button", name="Cancel session").click()
        expect(usb.page.locator("#progress")).to_contain_text("Cancelled")
        expect(usb.page.locator("[data-route-open]")).to_be_hidden()
        usb.notice("port").to_contain_text("Connected to the board")
        usb.window.has_forgotten("wifi|usb|token")


def test_session_that_expires_while_its_page_is_open_ends_there(visitor: Open, running: Landfall) -> None:
    with at_the_board(visitor(), running, fault=Fault.WRONG_PASSWORD, times=replace(HURRIED, network=0.5)) as usb:
        usb.identify()
        usb.fill()
        usb.connect()
        usb.shows_finding("The board is not let into its WiFi network", "Connecting to WiFi: Home")
        running.expire(usb.page.url)
        expect(usb.page.locator("#progress")).to_contain_text("The deadline passed before a device became active.")
        usb.shows_finding("The board is not let into its WiFi network", "Connecting to WiFi: Home")
        expect(usb.page.locator("[data-route-open]")).to_be_hidden()
        expect(usb.page.get_by_role("link", name="Open another session").first).to_be_visible()
        usb.window.has_forgotten("wifi|usb|token")
        usb.has_told_no_secret()
