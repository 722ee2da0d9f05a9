"""The boards catalogue in the API."""

import pytest

from templates_app.boards import BOARDS, by_key
from tests.cast import Cast
from tests.console.api.caller import PROBLEM, Caller, caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def vic(cast: Cast) -> Caller:
    return caller(cast.vic)


def test_the_list_has_every_board_in_one_page(vic: Caller) -> None:
    answer = vic.get("boards/")

    assert (answer.data["next"], answer.data["previous"]) == (None, None)
    assert [board["key"] for board in answer.data["results"]] == [board.key.value for board in BOARDS]


def test_one_board_is_the_same_as_in_the_list(vic: Caller) -> None:
    for board in vic.get("boards/").data["results"]:
        assert vic.get(f"boards/{board['key']}/").data == board


def test_every_team_reads_the_same(vic: Caller, cast: Cast) -> None:
    assert caller(cast.sam).get("boards/").data == vic.get("boards/").data


def test_pins_of_a_choice(vic: Caller) -> None:
    choices = vic.get("boards/esp8266/").data["editions"][0]["choices"]

    assert choices[1] == {
        "macro": "USE_WEMOS_D1_MINI",
        "name": "Wemos D1 mini",
        "button_pin": "0",
        "has_button": False,
        "led": "single",
        "led_pins": ["2"],
        "is_led_inverted": True,
        "since": "1.0.1",
    }


def test_an_led_pattern_has_colour_and_times(vic: Caller) -> None:
    patterns = {pattern["state"]: pattern for pattern in vic.get("boards/esp32/").data["editions"][0]["led"]}

    assert patterns["error"] == {
        "state": "error",
        "meaning": "Something failed; it restarts by itself",
        "colour": "red",
        "rgb": "#FF1008",
        "on_off_ms": [80, 100, 80, 1000],
        "breathing_ms": 0,
        "period_ms": 1260,
    }
    assert (patterns["running"]["on_off_ms"], patterns["running"]["breathing_ms"]) == ([], 5000)


def test_how_long_to_hold_the_button(vic: Caller) -> None:
    classic, newer = [edition["hold"] for edition in vic.get("boards/esp32/").data["editions"]]

    assert (classic["seconds"], classic["shown_after"], classic["cancelled_after"]) == (10, 3, None)
    assert (newer["seconds"], newer["shown_after"], newer["cancelled_after"]) == (10, 4, 20)


def test_libraries_routes_and_trouble_name_their_sources(vic: Caller) -> None:
    board = vic.get("boards/mkr-wifi-1010/").data

    assert board["libraries"] == [{"name": "Blynk", "first": "1.0.1", "last": "1.2.0"}]
    assert [route["route"] for route in board["routes"]] == ["hotspot", "api"]
    assert len(board["trouble"]) == len(by_key("mkr-wifi-1010").trouble)
    assert all(fact["source"] for fact in (*board["routes"], *board["suffix"], *board["trouble"]))


def test_where_nothing_is_public_the_lists_are_empty(vic: Caller) -> None:
    board = vic.get("boards/cc3220/").data

    assert (board["sketch"], board["editions"], board["suffix_source"]) == ("", [], None)
    assert "No Edgent sketch for it is public" in board["trouble"][0]["text"]


@pytest.mark.parametrize("key", ["toaster", "ESP32", "esp32%00", "%F0%9F%98%80"])
def test_an_unknown_key_is_404(vic: Caller, key: str) -> None:
    answer = vic.get(f"boards/{key}/")

    assert (answer.status, answer.content_type) == (404, PROBLEM)
