"""Exact names by MAC address, and labels to print."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.boards import BOARDS, Board, by_key
from templates_app.exact_names import exact_generations, exact_names
from templates_app.hotspot import Generation, pattern
from templates_app.labels import LABELS_LIMIT, label_of, read_macs, refusal, wifi_text
from templates_app.shown_names import shown
from tests.templates_app.strategies import any_text

MAC = bytes.fromhex("246F28010203")
MACS = st.binary(min_size=6, max_size=6)


def names(board: str) -> dict[Generation, str | None]:
    found = exact_names("Root Template", by_key(board), MAC)
    return {each.generation: each.hotspot.text if each.hotspot else None for each in found}


def test_known_board_has_the_known_names() -> None:
    assert names("esp32") == {
        Generation.V1_0: "Blynk Root Template-11504",
        Generation.V1_1: "Blynk Root Template-11504",
        Generation.V1_2: "Blynk Root Template-9A4R",
        Generation.EDGENT_0_9: "Blynk Root Template-9A4R",
    }


def test_wio_terminals_newer_name_does_not_follow_from_its_mac() -> None:
    found = {each.generation: each for each in exact_names("Pump", by_key("wio-terminal"), MAC)}

    assert found[Generation.EDGENT_0_9].hotspot is None
    assert "serial number" in found[Generation.EDGENT_0_9].note
    assert Generation.EDGENT_0_9 not in exact_generations(by_key("wio-terminal"))


@pytest.mark.parametrize("board", BOARDS)
def test_boards_have_exact_names_where_their_suffix_is_known(board: Board) -> None:
    assert bool(exact_names("Pump", board, MAC)) == bool(exact_generations(board)) == (board.suffix_source is not None)


def test_list_of_addresses_in_any_form() -> None:
    found = read_macs(" 24:6F:28:01:02:03\r\n\n246f28010204\n24-6f-28-01-02-05\n246f.2801.0206\n")

    assert [mac.hex()[-1] for mac in found.macs] == ["3", "4", "5", "6"]
    assert found.problems == ()


def test_each_line_that_is_not_usable_is_named() -> None:
    found = read_macs("246f28010203\npump\n\n24:6F:28:01:02:03\n" + "x" * 100)

    assert found.problems == (
        "Line 2: “pump” is no MAC address.",
        "Line 4 repeats line 1.",
        f"Line 5: “{'x' * 40}…” is no MAC address.",
    )


def test_more_than_a_sheet_is_a_problem() -> None:
    lines = [f"{number:012x}" for number in range(LABELS_LIMIT + 1)]

    assert read_macs("\n".join(lines[:-1])).problems == ()
    assert read_macs("\n".join(lines)).problems == ("There are 201 addresses; one sheet takes 200.",)


def test_a_page_of_noise_is_told_in_twenty_lines() -> None:
    problems = read_macs("noise\n" * 1000).problems

    assert len(problems) == 21
    assert problems[-1] == "And 980 more lines like these."


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    read_macs(text)


def read_wifi(text: str) -> str:
    """The network's name in a QR code's text, as a phone reads it."""
    found = re.fullmatch(r"WIFI:S:((?:[^\\;,:\"]|\\[\\;,:\"])*);T:nopass;;", text, re.DOTALL)
    assert found
    return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)


@given(any_text)
def test_phones_read_the_name_back(name: str) -> None:
    assert read_wifi(wifi_text(name)) == name


def test_characters_with_a_meaning_are_escaped() -> None:
    assert wifi_text('a;b:c,d"e\\f') == 'WIFI:S:a\\;b\\:c\\,d\\"e\\\\f;T:nopass;;'


def test_label_of_the_known_board() -> None:
    label = label_of("Root Template", by_key("esp32"), Generation.V1_2, MAC)

    assert (label.mac, label.ssid) == ("24:6F:28:01:02:03", "Blynk Root Template-9A4R")
    assert label.wifi == "WIFI:S:Blynk Root Template-9A4R;T:nopass;;"


@pytest.mark.parametrize(
    ("name", "generation", "words"),
    [
        ("a" * 30, Generation.V1_0, "open no hotspot"),
        ("a" * 19 + "\N{LATIN SMALL LETTER E WITH ACUTE}", Generation.V1_2, "inside a character"),
    ],
)
def test_names_that_fit_no_label(name: str, generation: Generation, words: str) -> None:
    assert words in refusal(pattern(name, generation))
    with pytest.raises(ValueError, match=words):
        label_of(name, by_key("esp32"), generation, MAC)


def test_board_without_a_known_suffix_has_no_label() -> None:
    with pytest.raises(ValueError, match="MAC address"):
        label_of("Pump", by_key("cc3220"), Generation.V1_2, MAC)


@given(any_text, st.sampled_from(Generation))
def test_pieces_of_a_shown_name_make_up_the_network(name: str, generation: Generation) -> None:
    hotspot = pattern(name, generation)

    pieces = shown(hotspot)

    assert pieces.before + pieces.kept + pieces.after == hotspot.text
    assert pieces.cut == hotspot.cut


def test_what_is_cut_stands_where_it_would_have_been() -> None:
    pieces = shown(pattern("Irrigation Controller North", Generation.V1_2))

    assert (pieces.before, pieces.kept, pieces.cut, pieces.after) == (
        "Blynk ", "Irrigation Controlle", "r North", "-XXXX",
    )  # fmt: skip
