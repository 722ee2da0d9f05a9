"""The hotspot route at phone size, against a virtual board's real setup page."""

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from devices.virtual.endings import Fault
from devices.virtual.networks import HOME
from devices.virtual.states import State
from tests.browser.conftest import Open, Visitor
from tests.devices.virtual.setup import HURRIED, ThreadedBoard, running_setup_board
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")
BOARD = "http://192.168.4.1"


def open_route(window: Visitor) -> tuple[Page, str]:
    """A fresh session on its hotspot page; returns the page and the template's id."""
    page = window.sign_in()
    window.visit("/sessions/new/")
    template_id = page.get_by_label("Template", exact=True).input_value()
    page.get_by_role("button", name="Issue token").click()
    page.get_by_role("button", name="Set up by its hotspot").click()
    page.wait_for_url(re.compile(r"/sessions/\d+/hotspot/"))
    return page, template_id


def lead_to(board_url: str, page: Page) -> None:
    """The phone is on the board's WiFi: there 192.168.4.1 is the board."""

    def pass_on(route: Route) -> None:
        target = route.request.url.replace(BOARD, board_url)
        answer = page.request.get(target)
        route.fulfill(status=answer.status, body=answer.body(), headers={"Content-Type": "application/json"})

    page.context.route(f"{BOARD}/**", pass_on)


def fill(page: Page, *, ssid: str = HOME.ssid, password: str = HOME.password) -> None:
    page.get_by_label("WiFi network").fill(ssid)
    page.get_by_label("Password", exact=True).fill(password)


@pytest.fixture
def phone(visitor: Open) -> Visitor:
    return visitor(phone=True)


@pytest.fixture
def board(running: Landfall) -> Any:
    return lambda template_id, **options: running_setup_board(
        template_id=template_id, server=("127.0.0.1", running.gateway_port), **options
    )


def test_page_sends_to_the_board_itself_and_shows_the_device(phone: Visitor, board: Any, running: Landfall) -> None:
    page, template_id = open_route(phone)
    with board(template_id) as virtual:
        lead_to(virtual.url, page)
        fill(page)
        page.get_by_role("button", name="Send to the board").click()
        expect(page.locator("[data-config-sentence]")).to_have_text("The board has it, and tries your network now.")
        virtual.wait(State.RUNNING)
        expect(page.locator("#progress")).to_contain_text("Name the device")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    assert HOME.password not in running.log.read_text()
    phone.shoot("hotspot-activated-360-light")


def test_link_opens_the_boards_config_with_everything(phone: Visitor, board: Any) -> None:
    page, template_id = open_route(phone)
    link = page.locator("[data-config-link]")
    assert link.get_attribute("href") is None
    with board(template_id) as virtual:
        lead_to(virtual.url, page)
        fill(page)
        href = link.get_attribute("href") or ""
        assert href.startswith(f"{BOARD}/config?if=wifi&ssid=")
        with page.context.expect_page() as opened:
            link.click()
        expect(opened.value.locator("body")).to_contain_text("Trying to connect...")
        opened.value.close()
        expect(page.locator("#progress")).to_contain_text("Name the device")


def test_wrong_fields_are_named_before_anything_is_sent(phone: Visitor) -> None:
    page, _ = open_route(phone)
    fill(page, ssid="x" * 33, password="0123456789abcdef" * 4)
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url) if request.url.startswith(BOARD) else None)
    page.get_by_role("button", name="Send to the board").click()
    expect(page.get_by_text("The name has 33 bytes")).to_be_visible()
    expect(page.get_by_text("This is a key of 64 digits")).to_be_visible()
    expect(page.get_by_label("WiFi network")).to_be_focused()
    assert calls == []
    assert phone.violations() == []


def test_board_that_does_not_answer_is_said_so(phone: Visitor) -> None:
    page, _ = open_route(phone)
    page.context.route(f"{BOARD}/**", lambda route: route.abort("addressunreachable"))
    fill(page)
    page.get_by_role("button", name="Send to the board").click()
    expect(page.locator("[data-config-sentence]")).to_contain_text("Is this phone on the board's WiFi")
    phone.errors[:] = [error for error in phone.errors if "ERR_ADDRESS_UNREACHABLE" not in error]


