"""The boards catalogue: its list and the page of each board."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from templates_app.boards import BOARDS, Board, by_key
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, soup, texts, words

LIST = "/boards/"
EVERY_BOARD = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)


def url_of(board: Board) -> str:
    return f"/boards/{board.key.value}/"


def test_the_list_links_to_every_board(cast: Cast) -> None:
    links = soup(signed_in(cast.vic).get(LIST)).select("tbody th a")

    assert [(words(link), link["href"]) for link in links] == [(board.name, url_of(board)) for board in BOARDS]


def test_the_list_says_where_no_sketch_is_public(cast: Cast) -> None:
    sketches = texts(signed_in(cast.vic).get(LIST), "td[data-label='Edgent sketch']")

    assert sketches[0] == "Edgent_ESP32"
    assert sketches[-1] == "none is public"


@EVERY_BOARD
@pytest.mark.parametrize("name", ["alice", "vic", "sam"])
def test_every_member_of_any_team_reads_a_board(cast: Cast, board: Board, name: str) -> None:
    response = signed_in(cast.member(name)).get(url_of(board))

    assert response.status_code == 200
    assert words(one(response, "h1")) == board.name


@EVERY_BOARD
def test_a_board_shows_each_fact_with_its_source(cast: Cast, board: Board) -> None:
    page = words(one(signed_in(cast.vic).get(url_of(board)), "main"))

    for note in board.notes:
        assert f"{note.text} {note.source}" in page
    for way in board.ways:
        assert f"{way.route.label}. {way.text} {way.source}" in page


def test_led_patterns_are_drawn_and_said(cast: Cast) -> None:
    response = signed_in(cast.vic).get("/boards/mkr1000/")

    lamps = soup(response).select("tbody th svg.led")
    assert len(lamps) == len(by_key("mkr1000").editions[0].led) == len(soup(response).select("svg.led-strip"))
    assert lamps[0]["class"] == ["led", "led-blink-50-500"]
    assert texts(response, "td[data-label='Its LED']")[0] == "Blue, on for 50 ms, off for 500 ms"


def test_nothing_on_a_board_is_styled_inline(cast: Cast) -> None:
    assert not has(signed_in(cast.vic).get("/boards/esp32/"), "main [style], main style, main script")


def test_two_libraries_are_two_tabs_with_their_own_pins(cast: Cast) -> None:
    response = signed_in(cast.vic).get("/boards/esp32/")

    assert texts(response, ".tab") == ["Blynk 1.0.0 and later", "BlynkEdgent 0.9.0 and later"]
    assert "USE_WROVER_BOARD" in texts(response, "#edition-blynk td[data-label='Defined by']")
    assert "ARDUINO_WROVER_BOARD" in texts(response, "#edition-blynkedgent td[data-label='Defined by']")


def test_a_board_without_a_button_asks_for_one(cast: Cast) -> None:
    rows = soup(signed_in(cast.vic).get("/boards/esp8266/")).select("#edition-blynk tbody tr")

    mini = next(words(row) for row in rows if "D1 mini" in words(row))
    assert "pin 0 add a button" in mini
    assert "One colour, pin 2, lit by a low level" in mini


def test_rgb_pins_are_told_apart(cast: Cast) -> None:
    response = signed_in(cast.vic).get("/boards/esp32/")

    assert "RGB: R 0, G 2, B 4" in texts(response, "#edition-blynk td[data-label='LED']")


def test_how_to_reset_is_told_for_each_library(cast: Cast) -> None:
    response = signed_in(cast.vic).get("/boards/esp32/")

    assert "Hold the button for 10 seconds" in words(one(response, "#edition-blynk"))
    assert "longer than 20 seconds, nothing is erased" in words(one(response, "#edition-blynkedgent"))


def test_a_dark_led_says_why(cast: Cast) -> None:
    response = signed_in(cast.vic).get("/boards/wio-terminal/")

    assert not has(response, "svg.led")
    assert "LED answers" not in words(one(response, "#edition-blynk"))
    assert "It shows nothing with this library." in words(one(response, "#edition-blynk"))


def test_where_nothing_is_public_the_page_says_so(cast: Cast) -> None:
    response = signed_in(cast.vic).get("/boards/cc3220/")

    assert "Nothing public is known about its pins" in words(one(response, "main"))
    assert not has(response, "svg.led, .tabset")


def test_any_other_board_is_up_to_its_sketch(cast: Cast) -> None:
    response = signed_in(cast.vic).get("/boards/other/")

    assert "up to its sketch" in texts(response, ".facts dd")


def test_those_who_may_edit_start_a_template_with_the_board_chosen(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    link = one(browser.get("/boards/mkr1000/"), ".page-actions a.btn-primary")

    chosen = one(browser.get(str(link["href"])), "#id_board option[selected]")

    assert chosen["value"] == "mkr1000"
    assert not has(signed_in(cast.vic).get("/boards/mkr1000/"), ".page-actions a")


def test_a_templates_board_links_to_its_page(cast: Cast, template: Template) -> None:
    page = soup(signed_in(cast.vic).get(f"/templates/{template.template_id}/"))

    assert [words(link) for link in page.select("main .facts a[href='/boards/esp32/']")] == ["ESP32"]


def test_the_form_of_a_template_links_to_the_catalogue(cast: Cast) -> None:
    assert has(signed_in(cast.dan).get("/templates/new/"), f"main a[href='{LIST}']")


def test_the_palette_finds_the_catalogue(cast: Cast) -> None:
    found = signed_in(cast.vic).get("/palette/", {"q": "board"}).json()

    assert {"title": "Boards", "kind": "page", "url": LIST} in found


@pytest.mark.parametrize("address", ["/boards/toaster/", "/boards/ESP32/", "/boards/%00/", "/boards/esp32/more/"])
def test_what_is_no_board_is_404(cast: Cast, address: str) -> None:
    assert signed_in(cast.alice).get(address).status_code == 404


@pytest.mark.parametrize("address", [LIST, "/boards/esp32/"])
def test_signed_out_are_sent_to_sign_in(client: Client, db: None, address: str) -> None:
    assert "/accounts/login/" in client.get(address)["Location"]


@pytest.mark.parametrize("address", [LIST, "/boards/esp32/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_wrong_method(cast: Cast, address: str, method: str) -> None:
    assert getattr(signed_in(cast.alice), method)(address).status_code == 405


@pytest.mark.parametrize("address", [LIST, "/boards/esp32/", "/boards/other/"])
def test_only_who_is_asking_is_looked_up(cast: Cast, template: Template, address: str) -> None:
    browser = signed_in(cast.vic)

    with CaptureQueriesContext(connection) as queries:
        browser.get(address)

    assert len(queries) == 3
