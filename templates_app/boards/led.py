"""What the LED of an Edgent board says: a colour and a rhythm for every state.

Rhythms are data, so that any page can draw one and say it in words. The numbers are those of the `run`
function of the sketches' indicator: the same in every Edgent sketch of the Blynk library, 1.0.0 to 1.4.0,
and others in BlynkEdgent 0.9.0 (`Interaction.h`).
"""

from dataclasses import dataclass
from enum import StrEnum

_MS_PER_SECOND = 1000


class LedState(StrEnum):
    """What a board does while its LED shows a pattern; the values are the sketch's own names, in small letters."""

    IDLE = "idle"
    WAIT_CONFIG = "wait_config"
    CONFIGURING = "configuring"
    SWITCH_TO_STA = "switch_to_sta"
    CONNECTING_NET = "connecting_net"
    CONNECTING_CLOUD = "connecting_cloud"
    RUNNING = "running"
    OTA_UPGRADE = "ota_upgrade"
    RESET_CONFIG = "reset_config"
    ERROR = "error"
    BUTTON_HELD = "button_held"
    BUTTON_ARMED = "button_armed"

    @property
    def meaning(self) -> str:
        """What the board does, for people."""
        return _MEANINGS[self]


_MEANINGS = {
    LedState.IDLE: "Gave up waiting to be set up",
    LedState.WAIT_CONFIG: "Waits for WiFi credentials, its hotspot is open",
    LedState.CONFIGURING: "Somebody sets it up",
    LedState.SWITCH_TO_STA: "Closes its hotspot, for a second",
    LedState.CONNECTING_NET: "Connects to the WiFi",
    LedState.CONNECTING_CLOUD: "Connects to the server",
    LedState.RUNNING: "Is online",
    LedState.OTA_UPGRADE: "Loads new firmware",
    LedState.RESET_CONFIG: "Erases its WiFi credentials and token",
    LedState.ERROR: "Something failed; it restarts by itself",
    LedState.BUTTON_HELD: "Button held, nothing is erased yet",
    LedState.BUTTON_ARMED: "Button held long enough: release it to erase",
}


@dataclass(frozen=True, slots=True)
class LedColour:
    """A colour and its sRGB value, six hexadecimal digits."""

    name: str
    rgb: str

    @property
    def hex(self) -> str:
        return f"#{self.rgb}"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How an LED goes on and off. Times are milliseconds, and it starts over at the end.

    Either `on_off_ms`: on, off, on, off; or `breathing_ms`: from dark to bright and back within that time;
    or neither: dark.
    """

    on_off_ms: tuple[int, ...] = ()
    breathing_ms: int = 0

    def __post_init__(self) -> None:
        if len(self.on_off_ms) % 2 or min((*self.on_off_ms, self.breathing_ms + 1)) < 1:
            raise ValueError("A rhythm is pairs of times above zero: on, off")
        if self.on_off_ms and self.breathing_ms:
            raise ValueError("An LED blinks or breathes, not both")

    @property
    def period_ms(self) -> int:
        """After how long it starts over; 0 for an LED that stays dark."""
        return self.breathing_ms or sum(self.on_off_ms)

    @property
    def words(self) -> str:
        """`on for 50 ms, off for 500 ms`, for people."""
        if self.breathing_ms:
            return f"breathes every {_seconds(self.breathing_ms)}"
        on, off = self.on_off_ms[::2], self.on_off_ms[1::2]
        pairs = [f"on for {lit} ms, off for {dark} ms" for lit, dark in zip(on, off, strict=True)]
        return ", ".join(pairs) or "stays dark"

    @property
    def css_class(self) -> str:
        """The class that draws it in `static/css/components/led.css`; a test holds the two together."""
        if self.breathing_ms:
            return f"led-breathe-{self.breathing_ms}"
        return "-".join(["led-blink", *map(str, self.on_off_ms)]) if self.on_off_ms else "led-dark"


def _seconds(ms: int) -> str:
    count = ms // _MS_PER_SECOND
    return "second" if count == 1 else f"{count} seconds"


@dataclass(frozen=True, slots=True)
class LedPattern:
    """What the LED shows in one state."""

    state: LedState
    colour: LedColour
    rhythm: Rhythm


_BLUE, _GREEN = LedColour("blue", "0D36FF"), LedColour("green", "2EFFB9")
_MAGENTA, _RED, _WHITE = LedColour("magenta", "A700FF"), LedColour("red", "FF1008"), LedColour("white", "FFFFE7")
_HEARTBEAT = Rhythm((80, 100, 80, 1000))
_BREATH = Rhythm(breathing_ms=5000)
_FAST_BREATH = Rhythm(breathing_ms=1000)

CLASSIC = (
    LedPattern(LedState.WAIT_CONFIG, _BLUE, Rhythm((50, 500))),
    LedPattern(LedState.CONFIGURING, _BLUE, Rhythm((200, 200))),
    LedPattern(LedState.SWITCH_TO_STA, _RED, _HEARTBEAT),
    LedPattern(LedState.CONNECTING_NET, _GREEN, Rhythm((50, 500))),
    LedPattern(LedState.CONNECTING_CLOUD, _GREEN, Rhythm((100, 100))),
    LedPattern(LedState.RUNNING, _GREEN, _BREATH),
    LedPattern(LedState.OTA_UPGRADE, _MAGENTA, Rhythm((50, 50))),
    LedPattern(LedState.ERROR, _RED, _HEARTBEAT),
    LedPattern(LedState.BUTTON_HELD, _WHITE, _FAST_BREATH),
    LedPattern(LedState.BUTTON_ARMED, _WHITE, Rhythm((100, 100))),
    LedPattern(LedState.RESET_CONFIG, _BLUE, Rhythm((50, 500))),
)
"""Every Edgent sketch of the Blynk library, 1.0.0 to 1.4.0 (`Indicator.h`)."""

_YELLOW, _PLAIN_BLUE, _PLAIN_GREEN = (
    LedColour("yellow", "FFFF00"),
    LedColour("blue", "0000FF"),
    LedColour("green", "00FF00"),
)
_BLYNK_GREEN, _PLAIN_RED, _DARK = LedColour("green", "24C48E"), LedColour("red", "FF0000"), LedColour("dark", "000000")

EDGENT_0_9 = (
    LedPattern(LedState.IDLE, _YELLOW, Rhythm((50, 2000))),
    LedPattern(LedState.WAIT_CONFIG, _PLAIN_BLUE, Rhythm((50, 500))),
    LedPattern(LedState.CONNECTING_NET, _PLAIN_GREEN, Rhythm((50, 500))),
    LedPattern(LedState.CONNECTING_CLOUD, _PLAIN_GREEN, Rhythm((50, 500))),
    LedPattern(LedState.RUNNING, _BLYNK_GREEN, _BREATH),
    LedPattern(LedState.OTA_UPGRADE, _MAGENTA, _BREATH),
    LedPattern(LedState.ERROR, _PLAIN_RED, _HEARTBEAT),
    LedPattern(LedState.BUTTON_HELD, _WHITE, _FAST_BREATH),
    LedPattern(LedState.BUTTON_ARMED, _WHITE, Rhythm((50, 200))),
    LedPattern(LedState.RESET_CONFIG, _DARK, Rhythm()),
)
"""BlynkEdgent 0.9.0 (`examples/BlynkEdgent/Interaction.h` and `src/indicator/IndicatorBase.h`)."""
