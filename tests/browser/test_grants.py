"""Who may provision, in the browser: asked for and given, limited and run out, by keyboard and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visitor
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "a long enough password"
MAKE_INSTALLER = """
from console.teams.models import Member, Team, User
user = User.objects.create_user({email!r}, {password!r}, name={name!r})
Member.objects.create(team=Team.objects.order_by("pk").first(), user=user, role="installer")
"""
RUN_OUT = """
from datetime import timedelta
from django.utils import timezone
from console.teams.models import Grant
Grant.objects.filter(member__user__email={email!r}).update(until_at=timezone.now() - timedelta(seconds=1))
"""
MATRIX = "/team/provisioning/"


@pytest.fixture(scope="module")
def installer(running: Landfall) -> str:
    """The e-mail of an installer in the developer's team."""
    email = "ines@example.com"
    running.manage("shell", "-c", MAKE_INSTALLER.format(email=email, password=PASSWORD, name="Ines"))
    return email


def sign_in_as(window: Visitor, email: str) -> Page:
    page = window.visit("/accounts/login/")
    page.get_by_label("E-mail").first.fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/overview/")
    return page


def new_template(page: Page, window: Visitor, name: str) -> str:
    """The path of a template just made."""
    page.goto(window.running.address + "/templates/new/")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create template").click()
    page.wait_for_url(re.compile(r"/templates/TMPL[^/]+/$"))
    return page.url.removeprefix(window.running.address)


def matrix_of(window: Visitor, name: str) -> Page:
    """The matrix with one column, that of a template of this name just made."""
    page = window.sign_in()
    new_template(page, window, name)
    return window.visit(f"{MATRIX}?t={name}")


def test_request_is_answered_with_one_click_and_runs_out(visitor: Open, running: Landfall, installer: str) -> None:
    owner, ines = visitor(), visitor(phone=True)
    desk = owner.sign_in()
    path = new_template(desk, owner, "Asked for")
    phone = sign_in_as(ines, installer)

    ines.visit(path)
    expect(phone.locator("[data-why-not]")).to_contain_text("can give it to you")
    ines.shoot("why-not-360")
    assert ines.violations() == []
    assert not ines.overflows()
    phone.get_by_label("What for").fill("Bed 4")
    phone.get_by_role("button", name="Ask for it").click()
    expect(phone.locator("[data-why-not]")).to_contain_text("You asked")

    owner.visit("/overview/")
    owner.shoot("overview-request-1440")
    assert owner.violations() == []
    desk.get_by_role("button", name=re.compile("^Grant ?: Ines, Asked for")).click()
    expect(desk.get_by_text("Ines may provision Asked for")).to_be_visible()

    ines.visit("/overview/")
    expect(phone.locator("[aria-labelledby=asked-heading]")).to_contain_text("Granted")
    ines.visit(path)
    phone.get_by_role("link", name="Add device").click()
    phone.get_by_role("button", name="Issue token").click()
    phone.wait_for_url(re.compile(r"/sessions/\d+/"))
    expect(phone.locator("#progress")).to_contain_text("Waiting")

    running.manage("shell", "-c", RUN_OUT.format(email=installer))
    phone.get_by_role("button", name="Start a virtual device").click()
    expect(phone.locator("#progress")).to_contain_text("Failed")
    expect(phone.locator("#progress .finding")).to_contain_text("for a grant, then open a new session")
    expect(phone.get_by_role("button", name="Ask for it")).to_be_visible()
    ines.shoot("session-no-permission-360")
    owner.visit(f"{MATRIX}?t=Asked")
    expect(desk.locator("tr", has_text="Ines")).to_contain_text("ended")
    ines.errors[:] = [error for error in ines.errors if "403" not in error]


def test_matrix_by_keyboard(visitor: Open, installer: str) -> None:
    window = visitor()
    page = matrix_of(window, "Keyboard")
    toggle = page.get_by_role("button", name="Ines for Keyboard")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(toggle).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Permission to provision")
    expect(dialog.get_by_label("Until")).to_be_focused()
    window.shoot("grant-dialog-1440", whole=False)
    assert window.violations() == []
    dialog.get_by_label("Until").fill("2035-12-31")
    dialog.get_by_role("spinbutton", name="Devices").fill("5")
    dialog.get_by_label("Note").fill("House 3")
    dialog.get_by_label("Note").press("Enter")
    row = page.locator("tr", has_text="Ines")
    expect(row).to_contain_text("5 of 5 left, until 31 Dec 2035")
    page.get_by_role("link", name="Limits: Ines for Keyboard").press("Enter")
    expect(dialog.get_by_role("spinbutton", name="Devices")).to_have_value("5")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    toggle.press("Space")
    expect(toggle).to_have_attribute("aria-pressed", "false")


def test_row_just_swapped_works_at_once(visitor: Open, installer: str) -> None:
    """By default htmx makes what it swapped in work 20 ms after it is seen, and on a busy machine later."""
    window = visitor()
    page = matrix_of(window, "At once")
    limits = page.get_by_role("link", name="Limits: Ines for At once")
    limits.evaluate(
        "link => { window.press = () => document.querySelector(`[aria-label='${link.ariaLabel}']`).click() }"
    )
    page.evaluate("document.addEventListener('htmx:afterSwap', () => setTimeout(window.press, 0), {once: true})")
    page.get_by_role("button", name="Ines for At once").click()
    expect(page.get_by_role("dialog", name="Permission to provision").get_by_label("Until")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_matrix_is_a_list_on_a_phone_and_works_without_script(visitor: Open, installer: str, script: bool) -> None:
    window = visitor(phone=True, script=script)
    page = window.sign_in()
    name = f"Phone {script}"
    new_template(page, window, name)
    window.visit(f"{MATRIX}?t=Phone")
    row = page.locator("tr", has_text="Ines")
    assert (row.bounding_box() or {"width": 999})["width"] <= 360
    assert not window.overflows()
    button = page.get_by_role("button", name=f"Ines for {name}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    window.shoot(f"matrix-360-script-{script}")
    page.get_by_role("link", name=f"Limits: Ines for {name}").click()
    # The form that is fetched takes the focus once: what is typed before would go astray.
    expect(page.get_by_label("Until")).to_be_focused()
    page.get_by_role("spinbutton", name="Devices").fill("3")
    page.get_by_role("button", name="Save grant").click()
    expect(row).to_contain_text("3 of 3 left")
    assert not window.overflows()
