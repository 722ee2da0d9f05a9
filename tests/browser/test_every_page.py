"""Every page at 360 and 1440 px, light and dark: no accessibility violation, no sideways scrolling, no error."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Visitor
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")

SIGNED_OUT = {
    "landing": "/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
    "reset-done": "/accounts/password/reset/done/",
    "sign-in-cancelled": "/accounts/3rdparty/login/cancelled/",
    "invitation-gone": "/invitation/",
    "not-found": "/nothing/here/",
}
SIGNED_IN = {
    "overview": "/overview/",
    "templates": "/templates/",
    "templates-none": "/templates/?q=nothing-like-it",
    "template-new": "/templates/new/",
    "template": "{template}",
    "template-edit": "{template}edit/",
    "template-history": "{template}history/",
    "template-compare": "{template}history/compare/",
    "template-restore": "{template}history/1/restore/",
    "template-delete": "{template}delete/",
    "template-import": "/templates/import/",
    "devices-older-lines": "/devices/?drift=any",
    "template-hotspot": "{template}hotspot/?mac=24:6F:28:01:02:03",
    "template-labels": "{template}labels/",
    "gateway-check": "/templates/gateway-check/",
    "template-check": "{template}check/",
    "template-datastreams": "{template}datastreams/",
    "boards": "/boards/",
    "board": "/boards/esp32/",
    "board-one-library": "/boards/mkr1000/",
    "board-dark": "/boards/wio-terminal/",
    "board-unknown": "/boards/cc3220/",
    "devices": "/devices/",
    "devices-none": "/devices/?q=nothing-like-it",
    "device": "{device}",
    "device-rename": "{device}rename/",
    "device-delete": "{device}delete/",
    "device-menu": "{device}menu/",
    "device-reconfigure": "{device}reconfigure/",
    "device-setup-mode": "{device}setup-mode/",
    "device-erase": "{device}erase/",
    "device-token": "{device}token/",
    "device-token-revoke": "{device}token/revoke/",
    "session-new-static": "/sessions/new/?route=static",
    "refused-logins": "/devices/refused/",
    "sessions": "/sessions/",
    "sessions-none": "/sessions/?q=nothing-like-it",
    "funnel": "/sessions/funnel/",
    "session-new": "/sessions/new/",
    "devices-tag": "/devices/?tag=nothing-like-it",
    "batches": "/sessions/batches/",
    "batch-new": "/sessions/batches/new/",
    "batch": "{batch}",
    "batch-sheet": "{batch}sheet/",
    "batch-cancel": "{batch}cancel/",
    "session-open": "{session}",
    "session-activated": "{activated}",
    "session-cancelled": "{cancelled}",
    "session-asks": "{asks}",
    "session-findings": "{findings}",
    "team": "/team/",
    "team-roles": "/team/roles/",
    "audit": "/team/audit/",
    "audit-none": "/team/audit/?q=nothing-like-it&from=2026-01-01&area=keys",
    "team-settings": "/team/settings/",
    "keys": "/team/keys/",
    "key-new": "/team/keys/new/",
    "webhook-new": "/team/webhooks/new/",
    "webhook": "{webhook}",
    "webhooks": "/team/webhooks/",
    "webhook-edit": "{webhook}edit/",
    "webhook-delete": "{webhook}delete/",
    "session-mails": "/team/webhooks/mails/",
    "invitations": "/team/invitations/",
    "invitation-new": "/team/invitations/new/",
    "team-switch": "/team/switch/",
    "team-start": "/team/start/",
    "member": "{member}",
    "team-leave": "/team/members/leave/",
    "profile": "/accounts/profile/",
    "provisioning": "/team/provisioning/",
    "provisioning-ask": "/team/provisioning/ask/",
    "email": "/accounts/email/",
    "two-factors": "/accounts/2fa/",
    "app-set-up": "/accounts/2fa/totp/activate/",
    "passkeys": "/accounts/2fa/webauthn/",
    "passkey-add": "/accounts/2fa/webauthn/add/",
    "browsers": "/accounts/sessions/",
    "connections": "/accounts/3rdparty/",
    "confirm": "/accounts/reauthenticate/",
    "password": "/accounts/password/change/",
    "sign-out": "/accounts/logout/",
    "api-docs": "/api/v1/docs/",
}
LOOKS = [(phone, dark) for phone in (True, False) for dark in (False, True)]


@pytest.fixture(scope="module")
def places() -> dict[str, str]:
    return {}


TOLD = {
    "asks": ("The LED", "Tell the LED", "Quick, short flashes (blue)"),
    "findings": ("The serial log", "Read the log", "[9000] Connecting to blynk.cloud:443\n[9900] Connection failed"),
}
"""What is told of two of the sessions: where, with which button, and what."""


def tell(window: Visitor, fold: str, button: str, what: str) -> None:
    page = window.page
    page.locator("summary", has_text=fold).click()
    if fold == "The LED":
        page.get_by_label("What it is doing").select_option(label=what)
    else:
        page.get_by_label("What the serial monitor shows").fill(what)
    page.get_by_role("button", name=button).click()
    expect(page.locator(".session-finding").first).to_be_visible()


def path_of(url: str, window: Visitor) -> str:
    return url.removeprefix(window.running.address)


def furnish(window: Visitor, places: dict[str, str]) -> None:
    """Make one of each thing, once: a device (virtual), a cancelled session, an open one."""
    if places:
        return
    page = window.page
    page.goto(window.running.address + "/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.wait_for_url(re.compile(r"/sessions/\d+/"))
    places["activated"] = path_of(page.url, window)
    page.get_by_role("button", name="Start a virtual device").click()
    expect(page.locator("#progress")).to_contain_text("Name the device")
    page.get_by_role("link", name=re.compile("^Keep")).click()
    page.wait_for_url(re.compile(r"/devices/\d+/"))
    places["device"] = path_of(page.url, window)
    for state in ("cancelled", "session", "asks", "findings"):
        page.goto(window.running.address + "/sessions/new/")
        page.get_by_role("button", name="Issue token").click()
        page.wait_for_url(re.compile(r"/sessions/\d+/"))
        places[state] = path_of(page.url, window)
        if state == "cancelled":
            page.get_by_role("button", name="Cancel session").click()
            expect(page.locator("#progress")).to_contain_text("Cancelled")
        elif state in TOLD:
            tell(window, *TOLD[state])
    page.goto(window.running.address + "/team/")
    page.get_by_role("table", name=re.compile("^Members of")).locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/team/members/\d+/"))
    places["member"] = path_of(page.url, window)
    page.goto(window.running.address + "/templates/")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/templates/TMPL"))
    places["template"] = path_of(page.url, window)
    page.goto(window.running.address + places["template"] + "edit/")
    page.get_by_label("Description").fill("Beds three and four")
    page.get_by_role("button", name="Save changes").click()
    page.wait_for_url(f"**{places['template']}")
    make_webhook(window, places)
    open_batch(window, places)


def make_webhook(window: Visitor, places: dict[str, str]) -> None:
    page = window.page
    page.goto(window.running.address + "/team/webhooks/new/")
    page.get_by_label("Name", exact=True).fill("Stock system")
    page.get_by_label("Address").fill("https://nowhere.invalid/hook")
    page.get_by_role("button", name="Make webhook").click()
    expect(page.get_by_label("Secret", exact=True)).to_have_value(re.compile("^lfw_"))
    page.get_by_role("button", name="Send a test").click()
    page.wait_for_url(re.compile(r"/team/webhooks/\d+/$"))
    places["webhook"] = path_of(page.url, window)
    expect(page.locator("#log")).to_contain_text("There is no such host name.")


def open_batch(window: Visitor, places: dict[str, str]) -> None:
    page = window.page
    page.goto(window.running.address + "/sessions/batches/new/")
    page.get_by_label("Or the list as text").fill("name,mac,tags\nBed 1,24:6F:28:01:02:03,north|soil\nBed 2,,")
    page.get_by_role("button", name="Issue tokens").click()
    page.wait_for_url(re.compile(r"/sessions/batches/\d+/sheet/$"))
    places["batch"] = path_of(page.url, window).removesuffix("sheet/")
    with page.expect_download():
        page.get_by_role("button", name="Download CSV").click()


def check(window: Visitor, name: str, path: str, look: str) -> list[str]:
    window.visit(path)
    window.page.wait_for_load_state("networkidle") if name == "api-docs" else None
    window.shoot(f"{name}-{look}")
    found = [f"{name} {look}: {violation}" for violation in window.violations()] if name != "api-docs" else []
    return found + ([f"{name} {look}: scrolls sideways"] if window.overflows() else [])


@pytest.mark.parametrize(("phone", "dark"), LOOKS)
def test_pages_for_visitors(visitor: Open, phone: bool, dark: bool) -> None:
    window = visitor(phone=phone, dark=dark)
    look = f"{'360' if phone else '1440'}-{'dark' if dark else 'light'}"
    found = [problem for name, path in SIGNED_OUT.items() for problem in check(window, name, path, look)]
    window.errors[:] = [error for error in window.errors if not re.search("404|410", error)]
    assert found == []


@pytest.mark.parametrize(("phone", "dark"), LOOKS)
def test_pages_for_members(visitor: Open, running: Landfall, places: dict[str, str], phone: bool, dark: bool) -> None:
    window = visitor(phone=phone, dark=dark)
    window.sign_in()
    furnish(window, places)
    look = f"{'360' if phone else '1440'}-{'dark' if dark else 'light'}"
    found = [
        problem for name, path in SIGNED_IN.items() for problem in check(window, name, path.format_map(places), look)
    ]
    assert found == []
