"""The picture at the top of the README: the page of a device that has just come online."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SHOTS, Open
from tests.browser.test_whole_job import make_template, name_it

pytestmark = pytest.mark.xdist_group("browser")

PICTURE = Path(__file__).parent.parent.parent / "docs" / "screenshot.png"
LARGEST_BYTES = 250_000


def place() -> Path:
    """Into the docs only when it is asked for, so that other runs leave the repository as it is."""
    if os.environ.get("README_PICTURE") == "1":
        return PICTURE
    SHOTS.mkdir(exist_ok=True)
    return SHOTS / "screenshot.png"


def write_value(page: Page, pin: str, value: str) -> None:
    page.get_by_label("Pin", exact=True).fill(pin)
    page.get_by_label("Value", exact=True).fill(value)
    page.get_by_role("button", name="Write value").click()
    expect(page.locator("#device-timeline")).to_contain_text(f"wrote {value} to {pin}")


def test_readme_picture(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    make_template(page, "Soil Sensor")
    page.get_by_role("link", name="Add device").first.click()
    page.get_by_role("button", name="Issue token").click()
    page.get_by_role("button", name="Start a virtual device").click()
    name_it(page, "Greenhouse south")
    write_value(page, "V4", "on")
    expect(page.locator("#device-values")).to_contain_text(re.compile(r"V0.*V1", re.DOTALL))
    page.mouse.move(720, 20)
    expect(page.locator("#toasts .toast")).to_have_count(0)
    page.screenshot(path=place(), caret="initial")
    assert place().stat().st_size < LARGEST_BYTES
