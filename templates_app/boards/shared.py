"""Facts that several boards share."""

from templates_app.boards.values import Hold, Library, Note, Route, Way
from templates_app.hotspot import Generation

CLASSIC_GENERATIONS = (Generation.V1_0, Generation.V1_1, Generation.V1_2)
EVERY_GENERATION = tuple(Generation)
NEWER_EDGENT = Library("BlynkEdgent", "0.9.0")

API_WAY = Way(
    Route.API,
    "A program opens a session and writes the token into a sketch with a fixed token.",
    "Blynk library 1.4.0 source, BlynkProtocol.h",
)
NEWER_HOLD = Hold(10, 4, 20, "BlynkEdgent 0.9.0 source, examples/BlynkEdgent/BoardConfig.h and Interaction.h")

NAME_TOO_LONG = Note(
    "On library 1.0.0 and 1.0.1 a template name of more than 20 characters gives a hotspot name of more than "
    "32: the hotspot does not open, and the log shows AP IP: 0.0.0.0.",
    "Blynk library 1.0.1 source, ConfigMode.h",
)
OLD_CORE = Note(
    "When the log shows AP IP: 0.0.0.0 with a short name, the Arduino core is outdated, a beta or a release "
    "candidate: install its latest stable version. In rare cases the module itself is broken; try another.",
    "Blynk help article on WiFi provisioning",
)
ROOTS = Note(
    "The sketch always speaks TLS and trusts public roots alone: the server needs a public name of at most 33 "
    "characters and a certificate that ends in ISRG Root X1. An IP address or a private certificate does not work.",
    "Blynk library 1.3.2 source, letsencrypt_pem.h; 1.4.0 source, certs_pem.h and ConfigStore.h",
)
NEWER_PORTS = Note(
    "BlynkEdgent 0.9.0 ignores a port: it tries 443 and then 9443.",
    "BlynkEdgent 0.9.0 source, BlynkNetMgrClients.h",
)


def classic_hold(sketch: str, library: str = "1.4.0") -> Hold:
    """The button of the classic sketches: 10 seconds, and the LED turns white after 3."""
    return Hold(10, 3, None, f"Blynk library {library} source, {sketch}/Settings.h and ResetButton.h")


def hotspot_way(text: str, sketch: str, library: str = "1.4.0") -> Way:
    """Set-up over the board's own WiFi network."""
    return Way(Route.HOTSPOT, text, f"Blynk library {library} source, {sketch}/ConfigMode.h")


def usb_way(sketch: str) -> Way:
    """Set-up over the serial console, which takes a token but no server."""
    return Way(
        Route.USB,
        "The serial console at 115200 baud takes the WiFi and the token from library 1.2.0 on; the server is the "
        "one that the sketch was built with.",
        f"Blynk library 1.4.0 source, {sketch}/Console.h",
    )


def open_update(sketch: str) -> Note:
    """Boards that take firmware from anybody while their hotspot is open."""
    return Note(
        "While its hotspot is open anybody in range can load firmware at http://192.168.4.1/update, without a "
        "password.",
        f"Blynk library 1.4.0 source, {sketch}/ConfigMode.h",
    )


def no_captive_portal(sketch: str) -> Note:
    """Boards that send phones to no page."""
    return Note(
        "Phones open no set-up page by themselves: the option for it does not compile.",
        f"Blynk library 1.4.0 source, {sketch}/ConfigMode.h, WIFI_CAPTIVE_PORTAL_ENABLE",
    )


def of_every_sketch(sketch: str, library: str = "1.4.0") -> tuple[Note, ...]:
    """What every classic Edgent sketch has in common; `library` is the last with it."""
    source = f"Blynk library {library} source, {sketch}/ConfigMode.h"
    return (
        Note(
            "A board whose token is refused opens its hotspot again, even after months online, and stays there until "
            "it is set up anew or powered off and on; its WiFi credentials are kept.",
            source,
        ),
        Note(
            "A double quote or backslash in the template's name breaks the board's own description of itself "
            "(board_info.json), and apps cannot read it.",
            source,
        ),
        Note(
            "With APP_DEBUG, which the sketch defines, the serial log shows the WiFi password and the token in clear.",
            source,
        ),
    )
