"""Somebody without a board configures a virtual one on its own setup page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.xdist_group("browser")
LOOKS = [(phone, dark) for phone in (True, False) for dark in (False, True)]


@pytest.mark.parametrize(("phone", "dark"), LOOKS)
def test_a_virtual_device_is_configured_on_its_setup_page(visitor: Open, phone: bool, dark: bool) -> None:
    window = visitor(phone=phone, dark=dark)
    page = window.sign_in()
    page.goto(window.running.address + "/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    held = page.locator("form[action$='/virtual/'] input[name=token]").first
    expect(held).to_have_value(re.compile("^lfd_"))
    token = held.input_value()
    page.get_by_text("With its setup page, another board or library, or a fault").click()
    look = f"{'360' if phone else '1440'}-{'dark' if dark else 'light'}"
    window.shoot(f"virtual-choice-{look}")
    assert window.violations() == []
    page.get_by_role("button", name="Start this device").click()
    link = page.locator("#progress a[href^='http://127.0.0.1:']")
    expect(link).to_be_visible()
    window.shoot(f"virtual-setup-{look}")
    assert window.violations() == []
    assert not window.overflows()
    with window.context.expect_page() as opened:
        link.click()
    board = opened.value
    # A board's labels belong to no field, so people and this test go by what stands beside them.
    fields = {"ssid": "Home", "pass": "landfall-home", "blynk": token, "host": "127.0.0.1"}
    for name, value in (fields | {"port_ssl": str(window.running.gateway_port)}).items():
        board.locator(f"input[name={name}]").fill(value)
    board.get_by_role("button", name="Apply").click()
    expect(board.get_by_text("Trying to connect...")).to_be_visible()
    board.close()
    expect(page.locator("#progress")).to_contain_text("Name the device")


def test_another_board_with_its_led_on_another_pin_is_chosen_and_shown(visitor: Open) -> None:
    window = visitor(phone=True)
    page = window.sign_in()
    page.goto(window.running.address + "/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.get_by_text("With its setup page, another board or library, or a fault").click()
    page.get_by_label("The board it plays").select_option("esp8266")
    page.get_by_label("Its Blynk library").select_option("1.2.0")
    page.get_by_label("What is wrong with it").select_option("dark-led")
    page.get_by_role("button", name="Start this device").click()
    expect(page.locator("#progress")).to_contain_text("ESP8266, Blynk library 1.2.0")
    expect(page.locator("#progress .led-state")).to_have_text("Stays dark")
    expect(page.locator("#progress .led-dark")).to_be_visible()
    window.shoot("virtual-dark-360-light")
    assert window.violations() == []
    assert not window.overflows()
