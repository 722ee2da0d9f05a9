"""The catalogue of boards that a template can be made for.

It holds facts only; each note names where it was read. A board's key is stored in the database and
used in the API: never rename one.
"""

from templates_app.boards.arduino import MKR1000, MKR_WIFI_1010, NANO_33_IOT
from templates_app.boards.esp32 import ESP32
from templates_app.boards.esp8266 import ESP8266
from templates_app.boards.others import CC3220, LINUX, OTHER
from templates_app.boards.values import (
    Board,
    BoardChoice,
    BoardKey,
    Edition,
    Hold,
    LedKind,
    Library,
    Note,
    Route,
    Way,
)
from templates_app.boards.wio_terminal import WIO_TERMINAL

__all__ = [
    "BOARDS",
    "CHOICES",
    "Board",
    "BoardChoice",
    "BoardKey",
    "Edition",
    "Hold",
    "LedKind",
    "Library",
    "Note",
    "Route",
    "Way",
    "by_key",
]

BOARDS: tuple[Board, ...] = (
    ESP32,
    ESP8266,
    WIO_TERMINAL,
    MKR_WIFI_1010,
    NANO_33_IOT,
    MKR1000,
    CC3220,
    LINUX,
    OTHER,
)
CHOICES: tuple[tuple[str, str], ...] = tuple((board.key.value, board.name) for board in BOARDS)
"""For a Django field: stored key and shown name."""

_BY_KEY = {board.key: board for board in BOARDS}


def by_key(key: str) -> Board:
    """The board with this key. Raises ValueError for a key that the catalogue does not know."""
    return _BY_KEY[BoardKey(key)]
