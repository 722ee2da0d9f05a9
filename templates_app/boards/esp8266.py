"""The ESP8266 family."""

from templates_app.boards import led, shared
from templates_app.boards.values import Board, BoardChoice, BoardKey, Edition, LedKind, Library, Note
from templates_app.hotspot import SuffixSource

_SKETCH = "Edgent_ESP8266"
_SOURCE = f"Blynk library 1.4.0 source, {_SKETCH}"

_CLASSIC = Edition(
    library=Library("Blynk", "1.0.0"),
    sketch=_SKETCH,
    settings_file="Settings.h",
    choices=(
        BoardChoice("USE_NODE_MCU_BOARD", "NodeMCU", "0", LedKind.SINGLE, ("2",), since="1.0.0", is_led_inverted=True),
        BoardChoice(
            "USE_WEMOS_D1_MINI",
            "Wemos D1 mini",
            "0",
            LedKind.SINGLE,
            ("2",),
            since="1.0.1",
            has_button=False,
            is_led_inverted=True,
        ),
        BoardChoice("USE_SPARKFUN_BLYNK_BOARD", "SparkFun Blynk Board", "0", LedKind.WS2812, ("4",), since="1.0.0"),
        BoardChoice("USE_WITTY_CLOUD_BOARD", "Witty Cloud", "4", LedKind.RGB, ("15", "12", "13"), since="1.0.0"),
        BoardChoice("", "Custom board", "0", LedKind.NONE, since="1.0.0"),
    ),
    choices_source=f"{_SOURCE}/Settings.h; earlier libraries for “since”",
    hold=shared.classic_hold(_SKETCH),
    led=led.CLASSIC,
    led_source=f"{_SOURCE}/Indicator.h",
)

_NEWER = Edition(
    library=shared.NEWER_EDGENT,
    sketch="BlynkEdgent",
    settings_file="BoardConfig.h",
    choices=(
        BoardChoice("ARDUINO_ESP8266_WITTY", "Witty Cloud", "4", LedKind.RGB, ("15", "12", "13")),
        BoardChoice("", "Custom board", "0", LedKind.NONE),
    ),
    choices_source="BlynkEdgent 0.9.0 source, examples/BlynkEdgent/BoardConfig.h",
    hold=shared.NEWER_HOLD,
    led=led.EDGENT_0_9,
    led_source="BlynkEdgent 0.9.0 source, examples/BlynkEdgent/Interaction.h",
)

ESP8266 = Board(
    key=BoardKey.ESP8266,
    name="ESP8266",
    sketch=_SKETCH,
    ways=(
        shared.hotspot_way("A network of its own without a password, with a form at http://192.168.4.1.", _SKETCH),
        shared.usb_way(_SKETCH),
        shared.API_WAY,
    ),
    libraries=(Library("Blynk", "1.0.0"), shared.NEWER_EDGENT),
    generations=shared.EVERY_GENERATION,
    suffix_source=SuffixSource.STATION_MAC,
    suffix=(
        Note("The suffix is computed from the six octets of the station MAC.", f"{_SOURCE}/ConfigMode.h"),
        Note(
            "On library 1.0.0 the suffix is a random number seeded with the chip id.",
            f"Blynk library 1.0.0 source, {_SKETCH}/ConfigMode.h",
        ),
    ),
    includes=("ESP8266WiFi.h", "BlynkSimpleEsp8266.h"),
    editions=(_CLASSIC, _NEWER),
    trouble=(
        Note(
            "The Wemos D1 mini has no button: connect one between GPIO 0 and GND.",
            f"{_SOURCE}/Settings.h",
        ),
        Note(
            "On library 1.0.0 the NodeMCU choice wants an RGB LED at D8, D7 and D6; later libraries use the LED "
            "on the board.",
            f"Blynk library 1.0.0 source, {_SKETCH}/Settings.h",
        ),
        Note(
            "Before it connects the board waits, without an end, for the time from pool.ntp.org or time.nist.gov: "
            "let it reach one of them.",
            "Blynk library 1.4.0 source, BlynkSimpleEsp8266_SSL.h",
        ),
        Note(
            "It takes TLS records of at most 2 kB: the server has to honour the maximum fragment length that the "
            "board asks for (RFC 6066), which some proxies do not.",
            "Blynk library 1.4.0 source, BlynkSimpleEsp8266_SSL.h",
        ),
        shared.NAME_TOO_LONG,
        shared.OLD_CORE,
        shared.open_update(_SKETCH),
        shared.no_captive_portal(_SKETCH),
        shared.NEWER_PORTS,
        shared.ROOTS,
        *shared.of_every_sketch(_SKETCH),
    ),
)
