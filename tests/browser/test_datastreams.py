"""Datastreams in the browser: rows come and go in place, and by the server where there is no script."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Visitor

pytestmark = pytest.mark.xdist_group("browser")


def new_template(window: Visitor, name: str) -> Page:
    """The page of datastreams of a template just made."""
    page = window.visit("/templates/new/")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create template").click()
    page.wait_for_url(re.compile(r"/templates/TMPL[^/]+/$"))
    page.get_by_role("link", name="Datastreams").click()
    page.wait_for_url("**/datastreams/")
    return page


def streams(page: Page) -> Locator:
    return page.locator("[data-rows=datastream] > li")


def add_stream(page: Page, name: str, kind: str = "Integer") -> None:
    count = streams(page).count()
    page.get_by_role("button", name="Add datastream").click()
    expect(streams(page)).to_have_count(count + 1)
    streams(page).last.get_by_label("Name").fill(name)
    streams(page).last.get_by_label("Type").select_option(kind)


def names(page: Page) -> list[str]:
    return [row.get_by_label("Name").input_value() for row in streams(page).all()]


@pytest.mark.parametrize("script", [True, False])
def test_rows_are_added_edited_and_removed(visitor: Open, script: bool) -> None:
    window = visitor(script=script)
    window.sign_in()
    page = new_template(window, f"Streams {script}")
    for name, kind in (("Air", "Decimal"), ("Water", "Integer"), ("Lamp", "Switch")):
        add_stream(page, name, kind)
    page.get_by_role("button", name="Add event").click()
    page.get_by_label("Code").fill("too_hot")
    page.get_by_label("Title").fill("Too hot")
    streams(page).nth(1).get_by_role("button").click()
    expect(streams(page)).to_have_count(2)
    page.get_by_role("button", name="Save changes", exact=True).last.click()
    expect(page.get_by_text("Revision 2 is saved.")).to_be_visible()
    page.wait_for_load_state()
    assert names(page) == ["Air", "Lamp"]
    assert [row.get_by_label("Pin").input_value() for row in streams(page).all()] == ["V0", "V2"]
    streams(page).first.get_by_label("Unit").fill("°C")
    streams(page).first.get_by_label("Unit").press("Enter")
    expect(page.get_by_text("Revision 3 is saved.")).to_be_visible()
    expect(streams(page).first.get_by_label("Unit")).to_have_value("°C")


def test_focus_goes_where_the_work_is(visitor: Open) -> None:
    window = visitor()
    window.sign_in()
    page = new_template(window, "Focus")
    page.get_by_role("button", name="Add datastream").press("Enter")
    expect(streams(page).first.get_by_label("Name")).to_be_focused()
    page.get_by_role("button", name="Add datastream").press("Enter")
    streams(page).first.get_by_role("button").press("Enter")
    expect(streams(page).first.get_by_role("button")).to_be_focused()
    streams(page).first.get_by_role("button").press("Enter")
    expect(page.get_by_role("button", name="Add datastream")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("Row removed")
    page.get_by_role("button", name="Add datastream").click()
    page.get_by_role("button", name="Save changes", exact=True).last.click()
    expect(streams(page).first.get_by_label("Name")).to_be_focused()
    expect(page.locator(".field-error")).to_contain_text("Give the datastream a name.")
    window.errors[:] = [error for error in window.errors if "422" not in error]


@pytest.mark.parametrize(("phone", "dark"), [(phone, dark) for phone in (True, False) for dark in (False, True)])
def test_full_and_wrong_rows_fit_every_screen(visitor: Open, phone: bool, dark: bool) -> None:
    window = visitor(phone=phone, dark=dark)
    window.sign_in()
    look = f"{'360' if phone else '1440'}-{'dark' if dark else 'light'}"
    page = new_template(window, f"Full {look}")
    for name in ("Air temperature at the north wall", "Water", "W" * 60):
        add_stream(page, name, "Decimal")
        streams(page).last.get_by_label("Minimum").fill("-9999999999.99999")
    for code in ("too_hot", "no way", "x" * 64):
        page.get_by_role("button", name="Add event").click()
        page.get_by_label("Code").last.fill(code)
        page.get_by_label("Title").last.fill("Too hot at the north wall")
    page.get_by_role("button", name="Save changes", exact=True).last.click()
    expect(page.locator(".field-error")).to_have_count(1)
    window.shoot(f"datastreams-{look}")
    assert window.violations() == []
    assert not window.overflows()
    window.errors[:] = [error for error in window.errors if "422" not in error]
