"""The device menu by thumb and by keyboard, against a virtual device on the real gateway."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visitor

pytestmark = pytest.mark.xdist_group("browser")


def virtual_device(window: Visitor) -> Page:
    page = window.sign_in()
    page.goto(window.running.address + "/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.get_by_role("button", name="Start a virtual device").click()
    page.get_by_role("link", name=re.compile("^Keep")).click()
    page.wait_for_url(re.compile(r"/devices/\d+/$"))
    expect(page.locator("#device-state")).to_contain_text("Online")
    return page


@pytest.mark.parametrize("dark", [False, True])
def test_menu_on_a_phone(visitor: Open, dark: bool) -> None:
    window = visitor(phone=True, dark=dark)
    page = virtual_device(window)
    page.get_by_role("link", name="Device menu").click()
    dialog = page.get_by_role("dialog")
    for name in ("Enter setup mode", "Erase all device data", "Delete device", "Cancel"):
        expect(dialog.get_by_role("link", name=name)).to_be_in_viewport()
    window.shoot(f"device-menu-dialog-360-{'dark' if dark else 'light'}", whole=False)
    assert window.violations() == []
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()


def test_reboot_by_keyboard_and_its_evidence(visitor: Open) -> None:
    window = visitor()
    page = virtual_device(window)
    opener = page.get_by_role("link", name="Device menu")
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Reboot").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#device-order")).to_contain_text("connected anew")
    expect(page.locator(".timeline")).to_contain_text("asked the board to reboot")
    window.shoot("device-rebooted-1440-light")
    assert window.violations() == []


def test_reconfigure_leads_back_into_provisioning(visitor: Open) -> None:
    window = visitor(phone=True)
    page = virtual_device(window)
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Device menu").click()
    page.get_by_role("dialog").get_by_role("button", name="Reconfigure").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Reconfigure {name}")
    expect(page.get_by_label("Auth token", exact=True)).to_have_value(re.compile(r"^lfd_\w{28}$"))
    window.shoot("session-reconfigure-360-light")
    page.get_by_role("button", name="Start a virtual device").click()
    expect(page.locator("#progress")).to_contain_text("Activated")
    page.get_by_role("link", name=f"Open {name}").click()
    expect(page.locator(".timeline")).to_contain_text("Reconfigured by")


def test_name_prompt_survives_reload_and_back(visitor: Open) -> None:
    window = visitor(phone=True)
    page = window.sign_in()
    page.goto(window.running.address + "/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.get_by_role("button", name="Start a virtual device").click()
    field = page.get_by_label("Name the device")
    expect(field).to_be_visible()
    page.reload()
    expect(field).to_be_visible()
    page.get_by_role("link", name=re.compile("^Keep")).click()
    page.wait_for_url(re.compile(r"/devices/\d+/$"))
    page.go_back()
    expect(field).to_be_visible()
    field.fill("Asked twice")
    page.get_by_role("button", name="Name device").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asked twice")
