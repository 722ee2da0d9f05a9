"""A template's history and files in a browser: compare, restore, export, import."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.xdist_group("browser")
FILE = b"""landfall: 1
name: From a file
board: esp8266
datastreams:
- {pin: 3, name: Flow, kind: integer, unit: l}
"""
BROKEN = "landfall: 1\nname: From a file\nboard: toaster\ncolour: red\n"


def make(page: Page, address: str, name: str) -> str:
    """A template with two revisions; gives its address."""
    page.goto(f"{address}/templates/new/?name=First")
    page.get_by_role("button", name="Create template").click()
    page.wait_for_url(re.compile(r"/templates/TMPL"))
    made = page.url
    page.goto(f"{made}edit/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save changes").click()
    page.wait_for_url(made)
    return made


@pytest.mark.parametrize("phone", [False, True])
def test_compare_and_restore(visitor: Open, phone: bool) -> None:
    window = visitor(phone=phone)
    page = window.sign_in()
    make(page, window.running.address, "Second")

    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("row", name=re.compile("Revision 2"))).to_contain_text("Renamed from “First” to “Second”")
    page.get_by_role("link", name="Compare revision 2 with the one before").click()
    expect(page.get_by_role("row", name=re.compile("^Name"))).to_contain_text("changed")
    assert not window.overflows()
    page.get_by_role("link", name="All revisions").click()
    page.get_by_role("link", name="Restore revision 1").click()
    page.get_by_role("button", name="Restore revision 1").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("First")
    expect(page.get_by_role("row", name=re.compile("Revision 3"))).to_contain_text("Renamed from “Second” to “First”")


def test_import_by_file_and_by_text(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    window.visit("/templates/")
    page.get_by_role("link", name="Import").click()

    page.get_by_label("Or its text").fill(BROKEN)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("row", name=re.compile("Line 3"))).to_contain_text("catalogue")
    expect(page.get_by_role("row", name=re.compile("Line 4"))).to_contain_text("colour")
    window.errors[:] = [error for error in window.errors if "422" not in error]

    page.get_by_label("Or its text").fill("")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "template.yaml", "mimeType": "application/yaml", "buffer": FILE}
    )
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("row", name=re.compile("Datastream V3"))).to_contain_text("Flow, Integer, l")
    page.get_by_role("button", name="Make this template").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("From a file")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    assert "pin: 3" in download.value.path().read_text()


def test_duplicate_and_delete(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    made = make(page, window.running.address, "To be copied")

    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Copy of To be copied")
    page.goto(f"{made}delete/")
    page.get_by_role("textbox").last.fill("To be copied")
    page.get_by_role("button", name="Delete template").click()

    page.wait_for_url("**/templates/")
    window.visit("/templates/?q=To+be+copied")
    expect(page.locator("tbody th a")).to_have_text("Copy of To be copied")
