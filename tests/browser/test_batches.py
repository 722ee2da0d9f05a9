"""A batch in a real browser: the sheet, its CSV, tokens that live in one tab, and two virtual devices that use them."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from console.kit.tokens import TOKEN_PREFIX, is_ours
from tests.browser.conftest import Open, Visitor

pytestmark = pytest.mark.xdist_group("browser")
LIST = "name,mac,tags\n=Bed 1,24:6F:28:0B:02:0{},north|soil\nBed 2,24:6F:28:0C:02:0{},soil\nBed 3,,"


def open_batch(window: Visitor, number: int) -> str:
    """Open a batch of three through its form; returns the address of its sheet."""
    page = window.page
    page.goto(window.running.address + "/sessions/")
    page.get_by_role("link", name="Batches").click()
    page.get_by_role("link", name="New batch").first.click()
    page.get_by_label("Or the list as text").fill(LIST.format(number, number))
    page.get_by_role("button", name="Issue tokens").click()
    page.wait_for_url(re.compile(r"/sessions/batches/\d+/sheet/$"))
    return page.url


def tokens_of(page: Page) -> list[str]:
    return page.locator("[data-batch-token]").all_text_contents()


def start_virtual(window: Visitor, page: Page, session: str) -> None:
    """The session's page finds its token in this tab, and starts a virtual device with it."""
    page.goto(f"{window.running.address}/sessions/{session}/")
    page.get_by_role("button", name="Start a virtual device").click()
    expect(page.locator("#progress").get_by_role("link", name=re.compile("^Open "))).to_be_visible()


@pytest.mark.parametrize("phone", [True, False])
def test_a_batch_from_the_list_to_devices_online(visitor: Open, tmp_path: Path, phone: bool) -> None:
    window = visitor(phone=phone)
    page = window.sign_in()
    sheet = open_batch(window, 1 + phone)
    tokens = tokens_of(page)
    assert all(is_ours(token, TOKEN_PREFIX) for token in tokens)
    assert len(set(tokens)) == 3
    window.shoot(f"batch-sheet-fresh-{'360' if phone else '1440'}")
    assert not window.overflows()
    assert window.violations() == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    download.value.save_as(tmp_path / "batch.csv")
    rows = list(csv.DictReader(StringIO((tmp_path / "batch.csv").read_text("utf-8-sig"))))
    assert [row["token"] for row in rows] == tokens
    assert [row["name"] for row in rows] == ["'=Bed 1", "Bed 2", "Bed 3"]
    assert re.fullmatch(r"Blynk .+-[0-9A-Z]{4}", rows[0]["hotspot"])
    assert rows[0]["port"] == str(window.running.gateway_port)
    for row in rows[:2]:
        start_virtual(window, page, row["session"])
    page.goto(sheet.removesuffix("sheet/"))
    expect(page.locator("#progress-head")).to_have_text("2 of 3 activated")
    window.shoot(f"batch-progress-{'360' if phone else '1440'}")
    page.get_by_role("link", name="=Bed 1", exact=True).click()
    expect(page.locator("#device-facts")).to_contain_text("24:6F:28:0B:02:0")
    page.locator("#device-facts").get_by_role("link", name="north").click()
    expect(page.locator("tbody")).to_contain_text("=Bed 1")
    page.goto(sheet)
    assert tokens_of(page) == tokens[2:]
    cancel_the_rest(window)


def cancel_the_rest(window: Visitor) -> None:
    """Cancel what is open: the tab forgets every token of the batch."""
    page = window.page
    page.get_by_role("link", name="Follow the batch").click()
    page.wait_for_url(re.compile(r"/sessions/batches/\d+/$"))
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Cancel what is open").click()
    dialog = page.get_by_role("dialog")
    button = dialog.get_by_role("button", name="Cancel open sessions")
    expect(button).to_be_disabled()
    dialog.get_by_label(re.compile("to confirm")).fill(name)
    button.click()
    expect(page.get_by_text("1 session is cancelled")).to_be_visible()
    window.has_forgotten("token|batch")


def test_tokens_survive_a_reload_of_their_tab_and_are_nowhere_else(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    sheet = open_batch(window, 3)
    tokens = tokens_of(page)
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_text("The tokens are shown once")).to_be_visible()
    assert tokens_of(page) == tokens
    elsewhere = window.context.new_page()
    elsewhere.goto(sheet)
    expect(elsewhere.get_by_text("The tokens were shown once")).to_be_visible()
    assert not any(token in elsewhere.content() for token in tokens)
    assert tokens_of(elsewhere) == [f"{token[:8]}…" for token in tokens]
    elsewhere.close()


def test_on_paper_there_are_labels_alone(visitor: Open) -> None:
    window = visitor()
    page = window.sign_in()
    open_batch(window, 4)
    page.evaluate("window.print = () => window.dispatchEvent(new Event('afterprint'))")
    page.get_by_role("button", name="Print the sheet").click()
    page.emulate_media(media="print")
    expect(page.locator(".label").first).to_be_visible()
    for hidden in (".page-head", ".screen-only", ".rail"):
        expect(page.locator(hidden).first).to_be_hidden()
    window.shoot("batch-print")
    page.emulate_media(media="screen")
    # Printed, the page can be left without being asked.
    page.goto(window.running.address + "/sessions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Provisioning sessions")


def test_rows_with_errors_are_shown_and_left_out_only_when_somebody_says_so(visitor: Open, tmp_path: Path) -> None:
    window = visitor(phone=True)
    page = window.sign_in()
    page.goto(window.running.address + "/sessions/batches/new/")
    file = tmp_path / "beds.csv"
    file.write_bytes("\ufeffname;mac;tags\r\nBed 1;24:6F:28:0D:02:01;soil\r\nBed 2;24:6F;\r\nBed 1;;\r\n".encode())
    page.get_by_label("Or a list from a file").set_input_files(file)
    page.get_by_role("button", name="Issue tokens").click()
    expect(page.get_by_role("heading", name="2 rows cannot be opened. Nothing is opened yet.")).to_be_visible()
    expect(page.locator("tbody tr")).to_contain_text(["Line 3", "Line 4"])
    window.shoot("batch-check-360")
    assert not window.overflows()
    assert window.violations() == []
    page.get_by_role("button", name="Leave them out and issue 1 token").click()
    page.wait_for_url(re.compile(r"/sessions/batches/\d+/sheet/$"))
    assert len(tokens_of(page)) == 1
    window.errors[:] = [error for error in window.errors if "422" not in error]
