"""What the catalogue says about a board: its names, libraries, routes, pins, LED and known trouble."""

from dataclasses import dataclass
from enum import StrEnum

from templates_app.boards.led import LedPattern
from templates_app.hotspot import Generation, SuffixSource


class BoardKey(StrEnum):
    """Every board, in the order that people pick from."""

    ESP32 = "esp32"
    ESP8266 = "esp8266"
    WIO_TERMINAL = "wio-terminal"
    MKR_WIFI_1010 = "mkr-wifi-1010"
    NANO_33_IOT = "nano-33-iot"
    MKR1000 = "mkr1000"
    CC3220 = "cc3220"
    LINUX = "raspberry-pi-linux"
    OTHER = "other"


class Route(StrEnum):
    """A way to hand WiFi credentials and an auth token to a board."""

    HOTSPOT = "hotspot"
    USB = "usb"
    API = "api"

    @property
    def label(self) -> str:
        """How people know it."""
        return _ROUTES[self]


_ROUTES = {Route.HOTSPOT: "Hotspot", Route.USB: "USB", Route.API: "API"}


@dataclass(frozen=True, slots=True)
class Library:
    """A library that carries the board's Edgent sketch, from `first` to `last` (open when None)."""

    name: str
    first: str
    last: str | None = None

    def __str__(self) -> str:
        if self.last is None:
            return f"{self.name} {self.first} and later"
        return f"{self.name} {self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a board, and where it was read."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Way:
    """One provisioning route that a board offers, what it needs there, and where that was read."""

    route: Route
    text: str
    source: str


class LedKind(StrEnum):
    """What kind of indicator a pin table gives a board."""

    RGB = "rgb"
    """Three pins, one for each colour, dimmed by PWM."""
    WS2812 = "ws2812"
    """One pin to an addressable RGB LED."""
    SINGLE = "single"
    """One pin to an LED of one colour: the same rhythm, no colour."""
    NONE = "none"

    @property
    def label(self) -> str:
        """How people know it."""
        return _LED_KINDS[self]


_LED_KINDS = {LedKind.RGB: "RGB", LedKind.WS2812: "WS2812", LedKind.SINGLE: "one colour", LedKind.NONE: "none"}


@dataclass(frozen=True, slots=True)
class BoardChoice:
    """One row of a sketch's pin table.

    `macro` picks it, and is empty where nothing has to be defined. Pins are written as the sketch writes
    them; `button_pin` is empty where the row names none, `has_button` says whether the board carries one
    (a button between that pin and ground has to be added where it does not). `led_pins` are in the order
    red, green, blue. `is_led_inverted`: the LED is lit by a low level. `since` is the first library with it.
    """

    macro: str
    name: str
    button_pin: str
    led: LedKind
    led_pins: tuple[str, ...] = ()
    since: str = ""
    has_button: bool = True
    is_led_inverted: bool = False

    def __post_init__(self) -> None:
        wanted = {LedKind.RGB: 3, LedKind.WS2812: 1, LedKind.SINGLE: 1, LedKind.NONE: 0}[self.led]
        if len(self.led_pins) != wanted:
            raise ValueError(f"{self.name}: an LED of kind {self.led} has {wanted} pins")


@dataclass(frozen=True, slots=True)
class Hold:
    """How long to hold the button to erase the stored WiFi credentials and token.

    From `seconds` on, releasing the button erases; the LED answers from `shown_after` seconds on. Held for
    longer than `cancelled_after` seconds, nothing is erased; None where there is no such limit.
    """

    seconds: int
    shown_after: int | None
    cancelled_after: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Edition:
    """An Edgent sketch in one library: its pins, its button and what its LED says.

    `settings_file` is where pins are set. `led` is empty where the LED shows nothing.
    """

    library: Library
    sketch: str
    settings_file: str
    choices: tuple[BoardChoice, ...]
    choices_source: str
    hold: Hold
    led: tuple[LedPattern, ...]
    led_source: str

    @property
    def label(self) -> str:
        return str(self.library)


@dataclass(frozen=True, slots=True)
class Board:
    """What a template needs to know about its board.

    `sketch` is empty where no Edgent sketch is public, `generations` are the rules that its hotspot's
    name may follow (none where it opens no such hotspot), `suffix_source` is None where the hotspot's
    suffix does not come from the MAC alone or is not known, `suffix` says which bytes make it, `includes`
    are the headers of a sketch with a fixed token, empty where the board runs no Arduino sketch.
    `editions` is empty where no sketch is public.
    """

    key: BoardKey
    name: str
    sketch: str
    ways: tuple[Way, ...]
    libraries: tuple[Library, ...]
    generations: tuple[Generation, ...]
    suffix_source: SuffixSource | None
    suffix: tuple[Note, ...]
    includes: tuple[str, ...]
    editions: tuple[Edition, ...]
    trouble: tuple[Note, ...]

    @property
    def routes(self) -> tuple[Route, ...]:
        return tuple(way.route for way in self.ways)

    @property
    def has_hotspot(self) -> bool:
        return Route.HOTSPOT in self.routes

    @property
    def notes(self) -> tuple[Note, ...]:
        """Everything to know that is not in a table: known trouble first, then the suffix."""
        return (*self.trouble, *self.suffix)
