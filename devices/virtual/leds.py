"""What a board's LED says in each state (Blynk library 1.0.1 to 1.4.0, Indicator.h); rhythms are in `boards.led`."""

from typing import Final

from devices.virtual.states import State
from templates_app.boards.led import LedState

HELD_SECONDS: Final = 3.0
RESET_SECONDS: Final = 10.0


def led_of(state: State, *, held_seconds: float | None = None) -> LedState:
    """What the LED shows in `state`, or while the button has been held for `held_seconds`."""
    if held_seconds is not None and held_seconds > RESET_SECONDS:
        return LedState.BUTTON_ARMED
    if held_seconds is not None and held_seconds > HELD_SECONDS:
        return LedState.BUTTON_HELD
    # A board that has halted shows what it shows at an error (protocol.md §1.5).
    return LedState.ERROR if state is State.INIT else LedState(state.lower())
