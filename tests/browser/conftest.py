"""A real browser against a whole running Landfall."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.running import Landfall, landfall

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1440, "height": 900}
AXE = Path(__file__).parent.parent / "clients" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(__file__).parent.parent / "artifacts"

PATIENCE_MS = 60_000
"""A busy machine is slow, not wrong."""
expect.set_options(timeout=PATIENCE_MS)

# Shorter than the five minutes after which some pages ask for the password again.
SHARED_SECONDS = 150.0
_sign_ins: dict[str, tuple[Any, float]] = {}


def pytest_collection_finish(session: pytest.Session) -> None:
    """See that all of these tests go to one worker: each that goes elsewhere starts a Landfall of its own."""
    if getattr(session.config.option, "loadgroup", False):
        ours = [item for item in session.items if item.path.is_relative_to(Path(__file__).parent)]
        if loose := [item.nodeid for item in ours if not item.nodeid.endswith("@browser")]:
            raise pytest.UsageError(f"Not in the group of browser tests: {', '.join(loose[:3])}")


@pytest.fixture(scope="package")
def running() -> Iterator[Landfall]:
    with landfall() as started:
        yield started


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    # For as long as Playwright runs there is a loop in this thread: it must be gone before other tests make theirs.
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


class Visitor:
    """One person's browser window, which notes every error of the page."""

    def __init__(self, context: BrowserContext, running: Landfall) -> None:
        self.page: Page = context.new_page()
        self.context = context
        self.running = running
        self.errors: list[str] = []
        self.is_examined = False
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("framenavigated", self._forget_examination)

    def _note(self, message: ConsoleMessage) -> None:
        """Keep errors. axe-core tries inline styles, which the page's policy refuses: those are not the page's."""
        if message.type == "error" and not (self.is_examined and "inline style" in message.text):
            self.errors.append(message.text)

    def _forget_examination(self, _frame: Frame) -> None:
        self.is_examined = False

    def visit(self, path: str) -> Page:
        self.page.goto(self.running.address + path)
        return self.page

    def sign_in(self, *, is_anew: bool = False) -> Page:
        """Signed in, on the overview; as a rule by a sign-in that an earlier window made within the last minutes.

        Windows that share one also share the team that is shown and what the server keeps of a sign-in.
        """
        cookies, until = _sign_ins.get(self.running.address, ([], 0.0))
        if cookies and time.monotonic() < until and not is_anew:
            self.context.add_cookies(cookies)
            self.visit("/overview/")
            return self.page
        self._sign_in_by_form()
        if not is_anew:
            kept: Any = [cookie for cookie in self.context.cookies() if cookie["name"] == "sessionid"]
            _sign_ins[self.running.address] = (kept, time.monotonic() + SHARED_SECONDS)
        return self.page

    def _sign_in_by_form(self) -> None:
        self.visit("/accounts/login/")
        self.page.get_by_label("Email").or_(self.page.get_by_label("E-mail")).first.fill(self.running.email)
        self.page.get_by_label("Password", exact=True).fill(self.running.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/overview/")

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page as it is now."""
        self.is_examined = True
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        return [
            f"{v['id']}: {node['html'][:160]} {json.dumps(node['any'][:1])[:300]}" for v in found for node in v["nodes"]
        ]

    def has_forgotten(self, keys: str) -> None:
        """Until this tab keeps nothing whose name begins so; a page's scripts run after its text can be seen."""
        script = "(keys) => Object.keys(sessionStorage).every((key) => !new RegExp(`^landfall.(${keys})`).test(key))"
        self.page.wait_for_function(script, arg=keys)

    def overflows(self) -> bool:
        """Whether the page scrolls sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def shoot(self, name: str, *, whole: bool = True) -> None:
        SHOTS.mkdir(exist_ok=True)
        # Playwright hides the caret by an inline style, which the page's policy refuses and logs.
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=whole, caret="initial")


type Open = Callable[..., Visitor]


@pytest.fixture
def visitor(browser: Browser, running: Landfall) -> Iterator[Open]:
    """Opens windows of any size and theme; a page that logged an error fails the test."""
    opened: list[Visitor] = []

    def open_window(*, phone: bool = False, dark: bool = False, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            # A colour on its way to another is none that the contrast could be held against.
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened.append(Visitor(context, running))
        return opened[-1]

    yield open_window
    errors = [error for window in opened for error in window.errors]
    for window in opened:
        window.context.close()
    assert errors == []
