"""Findings in a real browser: they come while the page waits, and the report is copied without secrets."""

import re
import socket

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.running import Landfall

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("phone", [True, False])
def test_finding_comes_while_the_page_waits_and_the_report_is_copied(
    visitor: Open, running: Landfall, phone: bool
) -> None:
    window = visitor(phone=phone)
    window.sign_in()
    page = window.visit("/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.wait_for_url(re.compile(r"/sessions/\d+/"))
    field = page.get_by_label("Auth token").first
    expect(field).to_have_value(re.compile("^lfd_"))
    token = field.input_value()
    with socket.create_connection(("127.0.0.1", running.gateway_port), timeout=20) as board:
        cut = token[:20] + "x" * 12
        board.sendall(b"\x1d\x00\x01\x00\x20" + cut.encode())
        assert board.recv(5)[4] == 9
    finding = page.locator(".session-finding").first
    expect(finding).to_contain_text("The token reached the board cut or mistyped.")
    expect(finding.locator("pre")).to_contain_text(token[:8])
    assert window.violations() == []
    page.get_by_role("button", name="Copy report").click()
    # The answer is shown for two seconds, and stays in place after that.
    expect(page.locator("#progress [data-copy-answer]")).to_have_text("Copied")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert "token_cut" in copied
    assert token not in copied
    assert cut not in copied


def test_what_is_being_typed_survives_a_finding_and_the_answer_decides(visitor: Open, running: Landfall) -> None:
    window = visitor(phone=True)
    window.sign_in()
    page = window.visit("/sessions/new/")
    page.get_by_role("button", name="Issue token").click()
    page.wait_for_url(re.compile(r"/sessions/\d+/"))
    page.locator("summary", has_text="The serial log").click()
    log = page.get_by_label("What the serial monitor shows")
    log.fill("[2700] AP IP:   0.0.0.0")
    with socket.create_connection(("127.0.0.1", running.gateway_port), timeout=20) as board:
        board.sendall(b"GET / HTTP/1.1\r\n\r\n")
        board.recv(1)
    expect(page.locator(".session-finding").first).to_be_visible()
    expect(page.locator(".session-question")).to_contain_text("What is the LED on the board doing?")
    assert log.input_value() == "[2700] AP IP:   0.0.0.0"
    page.get_by_role("button", name="Read the log").click()
    expect(page.locator(".session-finding").first).to_contain_text("Arduino core may be too old")
    expect(page.locator(".session-question")).to_have_count(0)
    expect(page.get_by_label("Auth token").first).to_have_value(re.compile("^lfd_"))
