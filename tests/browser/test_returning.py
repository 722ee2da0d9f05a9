"""A board that was wiped and provisioned again: its session's page offers the device that it was, which goes on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from devices.virtual.networks import HOME
from tests.browser.conftest import DESK, PHONE, Open, Visitor
from tests.devices.virtual.setup import running_setup_board
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")
MAC = bytes.fromhex("246f28a9a1a0")
"""Of no other board in these tests."""
NAME = "Bed by the wall, planted twice and watered by hand"


@contextmanager
def provisioned(window: Visitor, running: Landfall) -> Iterator[Page]:
    """The page of a fresh session that a board with this MAC, new or wiped, was set up in; online until the end."""
    page = window.visit("/sessions/new/")
    template_id = page.get_by_label("Template", exact=True).input_value()
    page.get_by_role("button", name="Issue token").click()
    page.wait_for_url(re.compile(r"/sessions/\d+/$"))
    token = page.get_by_label("Auth token", exact=True)
    expect(token).to_have_value(re.compile(r"^lfd_\w{28}$"))
    told = {"ssid": HOME.ssid, "pass": HOME.password, "blynk": token.input_value(), "host": "127.0.0.1"}
    told |= {"port": "80", "port_ssl": str(running.gateway_port)}
    with running_setup_board(template_id=template_id, mac=MAC) as board:
        assert page.request.get(f"{board.url}/config?{urlencode(told)}").ok
        expect(page.get_by_label("Name the device")).to_be_visible()
        yield page


def look_at(window: Visitor, name: str) -> None:
    """The page as it is, loaded anew in each size and theme."""
    for size, width in ((PHONE, 360), (DESK, 1440)):
        window.page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            window.page.emulate_media(color_scheme=scheme)
            window.page.reload()
            window.shoot(f"{name}-{width}-{scheme}")
            assert window.violations() == []
            assert not window.overflows()


def test_wiped_board_goes_on_as_the_device_that_it_was(visitor: Open, running: Landfall) -> None:
    window = visitor()
    window.sign_in()
    with provisioned(window, running) as page:
        page.get_by_label("Name the device").fill(NAME)
        page.get_by_role("button", name="Name device").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
        expect(page.locator("#live")).to_contain_text("Hotspot name")
    device_url = page.url
    expect(page.locator("#live")).to_contain_text("Went offline")
    with provisioned(window, running) as page:
        notice = page.locator("#session-again")
        expect(notice).to_contain_text("It has the same hotspot name")
        look_at(window, "session-returned")
        page.set_viewport_size(PHONE)
        button = notice.get_by_role("link", name=f"This is {NAME} again")
        edges = "(button) => [button, button.closest('.notice')].map((box) => box.getBoundingClientRect().right)"
        inner, outer = button.evaluate(edges)
        assert inner < outer
        button.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"This is {NAME} again")
        look_at(window, "session-again")
        page.get_by_label(re.compile("to confirm")).fill(NAME)
        page.get_by_role("button", name="Continue it").click()
        expect(page.get_by_text(f"{NAME} is back with its new token")).to_be_visible()
        assert page.url == device_url
        expect(page.locator("#device-state")).to_contain_text("Online")
        expect(page.locator(".timeline")).to_contain_text("Back after its board was wiped")
        expect(page.locator(".timeline")).to_contain_text("Went offline")
    expect(page.locator("#live")).to_contain_text("Offline")
