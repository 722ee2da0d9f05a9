"""Firmware lines, the check of the gateway, hotspot names and labels in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visitor

pytestmark = pytest.mark.xdist_group("browser")

MAC = "24:6F:28:01:02:03"


def open_template(window: Visitor) -> Page:
    """The page of the template that the first run makes."""
    page = window.sign_in()
    page.goto(window.running.address + "/templates/?q=Root+Template")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/templates/TMPL"))
    return page


def fine(window: Visitor, name: str) -> None:
    window.shoot(name)
    assert window.violations() == []
    assert not window.overflows()


def test_choice_of_kind_and_version_is_remembered(visitor: Open) -> None:
    window = visitor()
    page = open_template(window)
    expect(page.locator("#firmware-1-4")).to_be_visible()

    page.locator("#kind-edgent").get_by_role("tab", name="1.1").click()
    page.get_by_role("tab", name="Sketch with a fixed token").click()

    expect(page.locator("#panel-sketch-1-1")).to_be_visible()
    page.reload()
    expect(page.locator("#panel-sketch-1-1")).to_be_visible()
    expect(page.locator("#kind-edgent")).to_be_hidden()
    page.get_by_role("tab", name="Edgent sketch").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="JavaScript")).to_be_focused()


def test_line_is_explained_on_focus(visitor: Open) -> None:
    page = open_template(visitor())
    line = page.locator("#firmware-1-4 .code-line").nth(1)

    line.focus()

    expect(page.locator("#panel-firmware-1-4 [data-code-meaning]")).to_contain_text("hotspot's name")


@pytest.mark.parametrize(("phone", "dark"), [(True, False), (True, True), (False, False), (False, True)])
def test_check_reports_in_place(visitor: Open, phone: bool, dark: bool) -> None:
    window = visitor(phone=phone, dark=dark)
    page = open_template(window)

    page.get_by_role("button", name="Check my server").click()

    expect(page.locator("#gateway-report")).to_contain_text(re.compile(r"Port \d+ answers"))
    fine(window, f"gateway-report-{'360' if phone else '1440'}-{'dark' if dark else 'light'}")


def test_exact_name_is_worked_out_in_place(visitor: Open) -> None:
    page = open_template(visitor())
    page.get_by_role("link", name="Hotspot", exact=True).click()

    page.get_by_label("MAC address").fill(MAC)
    page.get_by_role("button", name="Work out the name").click()

    expect(page.locator("#exact .ssid").last).to_have_text("Blynk Root Template-9A4R")
    assert "mac=" not in page.url


def test_name_is_checked_while_it_is_typed(visitor: Open) -> None:
    window = visitor(phone=True)
    page = window.sign_in()
    page.goto(window.running.address + "/templates/new/")

    page.get_by_role("textbox", name="Name").press_sequentially("Irrigation Controller North")

    expect(page.locator("#name-check del").last).to_have_text("ler North")
    fine(window, "template-new-typed-360-light")


@pytest.mark.parametrize("phone", [True, False])
def test_labels_are_alone_on_paper(visitor: Open, phone: bool) -> None:
    window = visitor(phone=phone)
    page = open_template(window)
    page.get_by_role("link", name="Labels", exact=True).click()
    page.get_by_label("MAC addresses").fill("\n".join(f"24:6F:28:01:02:{n:02X}" for n in range(12)))
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.locator(".label")).to_have_count(12)
    fine(window, f"labels-{'360' if phone else '1440'}")

    page.emulate_media(media="print")

    expect(page.locator(".label").first).to_be_visible()
    for hidden in (page.locator("h1"), page.locator(".page-tabs"), page.locator("form.form")):
        expect(hidden).to_be_hidden()
    window.shoot(f"labels-print-{'360' if phone else '1440'}")
