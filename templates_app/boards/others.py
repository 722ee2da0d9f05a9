"""Boards without a public Arduino Edgent sketch."""

from templates_app.boards import shared
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

_PYTHON = Library("blynk-library-python", "1.0.0")
_EXAMPLE = "blynk-library-python 1.0.0 source, Edgent_Linux_RPi"

CC3220 = Board(
    key=BoardKey.CC3220,
    name="Texas Instruments CC3220",
    sketch="",
    ways=(
        Way(
            Route.HOTSPOT,
            "Expected to work as on the other boards; nothing public tells its addresses or its states.",
            "Blynk help article on WiFi provisioning",
        ),
        shared.API_WAY,
    ),
    libraries=(),
    generations=shared.CLASSIC_GENERATIONS,
    suffix_source=None,
    suffix=(
        Note(
            "Which bytes of the chip make the suffix is not public.",
            "Blynk library 1.4.0 source, which has no sketch for it",
        ),
    ),
    includes=("SPI.h", "WiFi.h", "BlynkSimpleEnergiaWiFi.h"),
    editions=(),
    trouble=(
        Note(
            "No Edgent sketch for it is public. The help article lists it, and the library only knows the "
            "board's name; the hotspot is expected to work as on the other boards.",
            "Blynk help article on WiFi provisioning; Blynk library 1.4.0 source, BlynkDetectDevice.h",
        ),
        Note(
            "Nothing public is known about its pins, its button or its LED.",
            "Blynk library 1.4.0 source, which has no sketch for it",
        ),
    ),
)

_RASPBERRY = Edition(
    library=_PYTHON,
    sketch="Edgent_Linux_RPi",
    settings_file="main.py",
    choices=(BoardChoice("", "Raspberry Pi", "16", LedKind.NONE, has_button=False),),
    choices_source=f"{_EXAMPLE}/main.py and README.md",
    hold=Hold(10, None, None, f"{_EXAMPLE}/main.py"),
    led=(),
    led_source=f"{_EXAMPLE}: the example has no LED",
)

LINUX = Board(
    key=BoardKey.LINUX,
    name="Raspberry Pi / Linux",
    sketch="Edgent_Linux_RPi",
    ways=(
        Way(
            Route.HOTSPOT,
            "The Python Edgent example opens a network and listens at http://192.168.4.1:11080.",
            f"{_EXAMPLE}/BlynkEdgent.py",
        ),
        Way(
            Route.API,
            "Give the token of a session to a client library; most people do.",
            "BlynkLib 1.0.0 and blynk-library 0.5.4 (JavaScript) documentation",
        ),
    ),
    libraries=(_PYTHON,),
    generations=(),
    suffix_source=None,
    suffix=(
        Note(
            "The suffix is computed from the MAC as text, four times over, and written without leading zeros.",
            f"{_EXAMPLE}/BlynkEdgent.py",
        ),
    ),
    includes=(),
    editions=(_RASPBERRY,),
    trouble=(
        Note(
            "The Python Edgent example listens on port 11080 and never cuts the hotspot's name; most "
            "people give the token to a client library instead.",
            f"{_EXAMPLE}/BlynkEdgent.py",
        ),
        Note(
            "It needs NetworkManager, and /config fails unless it carries blynk, host, port and port_ssl.",
            f"{_EXAMPLE}/README.md and BlynkEdgent.py",
        ),
        Note(
            "Its hotspot's name begins with Beemate unless you change the prefix in main.py.",
            f"{_EXAMPLE}/main.py",
        ),
        Note(
            "The button resets once it was held for 10 seconds, without waiting for its release.",
            f"{_EXAMPLE}/main.py",
        ),
    ),
)

OTHER = Board(
    key=BoardKey.OTHER,
    name="Other",
    sketch="",
    ways=(shared.API_WAY,),
    libraries=(),
    generations=(),
    suffix_source=None,
    suffix=(),
    includes=(),
    editions=(),
    trouble=(
        Note(
            "Anything that runs a Blynk client library can log in with an auth token.",
            "Blynk library 1.4.0 source, BlynkProtocol.h",
        ),
    ),
)
