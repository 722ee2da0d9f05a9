"""What a session's page shows of its virtual board's LED."""

from devices.virtual.orders import BoardStatus
from templates_app.boards.led import CLASSIC, LedColour, LedPattern, Rhythm
from templates_app.led_drawing import LedRow, led_rows

_DARK = LedColour("dark", "000000")


def led_row(status: BoardStatus) -> LedRow | None:
    """The LED in words and as a lamp; dark whatever the board does where it never lights; None where nobody says."""
    pattern = next((pattern for pattern in CLASSIC if pattern.state == status.led), None)
    if pattern is None:
        return None
    shown = LedPattern(pattern.state, _DARK, Rhythm()) if status.is_led_dark else pattern
    return led_rows((shown,))[0]
