"""Check my sketch in a real browser: paste, findings, copy; and compiled files that stay in the browser."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visitor

pytestmark = pytest.mark.xdist_group("browser")

NOISE_BYTES = 20_000_000


def open_check(window: Visitor, *, script: bool = True) -> tuple[Page, str]:
    """The check page of the first template, and that template's id."""
    page = window.sign_in()
    page.goto(window.running.address + "/templates/")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="Check my sketch").click()
    expect(page.get_by_role("heading", name="Paste a text")).to_be_visible()
    if script:
        expect(page.locator("[data-firmware-tag][data-ready]")).to_be_visible()
    found = re.search(r"TMPL[\w-]{9}", page.url)
    assert found
    return page, found[0]


def tag(**pairs: str) -> bytes:
    """The tag of a compiled file; `_` in a name stands for `-`."""
    return b"blnkinf\0" + b"".join(f"{k.replace('_', '-')}\0{v}\0".encode() for k, v in pairs.items()) + b"\0"


def test_paste_findings_and_copy_the_corrected_line(visitor: Open) -> None:
    window = visitor()
    page, template_id = open_check(window)
    address = page.url

    page.get_by_label("Your text").fill(f'#define BLYNK_TEMPLATE_ID "{template_id.lower()}"\n')
    page.get_by_role("button", name="Check the text").click()

    finding = page.locator("[data-finding=id-not-exact]")
    expect(finding).to_contain_text("Line 1:")
    expect(page.locator("#check-result")).to_be_focused()
    finding.get_by_role("button", name=re.compile("Copy")).click()
    expect(finding.locator("[data-copy-answer]")).to_have_text(re.compile("^Copied"))
    assert page.evaluate("navigator.clipboard.readText()") == f'#define BLYNK_TEMPLATE_ID "{template_id}"'
    assert page.url == address
    assert window.violations() == []

    page.get_by_label("Your text").fill("hello")
    page.get_by_role("button", name="Check the text").click()
    expect(page.locator("#check-result")).to_contain_text("This is no sketch")


def test_it_works_without_javascript(visitor: Open) -> None:
    page, template_id = open_check(visitor(script=False), script=False)

    page.get_by_label("Your text").fill("#define BLYNK_TEMPLATE_ID\n")
    page.get_by_role("button", name="Check the text").click()

    expect(page.locator("[data-finding=define-empty]")).to_contain_text(f'#define BLYNK_TEMPLATE_ID "{template_id}"')


def test_a_text_of_three_megabytes_is_answered_in_a_sentence(visitor: Open) -> None:
    window = visitor()
    page, _ = open_check(window)

    page.evaluate("document.getElementById('id_text').value = ('x'.repeat(999) + '\\n').repeat(3000)")
    page.get_by_role("button", name="Check the text").click()

    expect(page.locator("#toasts")).to_contain_text("larger than this Landfall takes")
    window.errors[:] = [error for error in window.errors if "413" not in error]


def test_compiled_file_is_read_here_and_sent_nowhere(visitor: Open, tmp_path: Path) -> None:
    window = visitor(phone=True)
    page, template_id = open_check(window)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    # The word alone, as in a program that looks for it, and then the tag, across the border of two slices.
    before = b"blnkinf\0not a tag\xff" + bytes((1 << 20) - 22)
    file = tmp_path / "firmware.bin"

    file.write_bytes(before + tag(mcu="0.1.0", fw_type=template_id, build="Nov 1 2026", blynk="1.4.0") + bytes(5000))
    page.get_by_label("Compiled firmware, .bin").set_input_files(file)
    result = page.locator("[data-firmware-result]")
    expect(result).to_contain_text("The file was built for this template.")
    expect(result.locator("dd")).to_have_text(["0.1.0", template_id, "Nov 1 2026", "1.4.0"])

    file = tmp_path / "other.bin"
    file.write_bytes(tag(mcu="0.1.0", fw_type="TMPLsomeOther"))
    page.get_by_label("Compiled firmware, .bin").set_input_files(file)
    expect(result).to_contain_text("The file was built for another template.")
    expect(result.get_by_role("link", name="Open TMPLsomeOther")).to_have_attribute("href", "/templates/TMPLsomeOther/")
    assert sent == []
    assert window.violations() == []
    assert not window.overflows()


def test_twenty_megabytes_of_noise_have_no_tag(visitor: Open, tmp_path: Path) -> None:
    page, _ = open_check(visitor())
    file = tmp_path / "noise.bin"
    file.write_bytes(random.Random(20).randbytes(NOISE_BYTES))

    page.get_by_label("Compiled firmware, .bin").set_input_files(file)

    expect(page.locator("[data-firmware-result]")).to_contain_text("The file has no tag of the Blynk library.")
    expect(page.locator("[data-firmware-result]")).to_contain_text("20,000,000 bytes were read.")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"blnkinf\0",
        b"blnkinf\0\0",
        b"blnkinf\0mcu\0",
        b"blnkinf\0mcu\0" + b"x" * 5000 + b"\0\0",
        b"blnkinf\0" + b"a\0b\0" * 5000,
        b"blnkinf\0<b>\0x\0\0",
        b"blnkinf\0" * 20_000,
    ],
)
def test_broken_tags_are_none(visitor: Open, tmp_path: Path, content: bytes) -> None:
    page, _ = open_check(visitor())
    file = tmp_path / "broken.bin"
    file.write_bytes(content)

    page.get_by_label("Compiled firmware, .bin").set_input_files(file)

    expect(page.locator("[data-firmware-result]")).to_contain_text("has no tag")


def test_file_can_be_dropped(visitor: Open) -> None:
    page, _ = open_check(visitor())

    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["blnkinf\\0fw-type\\0<img src=x>\\0\\0"], "dropped.bin"));
          const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true});
          document.querySelector("[data-drop-zone]").dispatchEvent(drop);
        }"""
    )

    expect(page.locator("[data-firmware-result]")).to_contain_text("<img src=x>")
