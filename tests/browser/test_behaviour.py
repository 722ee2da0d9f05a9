"""What pages do while they are used: they keep what the reader did, speak once, and need no mouse and no script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visitor

pytestmark = pytest.mark.xdist_group("browser")

LISTEN = """
window.said = [];
document.addEventListener("DOMContentLoaded", () => {
  const region = document.getElementById("announcer");
  new MutationObserver(() => region.textContent && window.said.push(region.textContent))
    .observe(region, {childList: true, characterData: true, subtree: true});
});
"""
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", {value: isHidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
COUNT_TRIES = """() => {
  const page = document.documentElement;
  page.dataset.tries = "";
  document.addEventListener("htmx:beforeRequest", () => (page.dataset.tries += "I"));
}"""

ORDER_VIRTUAL_DEVICE = """() => {
  const form = document.querySelector("form[action$='/virtual/']");
  return fetch(form.action, {method: "POST", body: new FormData(form)}).then((answer) => answer.ok);
}"""


def open_session(window: Visitor) -> Page:
    page = window.page
    page.goto(window.running.address + "/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.wait_for_url(re.compile(r"/sessions/\d+/"))
    return page


def activated_device(window: Visitor) -> Page:
    """The page of a new virtual device, which writes a value every few seconds."""
    page = open_session(window)
    page.get_by_role("button", name="Start a virtual device").click()
    page.get_by_role("link", name=re.compile("^Keep")).click()
    page.wait_for_url(re.compile(r"/devices/\d+/"))
    return page


def test_open_details_typed_text_and_focus_stay_while_the_page_refreshes(visitor: Open) -> None:
    window = visitor()
    window.sign_in()
    page = activated_device(window)
    detail = page.locator(".timeline-item", has_text="Activated by its first login").locator("details")
    detail.locator("summary").click()
    value = page.get_by_label("Value", exact=True)
    value.fill("half typed")
    expect(page.locator("#device-values tbody tr").first).to_be_visible()
    uptime = page.locator("#device-values td").first
    expect(uptime).not_to_have_text(uptime.inner_text())
    expect(detail).to_have_attribute("open", "")
    expect(value).to_have_value("half typed")
    expect(value).to_be_focused()


def test_each_step_is_announced_once(visitor: Open) -> None:
    window = visitor()
    window.context.add_init_script(LISTEN)
    window.sign_in()
    page = open_session(window)
    tell = page.get_by_role("heading", name="What does the board say?")
    expect(tell).to_be_visible()
    # Without leaving the page: a page that is loaded when the device is there already has nothing to announce.
    page.evaluate(ORDER_VIRTUAL_DEVICE)
    expect(page.get_by_label("Name the device")).to_be_visible()
    # The reloaded page has none either: there is nothing to find out any more.
    expect(tell).to_be_hidden()
    expect(page.locator("#announcer")).to_have_text("The device is activated. Give it a name.")
    said = page.evaluate("window.said")
    assert said.count("The device is activated. Give it a name.") == 1
    assert len(said) == len(set(said))
    assert page.locator("#progress [aria-live]").count() == 0


def test_a_page_where_nothing_happens_asks_with_its_seal(visitor: Open) -> None:
    window = visitor()
    window.sign_in()
    page = open_session(window)
    with page.expect_response(lambda answer: answer.status == 204 and "landfall-quiet" in answer.request.headers):
        pass


def test_nothing_is_fetched_while_the_page_is_hidden(visitor: Open) -> None:
    window = visitor()
    window.sign_in()
    page = activated_device(window)
    page.evaluate(HIDE, True)
    page.evaluate(COUNT_TRIES)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    expect(page.locator("html")).to_have_attribute("data-tries", re.compile("II"))
    assert fetched == []
    with page.expect_request(re.compile("seen=")):
        page.evaluate(HIDE, False)


def test_page_of_somebody_signed_out_stays_and_says_that_it_is_not_of_now(visitor: Open) -> None:
    window = visitor()
    window.sign_in()
    page = open_session(window)
    cookies: Any = window.context.cookies()
    window.context.clear_cookies()
    expect(page.get_by_text("This page does not follow any more what happens")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("Waiting for the device")
    expect(page.get_by_role("link", name="Skip to content")).to_have_count(1)
    window.context.add_cookies(cookies)
    # Whoever comes back to the page has it asked again, and it goes on.
    with page.expect_response(lambda answer: "seen=" in answer.url and answer.status == 204):
        page.evaluate(HIDE, False)
    with page.expect_request(re.compile("seen=")):
        pass


def test_piece_asked_for_by_somebody_signed_out_leads_to_sign_in_and_back(visitor: Open) -> None:
    window = visitor()
    window.sign_in()
    page = window.visit("/templates/?q=a")
    window.context.clear_cookies()
    page.get_by_role("link", name="Switch team").click()
    page.wait_for_url("**/accounts/login/?next=/templates/%3Fq%3Da")
    page.get_by_label("E-mail").first.fill(window.running.email)
    page.get_by_label("Password", exact=True).fill(window.running.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/templates/?q=a")


@pytest.mark.parametrize("status", [403, 404])
def test_page_that_is_shown_no_more_is_asked_for_no_more_and_says_so(visitor: Open, status: int) -> None:
    window = visitor()
    window.sign_in()
    page = open_session(window)
    page.context.route("**/sessions/*/?seen=*", lambda route: route.fulfill(status=status, body="<p>No</p>"))
    expect(page.get_by_text("This page does not follow any more what happens")).to_have_count(1)
    expect(page.locator("#progress")).to_contain_text("Waiting for the device")
    page.context.unroute("**/sessions/*/?seen=*")
    page.evaluate(COUNT_TRIES)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    expect(page.locator("html")).to_have_attribute("data-tries", re.compile("II"))
    assert fetched == []
    window.errors[:] = [error for error in window.errors if f"status of {status}" not in error]


def test_what_hands_the_token_over_leaves_when_the_device_is_there(visitor: Open) -> None:
    window = visitor(phone=True)
    window.sign_in()
    page = open_session(window)
    token = page.get_by_label("Auth token", exact=True)
    expect(token).to_be_in_viewport(ratio=1)
    assert token.evaluate("(field) => field.scrollWidth <= field.clientWidth")
    order = page.locator("main h2:visible").all_inner_texts()
    assert order.index("Give this token to the device") < order.index("Progress") < order.index("Start a client")
    page.get_by_role("button", name="Start a virtual device").click()
    expect(page.get_by_label("Name the device")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Start a client")).to_be_hidden()


@pytest.mark.parametrize("phone", [True, False])
def test_no_tab_is_out_of_sight(visitor: Open, phone: bool) -> None:
    window = visitor(phone=phone)
    window.sign_in()
    page = open_session(window)
    tabs = page.get_by_role("tablist", name="Library").get_by_role("tab")
    expect(tabs).to_have_count(4)
    for tab in tabs.all():
        box, edge = tab.bounding_box(), page.locator("#main").bounding_box()
        assert box
        assert edge
        assert box["x"] + box["width"] <= edge["x"] + edge["width"]
    tabs.first.focus()
    page.keyboard.press("End")
    expect(tabs.last).to_be_focused()
    expect(page.get_by_role("tabpanel", name="JavaScript")).to_be_visible()


def test_long_programs_scroll_in_their_own_block_by_keyboard(visitor: Open) -> None:
    window = visitor()
    window.sign_in()
    page = open_session(window)
    code = page.get_by_role("region", name="device.ino")
    assert code.evaluate("(block) => block.scrollHeight > block.clientHeight")
    code.focus()
    code.evaluate("(block) => block.addEventListener('scroll', () => (block.dataset.scrolled = ''))")
    page.keyboard.press("End")
    expect(code).to_have_attribute("data-scrolled", "")


def test_escape_closes_dialog_palette_and_sheet_and_gives_the_focus_back(visitor: Open) -> None:
    window = visitor(phone=True)
    window.sign_in()
    page = activated_device(window)
    for opener in (page.get_by_role("link", name="Rename"), page.get_by_role("link", name="Device menu")):
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(opener).to_be_focused()
    search = page.get_by_role("button", name="Search")
    search.first.click()
    expect(page.get_by_role("combobox", name="Search templates, devices and pages")).to_be_focused()
    page.keyboard.press("Escape")
    expect(search.first).to_be_focused()
    menu = page.get_by_role("button", name="Menu")
    menu.click()
    expect(page.get_by_role("link", name="Overview")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Overview")).to_be_hidden()
    expect(menu).to_be_focused()


def test_keyboard_reaches_the_content_at_once(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_whole_job_without_scripts(visitor: Open) -> None:
    window = visitor(script=False)
    page = window.sign_in()
    page.get_by_role("link", name="Templates").click()
    page.get_by_role("link", name="New template").click()
    page.get_by_label("Name", exact=True).fill("No Script")
    page.get_by_role("button", name="Create template").click()
    expect(page.get_by_text("#define BLYNK_TEMPLATE_NAME").first).to_be_visible()
    page.get_by_role("link", name="Add device").click()
    page.get_by_role("button", name="Issue token").click()
    expect(page.get_by_label("Auth token", exact=True)).to_have_value(re.compile(r"^lfd_\w{28}$"))
    page.get_by_role("button", name="Start a virtual device").click()
    follow_steps(page)
    page.get_by_label("Name the device").fill("Scriptless")
    page.get_by_role("button", name="Name device").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scriptless")
    page.get_by_role("link", name="Device menu").click()
    page.get_by_role("link", name="Delete device").click()
    page.get_by_label("Type Scriptless to confirm").fill("Scriptless")
    page.get_by_role("button", name="Delete device").click()
    expect(page.get_by_text("Scriptless is deleted")).to_be_visible()


def follow_steps(page: Page) -> None:
    """Ask for the steps again until the device is there."""
    again, there = page.get_by_role("link", name="Show the steps as they are now"), page.get_by_label("Name the device")
    for _ in range(300):
        expect(again.or_(there)).to_be_visible()
        if there.is_visible():
            return
        with page.expect_navigation():
            again.click()
    raise AssertionError("the device never came")
