"""Second factors, passkeys and browsers, with a real browser and Chromium's virtual authenticator."""

import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Open, Visitor
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "a long enough password"
MAKE = """
from console.teams.models import User
from console.teams.actions import teams
user = User.objects.create_user({email!r}, {password!r})
teams.start(user=user)
"""


@pytest.fixture
def home(running: Landfall) -> str:
    """The address with a name: browsers give no passkeys to a number."""
    return f"http://localhost:{urlsplit(running.address).port}"


@pytest.fixture
def email(running: Landfall, request: pytest.FixtureRequest) -> str:
    """A person of this test's own, with a team."""
    address = f"{request.node.name.replace('_', '-')[:50]}@example.com"
    running.manage("shell", "--no-imports", "-c", MAKE.format(email=address, password=PASSWORD))
    return address


def give_password(page: Page, home: str, email: str) -> None:
    page.goto(f"{home}/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code_of(secret: str, *, later: int = 0) -> str:
    """The code of this half minute, or of one to come: a code that was used does not count again."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def authenticator_of(window: Visitor) -> tuple[CDPSession, str]:
    """A passkey keeper in the browser, which knows its owner by touch."""
    session = window.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def add_passkey(page: Page, home: str, *, alone: bool) -> None:
    page.goto(f"{home}/accounts/2fa/webauthn/add/")
    box = page.get_by_label("Sign in with this passkey alone")
    box.set_checked(alone)
    page.get_by_role("button", name="Add passkey").click()
    page.wait_for_url("**/recovery-codes/")


def set_up_app(page: Page, home: str) -> tuple[str, list[str]]:
    page.goto(f"{home}/accounts/2fa/totp/activate/")
    secret = page.locator("#copy-totp-secret").input_value()
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/recovery-codes/")
    return secret, page.locator("#recovery-codes").inner_text().split()


def sign_out(page: Page, home: str) -> None:
    page.goto(f"{home}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{home}/")


def test_app_is_set_up_and_signs_in(visitor: Open, home: str, email: str) -> None:
    window = visitor()
    page = window.page
    give_password(page, home, email)
    page.wait_for_url("**/overview/")
    secret, codes = set_up_app(page, home)
    window.shoot("recovery-codes-1440-light")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.path().read_text().split() == codes
    sign_out(page, home)
    give_password(page, home, email)
    page.wait_for_url("**/2fa/authenticate/")
    window.shoot("second-factor-1440-light")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#id_code_note")).to_contain_text("That code does not fit")
    page.get_by_label("Code").fill(code_of(secret, later=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/overview/")


def test_recovery_code_signs_in_once(visitor: Open, home: str, email: str) -> None:
    page = visitor(phone=True).page
    give_password(page, home, email)
    page.wait_for_url("**/overview/")
    _, codes = set_up_app(page, home)
    for arrives in (True, False):
        sign_out(page, home) if arrives else page.context.clear_cookies()
        give_password(page, home, email)
        page.wait_for_url("**/2fa/authenticate/")
        page.get_by_label("Code").fill(codes[0])
        page.get_by_role("button", name="Sign in", exact=True).click()
        if arrives:
            page.wait_for_url("**/overview/")
        else:
            expect(page.locator("#id_code_note")).to_contain_text("That code does not fit")


def test_passkey_is_the_second_factor(visitor: Open, home: str, email: str) -> None:
    window = visitor()
    page = window.page
    authenticator_of(window)
    give_password(page, home, email)
    page.wait_for_url("**/overview/")
    add_passkey(page, home, alone=False)
    sign_out(page, home)
    give_password(page, home, email)
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/overview/")


def test_passkey_signs_in_alone(visitor: Open, home: str, email: str) -> None:
    window = visitor()
    page = window.page
    authenticator_of(window)
    give_password(page, home, email)
    page.wait_for_url("**/overview/")
    add_passkey(page, home, alone=True)
    page.goto(f"{home}/accounts/2fa/webauthn/")
    expect(page.locator(".rows")).to_contain_text("signs in alone")
    window.shoot("passkeys-own-1440-light")
    sign_out(page, home)
    page.goto(f"{home}/accounts/login/?next=/devices/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/devices/")


def test_passkey_of_a_person_who_was_switched_off_does_not_come_in(
    visitor: Open, running: Landfall, home: str, email: str
) -> None:
    window = visitor()
    page = window.page
    authenticator_of(window)
    give_password(page, home, email)
    page.wait_for_url("**/overview/")
    add_passkey(page, home, alone=True)
    off = f"from console.teams.models import User; User.objects.filter(email={email!r}).update(is_active=False)"
    running.manage("shell", "--no-imports", "-c", off)
    page.context.clear_cookies()
    page.goto(f"{home}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/accounts/inactive/")
    page.goto(f"{home}/overview/")
    page.wait_for_url("**/accounts/login/**")


def test_passkey_that_does_not_answer_is_told_in_words(visitor: Open, home: str, email: str) -> None:
    window = visitor()
    page = window.page
    session, authenticator = authenticator_of(window)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    give_password(page, home, email)
    page.wait_for_url("**/overview/")
    page.goto(f"{home}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.locator("[data-passkey-answer]")).to_contain_text("The passkey did not answer")


def test_another_browser_is_signed_out(visitor: Open, home: str, email: str) -> None:
    here, there = visitor(), visitor(phone=True)
    for window in (there, here):
        give_password(window.page, home, email)
        window.page.wait_for_url("**/overview/")
    here.page.goto(f"{home}/accounts/sessions/")
    here.shoot("browsers-two-1440-light")
    here.page.locator(".row").nth(1).get_by_role("button", name="Sign out").click()
    expect(here.page.locator(".rows .row")).to_have_count(1)
    there.page.goto(f"{home}/devices/")
    there.page.wait_for_url("**/accounts/login/**")


def test_team_that_requires_two_factors_lets_members_only_set_one_up(
    visitor: Open, running: Landfall, home: str, email: str
) -> None:
    window = visitor()
    page = window.page
    give_password(page, home, email)
    page.wait_for_url("**/overview/")
    strict = (
        "from console.teams.models import Team; "
        f"Team.objects.filter(members__user__email={email!r}).update(requires_two_factors=True)"
    )
    running.manage("shell", "--no-imports", "-c", strict)
    page.goto(f"{home}/devices/")
    page.wait_for_url("**/accounts/2fa/")
    expect(page.locator(".notice-title")).to_contain_text("requires two factors")
    window.shoot("two-factors-required-1440-light")
    set_up_app(page, home)
    page.goto(f"{home}/devices/")
    expect(page.get_by_role("heading", name="Devices")).to_be_visible()
