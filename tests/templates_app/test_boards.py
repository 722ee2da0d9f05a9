import re

import pytest

from templates_app.boards import BOARDS, CHOICES, Board, BoardChoice, BoardKey, LedKind, Library, Route, by_key
from templates_app.hotspot import SuffixSource


def test_every_key_has_one_board_in_the_order_of_the_keys() -> None:
    assert [board.key for board in BOARDS] == list(BoardKey)


def test_the_boards_of_the_help_article_are_there() -> None:
    names = {board.name for board in BOARDS}

    assert {
        "ESP32",
        "ESP8266",
        "Seeed Wio Terminal",
        "Arduino MKR WiFi 1010",
        "Arduino Nano 33 IoT",
        "Texas Instruments CC3220",
        "Raspberry Pi / Linux",
    } <= names


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_a_board_is_found_by_its_key_and_can_be_picked(board: Board) -> None:
    found = by_key(board.key.value)

    assert found is board
    assert (found.key.value, found.name) in CHOICES
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found.key.value)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="toaster"):
        by_key("toaster")


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_every_fact_names_its_source(board: Board) -> None:
    told = [(fact.text, fact.source) for fact in board.notes] + [(fact.text, fact.source) for fact in board.ways]

    assert told
    assert all(text.endswith(".") and source for text, source in told)
    assert all(
        edition.choices_source and edition.led_source and edition.hold.source and edition.choices
        for edition in board.editions
    )


def test_the_seeds_sketch_is_the_esp32s() -> None:
    assert by_key("esp32").sketch == "Edgent_ESP32"


def test_usb_set_up_is_offered_only_where_the_sketch_has_a_console() -> None:
    assert {board.key for board in BOARDS if Route.USB in board.routes} == {
        BoardKey.ESP32,
        BoardKey.ESP8266,
        BoardKey.WIO_TERMINAL,
    }


def test_every_board_can_be_given_a_token_by_a_program() -> None:
    assert all(Route.API in board.routes for board in BOARDS)


def test_a_board_with_an_edgent_sketch_opens_a_hotspot() -> None:
    assert all(board.has_hotspot for board in BOARDS if board.sketch)


def test_a_suffix_that_can_be_computed_belongs_to_known_naming_rules() -> None:
    assert all(board.generations for board in BOARDS if board.suffix_source)
    assert by_key("esp32").suffix_source is SuffixSource.EFUSE_MAC
    assert by_key("esp8266").suffix_source is SuffixSource.STATION_MAC
    assert by_key("mkr1000").suffix_source is SuffixSource.REVERSED_MAC


def test_where_no_sketch_is_public_the_board_says_so() -> None:
    assert "public" in by_key("cc3220").notes[0].text


def test_library_ranges_read_as_words() -> None:
    assert str(Library("Blynk", "1.0.0")) == "Blynk 1.0.0 and later"
    assert str(Library("Blynk", "1.0.1", "1.2.0")) == "Blynk 1.0.1 to 1.2.0"


def test_a_board_with_a_sketch_has_an_edition_for_each_library() -> None:
    for board in BOARDS:
        assert [edition.library for edition in board.editions] == list(board.libraries)
        assert bool(board.sketch) == bool(board.editions)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_every_button_is_held_for_ten_seconds(board: Board) -> None:
    assert {edition.hold.seconds for edition in board.editions} <= {10}


def test_pins_of_the_settings() -> None:
    first = [board.editions[0] for board in BOARDS if board.editions]
    choices = {choice.macro: choice for edition in first for choice in edition.choices}

    assert choices["USE_WROVER_BOARD"].button_pin == "15"
    assert choices["USE_WROVER_BOARD"].led_pins == ("0", "2", "4")
    assert choices["USE_ESP32C3_DEV_MODULE"].led is LedKind.WS2812
    assert choices["USE_ESP32_DEV_MODULE"].led is LedKind.NONE
    assert choices["USE_NODE_MCU_BOARD"].is_led_inverted
    assert not choices["USE_WEMOS_D1_MINI"].has_button
    assert choices["USE_WITTY_CLOUD_BOARD"].led_pins == ("15", "12", "13")


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_a_macro_picks_one_row(board: Board) -> None:
    for edition in board.editions:
        macros = [choice.macro for choice in edition.choices]
        assert len(macros) == len(set(macros))


def test_an_led_with_too_few_pins_is_refused() -> None:
    with pytest.raises(ValueError, match="3 pins"):
        BoardChoice("USE_IT", "Board", "0", LedKind.RGB, ("1", "2"))


def test_known_trouble_is_told() -> None:
    def trouble(key: str) -> str:
        return " ".join(note.text for note in by_key(key).trouble)

    assert "D1 mini has no button" in trouble("esp8266")
    assert "pool.ntp.org" in trouble("esp8266")
    assert "RFC 6066" in trouble("esp8266")
    assert "AP IP: 0.0.0.0" in trouble("esp32")
    assert "LED stays dark" in trouble("wio-terminal")
    assert "/update" in trouble("wio-terminal")
    assert "gone from library 1.3.0" in trouble("mkr-wifi-1010")
    assert "Nothing public is known" in trouble("cc3220")
