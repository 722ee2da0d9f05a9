"""Arduino boards with a WiFi module: MKR WiFi 1010, Nano 33 IoT and MKR1000."""

from templates_app.boards import led, shared
from templates_app.boards.values import Board, BoardChoice, BoardKey, Edition, LedKind, Library, Note, Way
from templates_app.hotspot import SuffixSource

_LIBRARY = Library("Blynk", "1.0.1", "1.2.0")
_MKR1010, _MKR_1000 = "Edgent_MKR1010", "Edgent_MKR1000"


def _source(sketch: str) -> str:
    return f"Blynk library 1.2.0 source, {sketch}"


def _ways(sketch: str, name: str) -> tuple[Way, ...]:
    hotspot = f"A network of its own without a password, with a form at http://192.168.4.1. {name}"
    return shared.hotspot_way(hotspot, sketch, "1.2.0"), shared.API_WAY


def _edition(sketch: str, name: str) -> Edition:
    return Edition(
        library=_LIBRARY,
        sketch=sketch,
        settings_file="Settings.h",
        choices=(BoardChoice("", name, "0", LedKind.SINGLE, ("6",), since="1.0.1", has_button=False),),
        choices_source=f"{_source(sketch)}/Settings.h",
        hold=shared.classic_hold(sketch, "1.2.0"),
        led=led.CLASSIC,
        led_source=f"{_source(sketch)}/Indicator.h",
    )


def _suffix(sketch: str) -> tuple[Note, ...]:
    text = "The suffix is computed from the six MAC octets, last octet first."
    return (Note(text, f"{_source(sketch)}/ConfigMode.h"),)


def _trouble(sketch: str) -> tuple[Note, ...]:
    source = _source(sketch)
    return (
        Note(
            "It looks for WiFi networks once, before its hotspot opens; restart it to look again.",
            f"{source}/ConfigMode.h",
        ),
        Note(
            "It reads /config from the address alone, not from the body of a form, and its answers have no length: "
            "a program has to read until the connection closes.",
            f"{source}/ConfigMode.h",
        ),
        Note(
            "There is no page to load firmware at http://192.168.4.1/update, and updates come over HTTPS alone.",
            f"{source}/ConfigMode.h and OTA.h",
        ),
        Note(
            "The sketch expects a button between pin 0 and GND and an LED at pin 6, and needs the library Timer5.",
            f"{source}/Settings.h and {sketch}.ino",
        ),
        Note(
            "The WiFi module has firmware of its own, which has to be up to date.",
            f"{source}/{sketch}.ino",
        ),
        shared.NAME_TOO_LONG,
        *shared.of_every_sketch(sketch, "1.2.0"),
    )


_NCP = Note(
    "The Edgent sketch is gone from library 1.3.0 on; that library points to Blynk.NCP instead.",
    f"Blynk library 1.3.0 source, {_MKR1010}",
)
_NO_NAME = "It answers to no name: use the address."

MKR_WIFI_1010 = Board(
    key=BoardKey.MKR_WIFI_1010,
    name="Arduino MKR WiFi 1010",
    sketch=_MKR1010,
    ways=_ways(_MKR1010, _NO_NAME),
    libraries=(_LIBRARY,),
    generations=shared.CLASSIC_GENERATIONS,
    suffix_source=SuffixSource.REVERSED_MAC,
    suffix=_suffix(_MKR1010),
    includes=("SPI.h", "WiFiNINA.h", "BlynkSimpleWiFiNINA.h"),
    editions=(_edition(_MKR1010, "MKR WiFi 1010"),),
    trouble=(_NCP, *_trouble(_MKR1010)),
)

NANO_33_IOT = Board(
    key=BoardKey.NANO_33_IOT,
    name="Arduino Nano 33 IoT",
    sketch=_MKR1010,
    ways=_ways(_MKR1010, _NO_NAME),
    libraries=(_LIBRARY,),
    generations=shared.CLASSIC_GENERATIONS,
    suffix_source=SuffixSource.REVERSED_MAC,
    suffix=_suffix(_MKR1010),
    includes=("SPI.h", "WiFiNINA.h", "BlynkSimpleWiFiNINA.h"),
    editions=(_edition(_MKR1010, "Nano 33 IoT"),),
    trouble=(
        _NCP,
        Note("It shares its sketch with the MKR WiFi 1010, pins included.", f"Blynk library 1.2.0 source, {_MKR1010}"),
        *_trouble(_MKR1010),
    ),
)

MKR1000 = Board(
    key=BoardKey.MKR1000,
    name="Arduino MKR1000",
    sketch=_MKR_1000,
    ways=_ways(_MKR_1000, "It also answers to blynk.setup.local."),
    libraries=(_LIBRARY,),
    generations=shared.CLASSIC_GENERATIONS,
    suffix_source=SuffixSource.REVERSED_MAC,
    suffix=_suffix(_MKR_1000),
    includes=("SPI.h", "WiFi101.h", "BlynkSimpleMKR1000.h"),
    editions=(_edition(_MKR_1000, "MKR1000"),),
    trouble=(
        Note("The Edgent sketch is gone from library 1.3.0 on.", "Blynk library 1.3.0 source"),
        *_trouble(_MKR_1000),
    ),
)
