"""Invitations in a real browser: for a new and for an existing account, a wrong one, twice, after it was revoked."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visitor
from tests.devices.gateway.harness import until
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "a long enough password"


def invite(owner: Visitor, email: str, role: str = "Installer") -> str:
    """Invite on the page; the link, read from the mail, which an installation without a mail server logs."""
    page = owner.visit("/team/")
    page.get_by_role("link", name="Invite", exact=True).click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("radio", name=re.compile(f"^{role}:")).check()
    if role == "Installer":
        page.get_by_role("radio", name="All templates").check()
        page.get_by_label("Devices at most").fill("3")
    owner.shoot(f"invitation-new-{page.viewport_size['width'] if page.viewport_size else 0}")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.locator(".toast")).to_contain_text(f"on its way to {email}")
    return link_for(owner.running, email)


def link_for(running: Landfall, email: str) -> str:
    """The path of the newest link that was mailed to this address."""
    return until(lambda: newest_link(running, email))


def newest_link(running: Landfall, email: str) -> str:
    """As `link_for`; nothing while the mail has not come through to the log."""
    mails = running.log.read_text(errors="replace").split("Content-Type: text/plain")
    found = [re.search(r"/invitation/lfi_\w+/", sent) for sent in mails if f"To: {email}" in sent]
    return next((match[0] for match in reversed(found) if match), "")


def new_address() -> str:
    return f"guest-{uuid.uuid4().hex[:10]}@example.com"


def join_with_new_account(window: Visitor, link: str) -> Page:
    page = window.visit(link)
    expect(page).to_have_url(re.compile(r"/invitation/$"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Make account and join").click()
    page.wait_for_url("**/overview/")
    return page


@pytest.mark.parametrize("phone", [False, True])
def test_new_account_joins_by_the_link(visitor: Open, phone: bool) -> None:
    owner, guest = visitor(phone=phone), visitor(phone=phone, dark=True)
    owner.sign_in(is_anew=True)
    email = new_address()
    link = invite(owner, email)
    page = guest.visit(link)
    assert guest.violations() == []
    guest.shoot(f"invitation-sign-up-{'360' if phone else '1440'}-dark")
    expect(page.get_by_label("E-mail")).to_have_value(email)
    expect(page.locator("main")).to_contain_text("all templates, 3 devices at most")

    join_with_new_account(guest, link)

    page = guest.visit("/team/")
    expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("Installer")
    owner.visit("/team/invitations/")
    expect(owner.page.get_by_role("row").filter(has_text=email)).to_contain_text("Accepted")
    assert owner.violations() == []
    assert not owner.overflows()
    owner.shoot(f"invitations-{'360' if phone else '1440'}-light")


def test_existing_account_signs_in_and_joins_a_second_team(visitor: Open) -> None:
    owner, guest = visitor(), visitor(phone=True)
    owner.sign_in(is_anew=True)
    email = new_address()
    page = guest.visit("/accounts/signup/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/overview/")
    link = invite(owner, email, "Viewer")

    page = guest.visit(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Join My team")
    guest.shoot("invitation-join-360-light")
    page.get_by_role("button", name="Join the team").click()
    page.wait_for_url("**/overview/")
    expect(page.locator(".topbar .team-switch")).to_contain_text("My team")

    page.locator(".topbar .team-switch").click()
    page.get_by_role("button", name=re.compile("^Switch to guest")).click()
    page.wait_for_url("**/overview/")
    expect(page.locator(".topbar .team-switch")).to_contain_text("'s team")


def test_wrong_account_signs_out_and_goes_on(visitor: Open) -> None:
    owner = visitor()
    owner.sign_in(is_anew=True)
    email = new_address()
    page = owner.visit(invite(owner, email))

    expect(page.get_by_role("heading", level=1)).to_have_text("This invitation is for another address")
    expect(page.locator("main")).to_contain_text(email)
    owner.shoot("invitation-other-account-1440-light")
    page.get_by_role("button", name="Sign out and go on").click()

    expect(page.get_by_role("button", name="Make account and join")).to_be_visible()


def test_link_works_once_and_not_after_it_was_revoked(visitor: Open) -> None:
    owner, guest = visitor(), visitor()
    owner.sign_in(is_anew=True)
    email = new_address()
    link = invite(owner, email)
    join_with_new_account(guest, link)
    page = guest.visit(link)
    expect(page).to_have_url(re.compile("/overview/$"))
    expect(page.locator(".toast")).to_contain_text("already")

    again = visitor()
    page = again.visit(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This invitation does not work")
    again.errors[:] = [error for error in again.errors if "410" not in error]
    second = new_address()
    link = invite(owner, second)
    owner.page.get_by_role("button", name=f"Revoke the invitation of {second}").click()
    expect(owner.page.locator(".toast")).to_contain_text("Its link is dead")
    page = again.visit(link)
    expect(page.locator("main")).to_contain_text("was revoked")
    again.errors[:] = [error for error in again.errors if "410" not in error]
