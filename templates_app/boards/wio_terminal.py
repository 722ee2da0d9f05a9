"""The Seeed Wio Terminal."""

from templates_app.boards import shared
from templates_app.boards.values import Board, BoardChoice, BoardKey, Edition, LedKind, Library, Note
from templates_app.hotspot import SuffixSource

_SKETCH = "Edgent_Wio_Terminal"
_SOURCE = f"Blynk library 1.4.0 source, {_SKETCH}"
_KEY_A = BoardChoice("", "Wio Terminal", "WIO_KEY_A", LedKind.SINGLE, ("LED_BUILTIN",), since="1.0.1")

_CLASSIC = Edition(
    library=Library("Blynk", "1.0.1"),
    sketch=_SKETCH,
    settings_file="Settings.h",
    choices=(_KEY_A,),
    choices_source=f"{_SOURCE}/Settings.h",
    hold=shared.classic_hold(_SKETCH),
    led=(),
    led_source=f"{_SOURCE}/BlynkEdgent.h: indicator_init() is commented out",
)

_NEWER = Edition(
    library=shared.NEWER_EDGENT,
    sketch="BlynkEdgent",
    settings_file="BoardConfig.h",
    choices=(BoardChoice("SEEED_WIO_TERMINAL", "Wio Terminal", "WIO_KEY_A", LedKind.SINGLE, ("LED_BUILTIN",)),),
    choices_source="BlynkEdgent 0.9.0 source, examples/BlynkEdgent/BoardConfig.h",
    hold=shared.NEWER_HOLD,
    led=(),
    led_source="BlynkEdgent 0.9.0 source, src/indicator/IndicatorBase.h: no timer for this board",
)

WIO_TERMINAL = Board(
    key=BoardKey.WIO_TERMINAL,
    name="Seeed Wio Terminal",
    sketch=_SKETCH,
    ways=(
        shared.hotspot_way("A network of its own without a password, with a form at http://192.168.4.1.", _SKETCH),
        shared.usb_way(_SKETCH),
        shared.API_WAY,
    ),
    libraries=(Library("Blynk", "1.0.1"), shared.NEWER_EDGENT),
    generations=shared.EVERY_GENERATION,
    suffix_source=SuffixSource.STATION_MAC,
    suffix=(
        Note("The suffix is computed from the six octets of the station MAC.", f"{_SOURCE}/ConfigMode.h"),
        Note(
            "BlynkEdgent 0.9.0 takes the suffix from the chip's serial number.",
            "BlynkEdgent 0.9.0 source, BlynkSysUtils.cpp",
        ),
    ),
    includes=("rpcWiFi.h", "WiFiClient.h", "BlynkSimpleWioTerminal.h"),
    editions=(_CLASSIC, _NEWER),
    trouble=(
        Note(
            "The LED stays dark: the sketch does not start its indicator. Read the state in the serial log.",
            f"{_SOURCE}/BlynkEdgent.h",
        ),
        Note(
            "It looks for WiFi networks once, before its hotspot opens; restart it to look again.",
            f"{_SOURCE}/ConfigMode.h",
        ),
        Note(
            "Its WiFi module has firmware of its own, which has to be up to date before the sketch works.",
            f"{_SOURCE}/{_SKETCH}.ino",
        ),
        Note(
            "It has no page to load firmware at http://192.168.4.1/update, and fetches updates over plain HTTP alone.",
            f"{_SOURCE}/ConfigMode.h and OTA.h",
        ),
        Note(
            "BlynkEdgent 0.9.0 sets up over Bluetooth and opens no hotspot.",
            "BlynkEdgent 0.9.0 source, EdgentSettings.h",
        ),
        shared.NAME_TOO_LONG,
        shared.NEWER_PORTS,
        shared.ROOTS,
        *shared.of_every_sketch(_SKETCH),
    ),
)
