"""What the numbers mean that a board keeps as `last_error` (Blynk library 1.4.0 and BlynkEdgent 0.9.0 source)."""

from console.kit.findings import Severity
from templates_app.sketch.values import SketchFinding, found

_ROUTER = "The board could not join the WiFi network."
_AGAIN = "Check the network's name and password, and that it is 2.4 GHz and in reach; then set the board up again."
_GATEWAY = "Check that the gateway runs, that its name and port are right, and that the network lets the board out."
_CELLULAR = "Check the SIM card and its PIN."

MEANINGS: dict[int, tuple[str, str]] = {
    700: ("The board refused its configuration.", "Send network, token of 32 characters, host and port again."),
    701: (_ROUTER, _AGAIN),
    702: ("The board joined the WiFi network but did not reach the server.", _GATEWAY),
    703: ("The server refused the auth token.", "Open a new session and set the board up with its token."),
    704: (
        "The board met an internal error: on an ESP8266 its hotspot did not open.",
        "Shorten the template's name to 20 characters and use the latest Arduino core. With BlynkEdgent, check WiFi.",
    ),
    705: ("The board did not reach the server.", _GATEWAY),
    710: ("The board could not look up the server's name.", "Check the name, and the DNS of the network."),
    711: (
        "The board does not trust the server's certificate.",
        "Give the gateway a certificate for its DNS name whose chain ends in a root that the library carries.",
    ),
    712: ("The network asks for a sign-in page first.", "Use a network without one, or let this board pass."),
    720: ("The board did not find the WiFi network.", _AGAIN),
    721: ("No network cable is plugged in.", "Plug one in, or choose WiFi."),
    722: ("The WiFi network refused the password.", _AGAIN),
    723: ("The network gave the board no address.", "Check the router's DHCP, or set the address by hand."),
    730: ("The board has no SIM card.", _CELLULAR),
    731: ("The SIM card is locked.", _CELLULAR),
    732: ("The PIN of the SIM card is wrong.", _CELLULAR),
}


def error_finding(code: int, quoted: str, line: int | None) -> SketchFinding | None:
    """What a `last_error` says; None for 0, which is no error."""
    if code == 0:
        return None
    unknown = ("The board reports an error that its library does not describe.", "Look at the serial log around it.")
    title, next_step = MEANINGS.get(code, unknown)
    return found(
        f"last-error-{code}" if code in MEANINGS else "last-error-unknown",
        Severity.ERROR,
        title,
        quoted,
        next_step,
        line=line,
    )
