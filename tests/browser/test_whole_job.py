"""The whole main job in a real browser: from sign-in to a named device online, on the real processes."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from console.supervisor.options import ROOT
from tests.browser.conftest import Open, Visitor
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")

CLIENT = """
import sys, BlynkLib
blynk = BlynkLib.Blynk(sys.argv[1], server="127.0.0.1", port=int(sys.argv[2]), log=lambda *words: None)
blynk.virtual_write(4, "21.5")
while True:
    blynk.run()
"""


def make_template(page: Page, name: str) -> str:
    """Make a template through its form; returns its id."""
    page.get_by_role("link", name="Templates").first.click()
    page.get_by_role("link", name="New template").first.click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name=re.compile("template", re.IGNORECASE)).first.click()
    page.wait_for_url(re.compile(r"/templates/TMPL[^/]+/"))
    found = re.search(r"TMPL[\w-]{9}", page.url)
    assert found
    return found[0]


def issue_token(page: Page) -> str:
    page.get_by_role("link", name="Add device").first.click()
    page.get_by_role("button", name="Issue token").click()
    token = page.locator("input[data-token-slot].copy-value").first
    expect(token).to_have_value(re.compile(r"^lfd_\w{28}$"))
    return token.input_value()


def name_it(page: Page, name: str) -> None:
    page.get_by_label("Name the device").fill(name)
    page.get_by_role("button", name="Name device").click()
    page.wait_for_url(re.compile(r"/devices/\d+/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_real_client_from_sign_in_to_the_device_list(visitor: Open, running: Landfall) -> None:
    window = visitor()
    page = window.sign_in()
    template_id = make_template(page, "Soil Sensor")
    copy_firmware_lines(window, template_id)
    token = issue_token(page)
    expect(page.locator("#progress")).to_contain_text("Waiting for the device")
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, token, str(running.gateway_port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        expect(page.locator("#progress")).to_contain_text("Activated")
        name_it(page, "Greenhouse north")
        expect(page.locator("#live")).to_contain_text("Online")
        expect(page.locator("#live")).to_contain_text("21.5")
        page.get_by_role("link", name="Devices").first.click()
        expect(page.locator("tbody")).to_contain_text("Greenhouse north")
        expect(page.locator("tbody")).to_contain_text("Online")
        page.get_by_role("link", name="Greenhouse north", exact=True).click()
    finally:
        client.kill()
        client.wait()
    expect(page.locator("#live")).to_contain_text("Went offline")


def copy_firmware_lines(window: Visitor, template_id: str) -> None:
    page = window.page
    block = page.locator("[data-code-block]").first
    block.get_by_role("button", name=re.compile("Copy")).click()
    # The answer is shown for two seconds, and stays in place after that.
    expect(block.locator("[data-copy-answer]").first).to_have_text(re.compile(r"^Copied, \d+ lines$"))
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f'#define BLYNK_TEMPLATE_ID "{template_id}"' in re.sub(r" +", " ", copied)
    assert "CONFIG_DEFAULT_SERVER" in copied


def test_token_survives_reload_in_its_tab_and_nowhere_else(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    make_template(page, "Reload")
    token = issue_token(page)
    assert re.search(r"/sessions/\d+/$", page.url)
    page.reload()
    expect(page.locator("input[data-token-slot].copy-value").first).to_have_value(token)
    expect(page.locator("code[data-token-slot]").first).to_contain_text(token)
    elsewhere = window.context.new_page()
    elsewhere.goto(page.url)
    expect(elsewhere.get_by_text("The token was shown once")).to_be_visible()
    assert token not in elsewhere.content()
    page.get_by_role("button", name="Cancel session").click()
    expect(page.locator("#progress")).to_contain_text("Cancelled")
    assert token not in page.content()
    window.has_forgotten("token")


def test_virtual_device_for_someone_without_a_board(visitor: Open) -> None:
    window = visitor(phone=True)
    page = window.sign_in()
    page.goto(window.running.address + "/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.get_by_role("button", name="Start a virtual device").click()
    expect(page.locator("#progress")).to_contain_text("Name the device")
    name_it(page, "Virtual one")
    expect(page.locator("#live")).to_contain_text("Online")
    expect(page.locator("#live")).to_contain_text("Hotspot name")
    page.get_by_role("link", name="Device menu").click()
    page.get_by_role("dialog").get_by_role("link", name="Delete device").click()
    button = page.get_by_role("button", name="Delete device")
    expect(button).to_be_disabled()
    page.get_by_label(re.compile("to confirm")).fill("Virtual one")
    button.click()
    page.wait_for_url("**/devices/")
    expect(page.get_by_text("Virtual one is deleted")).to_be_visible()


def test_copying_works_without_the_clipboard_of_secure_pages(visitor: Open) -> None:
    window = visitor()
    window.context.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page = window.sign_in()
    make_template(page, "Plain HTTP")
    copy_firmware_lines(window, page.url.rstrip("/").rpartition("/")[2])


def test_command_palette_finds_by_keyboard(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("Root Templ")
    expect(page.get_by_role("option").first).to_contain_text("Root Template")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Root Template")