def test_loss_of_internet_is_told_and_the_result_is_picked_up_afterwards(phone: Visitor, board: Any) -> None:
    page, template_id = open_route(phone)
    state = page.locator("[data-net-sentence]")
    with board(template_id) as virtual:
        lead_to(virtual.url, page)
        fill(page)
        page.context.route("**/sessions/*/?seen=*", lambda route: route.abort("internetdisconnected"))
        expect(state).to_contain_text("No connection to Landfall")
        page.get_by_role("button", name="Send to the board").click()
        expect(page.locator("[data-config-sentence]")).to_have_text("The board has it, and tries your network now.")
        virtual.wait(State.RUNNING)
        expect(state).to_contain_text("Go back to your own WiFi")
        page.context.unroute("**/sessions/*/?seen=*")
        expect(state).to_contain_text("Back on the internet")
        expect(page.locator("#progress")).to_contain_text("Name the device")
    phone.errors[:] = [error for error in phone.errors if "DISCONNECTED" not in error and "htmx:" not in error]


def test_network_that_swallows_requests_is_told_too(phone: Visitor) -> None:
    page, _ = open_route(phone)
    state = page.locator("[data-net-sentence]")
    expect(state).to_have_text("This page is connected to Landfall.")
    page.context.route("**/sessions/*/?seen=*", lambda _route: None)
    expect(state).to_contain_text("No connection to Landfall")
    page.context.unroute("**/sessions/*/?seen=*")
    expect(state).to_contain_text("Back on the internet")
    phone.errors[:] = [error for error in phone.errors if "htmx:" not in error]


def test_reload_and_back_keep_what_was_typed(phone: Visitor) -> None:
    page, _ = open_route(phone)
    fill(page)
    page.reload()
    expect(page.get_by_label("WiFi network")).to_have_value(HOME.ssid)
    page.get_by_role("link", name=re.compile(r"^\d+$")).click()
    page.wait_for_url(re.compile(r"/sessions/\d+/$"))
    page.go_back()
    expect(page.get_by_label("WiFi network")).to_have_value(HOME.ssid)
    expect(page.locator("[data-config-link]")).to_have_attribute("href", re.compile("blynk=lfd_"))


def test_two_phones_on_one_session_make_one_device(visitor: Open, phone: Visitor, board: Any) -> None:
    page, template_id = open_route(phone)
    other = visitor(phone=True)
    other.sign_in()
    other.visit(page.url.removeprefix(phone.running.address))
    expect(other.page.get_by_text("This tab does not have the token")).to_be_visible()
    with board(template_id) as virtual:
        lead_to(virtual.url, page)
        fill(page)
        page.get_by_role("button", name="Send to the board").click()
        expect(page.locator("#progress")).to_contain_text("Name the device")
        expect(other.page.locator("#progress")).to_contain_text("Name the device")
    expect(other.page.locator("[data-route-open]")).to_be_hidden()


def test_session_cancelled_elsewhere_ends_the_page(visitor: Open, phone: Visitor) -> None:
    page, _ = open_route(phone)
    fill(page)
    desk = visitor()
    desk.sign_in()
    desk.visit(page.url.removeprefix(phone.running.address).removesuffix("hotspot/"))
    desk.page.get_by_role("button", name="Cancel session").click()
    expect(page.locator("#progress")).to_contain_text("Cancelled")
    expect(page.locator("[data-route-open]")).to_be_hidden()
    phone.has_forgotten("wifi")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("is_phone", [True, False])
def test_page_looks_right(visitor: Open, is_phone: bool, dark: bool) -> None:
    window = visitor(phone=is_phone, dark=dark)
    page, _ = open_route(window)
    page.get_by_text("By hand, in the board's own form").click()
    window.shoot(f"hotspot-{'360' if is_phone else '1440'}-{'dark' if dark else 'light'}")
    assert window.violations() == []
    assert not window.overflows()


def send(page: Page, virtual: ThreadedBoard, *, password: str = HOME.password) -> None:
    """Hand the network over from the page, as a person does."""
    lead_to(virtual.url, page)
    fill(page, password=password)
    page.get_by_role("button", name="Send to the board").click()
    expect(page.locator("[data-config-sentence]")).to_have_text("The board has it, and tries your network now.")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.WRONG_PASSWORD, 701),
        (Fault.NO_DNS, 702),
        (Fault.TLS_REFUSED, 702),
    ],
)
def test_board_that_fails_says_why_when_its_description_is_read(
    phone: Visitor, board: Any, fault: Fault, code: int
) -> None:
    page, template_id = open_route(phone)
    with board(template_id, fault=fault, times=replace(HURRIED, network=0.05, cloud=0.05)) as virtual:
        send(page, virtual)
        virtual.wait_until_open()
        told = page.request.get(f"{virtual.url}/board_info.json").text()
        assert f'"last_error":{code}' in told
    page.get_by_role("link", name=re.compile(r"^\d+$")).click()
    page.wait_for_url(re.compile(r"/sessions/\d+/$"))
    page.get_by_text("board_info.json, or only last_error").click()
    page.locator("#tell-info").fill(told)
    page.get_by_role("button", name="Read the description").click()
    expect(page.locator("#progress")).to_contain_text(f"last_error: {code}")


