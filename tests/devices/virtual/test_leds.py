"""What the LED does, and what a page shows of it."""

from dataclasses import replace
from typing import Any

import pytest

from devices.virtual.endings import Fault
from devices.virtual.firmware import Kind
from devices.virtual.leds import led_of
from devices.virtual.orders import BoardStatus
from devices.virtual.panel import led_row
from devices.virtual.states import State
from templates_app.boards.led import CLASSIC, LedState
from tests.devices.virtual.harness import PATIENCE
from tests.devices.virtual.setup import HURRIED, setup_board

IMPATIENT = replace(HURRIED, network=0.05, cloud=0.05)


async def test_the_led_tells_the_state() -> None:
    async with setup_board(times=replace(IMPATIENT, error=PATIENCE)) as board:
        await board.until_open()
        seen = [board.board.led]
        await board.get("/board_info.json")
        seen.append(board.board.led)
        await board.configure()
        await board.until(State.ERROR)
        seen.append(board.board.led)
        assert seen == [LedState.WAIT_CONFIG, LedState.CONFIGURING, LedState.ERROR]
        assert not board.board.is_led_dark


@pytest.mark.parametrize("options", [{"fault": Fault.DARK_LED}, {"kind": Kind.WIO}])
async def test_on_another_pin_or_on_a_wio_terminal_it_never_lights(options: dict[str, Any]) -> None:
    async with setup_board(**options) as board:
        assert board.board.is_led_dark


def test_every_state_has_its_pattern_and_a_held_button_one_of_its_own() -> None:
    assert {led_of(state) for state in State} <= {pattern.state for pattern in CLASSIC}
    assert led_of(State.INIT) is LedState.ERROR
    assert led_of(State.RUNNING, held_seconds=2.9) is LedState.RUNNING
    assert led_of(State.RUNNING, held_seconds=3.1) is LedState.BUTTON_HELD
    assert led_of(State.RUNNING, held_seconds=10.1) is LedState.BUTTON_ARMED


@pytest.mark.parametrize(
    ("led", "is_dark", "words", "css_class"),
    [
        ("wait_config", False, "Blue, on for 50 ms, off for 500 ms", "led-blink-50-500"),
        ("running", False, "Green, breathes every 5 seconds", "led-breathe-5000"),
        ("running", True, "Stays dark", "led-dark"),
    ],
)
def test_the_page_shows_it_in_words_and_as_a_lamp(led: str, is_dark: bool, words: str, css_class: str) -> None:
    row = led_row(BoardStatus(hotspot_name="x", state="RUNNING", led=led, is_led_dark=is_dark))
    assert row is not None
    assert (row.words, row.css_class) == (words, css_class)


@pytest.mark.parametrize("led", ["", "sparkling"])
def test_what_nobody_told_of_is_not_shown(led: str) -> None:
    assert led_row(BoardStatus(hotspot_name="x", state="RUNNING", led=led)) is None