def test_board_with_another_templates_firmware_is_refused_with_both_ids(phone: Visitor, board: Any) -> None:
    page, template_id = open_route(phone)
    with board(template_id, fault=Fault.WRONG_TEMPLATE) as virtual:
        send(page, virtual)
        expect(page.locator("#progress")).to_contain_text("The board runs firmware made for another template.")
    expect(page.locator("[data-route-open]")).to_be_hidden()


def test_board_that_dies_after_its_login_is_shown_as_seen(phone: Visitor, board: Any) -> None:
    page, template_id = open_route(phone)
    with board(template_id, fault=Fault.DIES_AFTER_LOGIN) as virtual:
        send(page, virtual)
        expect(page.locator("#progress")).to_contain_text("A device logged in with the token.")
        expect(page.locator("#progress")).to_contain_text("Activated")


def test_session_that_expires_while_its_page_is_open_ends_there(phone: Visitor, running: Landfall) -> None:
    page, _ = open_route(phone)
    fill(page)
    running.expire(page.url)
    expect(page.locator("#progress")).to_contain_text("The deadline passed before a device became active.")
    expect(page.locator("[data-route-open]")).to_be_hidden()
    expect(page.get_by_role("link", name="Open another session")).to_be_visible()


def test_page_can_be_reloaded_while_there_is_no_internet(phone: Visitor, board: Any) -> None:
    page, template_id = open_route(phone)
    state = page.locator("[data-net-sentence]")
    expect(state).to_have_text("This page is connected to Landfall.")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    with board(template_id) as virtual:
        lead_to(virtual.url, page)
        fill(page)
        page.context.set_offline(True)
        page.reload()
        expect(state).to_contain_text("No connection to Landfall")
        expect(page.get_by_label("WiFi network")).to_have_value(HOME.ssid)
        expect(page.locator("[data-needs-network]")).to_be_hidden()
        # Each page from the server has a form token of its own; this is the one put aside.
        form_token = page.locator("[data-session-id] [name=csrfmiddlewaretoken]").input_value()
        assert form_token in page.evaluate("caches.match(location.pathname).then((kept) => kept.text())")
        phone.shoot("hotspot-reloaded-offline-360-light")
        page.get_by_role("button", name="Send to the board").click()
        expect(page.locator("[data-config-sentence]")).to_have_text("The board has it, and tries your network now.")
        virtual.wait(State.RUNNING)
        page.reload()
        expect(state).to_contain_text("Go back to your own WiFi")
        page.context.set_offline(False)
        expect(page.locator("#progress")).to_contain_text("Name the device")
    page.wait_for_function("async () => (await caches.keys()).length === 0")
    phone.errors[:] = [error for error in phone.errors if "net::ERR_" not in error and "htmx:" not in error]


def put_aside(phone: Visitor) -> Page:
    """The hotspot page of a fresh session, once the browser can show it without a network."""
    page, _ = open_route(phone)
    expect(page.locator("[data-net-sentence]")).to_have_text("This page is connected to Landfall.")
    page.wait_for_function("async () => Boolean(await caches.match(location.pathname))")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    return page


def test_nothing_is_put_aside_any_more_once_its_person_has_signed_out(phone: Visitor) -> None:
    page = put_aside(phone)
    fill(page)
    # Signing out ends a sign-in, which must not be the one that other windows share.
    phone.context.clear_cookies()
    phone.sign_in(is_anew=True)
    phone.visit("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{phone.running.address}/")
    assert page.evaluate("caches.keys()") == []
    phone.has_forgotten("")


def test_page_put_aside_goes_when_landfall_does_not_show_it_any_more(phone: Visitor) -> None:
    page = put_aside(phone)
    page.context.clear_cookies()
    page.reload()
    page.wait_for_url(re.compile("/accounts/login/"))
    page.wait_for_function("async () => (await caches.keys()).length === 0")


def test_page_that_cannot_be_put_aside_says_that_it_needs_the_internet(phone: Visitor) -> None:
    phone.context.add_init_script("delete Navigator.prototype.serviceWorker")
    page, _ = open_route(phone)
    expect(page.get_by_text("Do not reload this page while there is no internet")).to_be_visible()
