"""Causes that show in the LED and in `last_error`, which the board keeps from its last try (protocol.md §1.4, §1.5)."""

from collections.abc import Iterator

from console.kit.findings import Certainty
from devices.diagnosis.evidence import Evidence, Led
from devices.diagnosis.rule import Link, Quote, Rule
from templates_app.sketch.last_error import MEANINGS

_NETWORK_ERRORS = {702, 705, 710, 711}
_LINKS = {700: Link.SESSION, 703: Link.NEW_SESSION, 704: Link.RENAME} | dict.fromkeys(
    _NETWORK_ERRORS, Link.CHECK_SERVER
)


def _last_error(code: int) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        if evidence.last_error == code:
            yield f"last_error: {code}"

    return quote


def _unknown_error(evidence: Evidence) -> Iterator[str]:
    if evidence.last_error and evidence.last_error not in MEANINGS:
        yield f"last_error: {evidence.last_error}"


def _led(state: Led) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        if evidence.led is state:
            yield f"You said of the LED: {state.label}"

    return quote


_ERRORS = tuple(
    Rule(
        code=f"last_error_{code}",
        certainty=Certainty.LIKELY,
        title=title,
        shown_by=f"last_error {code}, typed in or in the board's log or description.",
        next_step=next_step,
        quote=_last_error(code),
        link=_LINKS.get(code),
    )
    for code, (title, next_step) in MEANINGS.items()
)

RULES = (
    *_ERRORS,
    Rule(
        code="last_error_unknown",
        certainty=Certainty.LIKELY,
        title="The board reports an error that its library does not describe.",
        shown_by="A last_error that is none of the numbers above.",
        next_step="Paste the serial log from around it.",
        quote=_unknown_error,
    ),
    Rule(
        code="led_dark",
        certainty=Certainty.LIKELY,
        title="The LED is dark: its pin is not the board's, or something else uses it.",
        shown_by="Your answer: the LED is dark.",
        next_step="Check LED and button pins in Settings.h for this board, and that nothing else is connected to "
        "them. A board without power is dark too.",
        quote=_led(Led.DARK),
        link=Link.BOARD,
    ),
    Rule(
        code="led_breathing",
        certainty=Certainty.LIKELY,
        title="The board thinks that it is already provisioned.",
        shown_by="Your answer: the LED pulses slowly.",
        next_step="Hold its button for 10 seconds until the LED flashes quickly, then release it and set the board up "
        "with this session's token.",
        quote=_led(Led.BREATHING),
        link=Link.SESSION,
    ),
    Rule(
        code="led_waiting",
        certainty=Certainty.POSSIBLE,
        title="The board waits for its settings: nobody has sent them yet.",
        shown_by="Your answer: quick, short flashes.",
        next_step="Join the board's hotspot with the phone, and send it network, token, host and port.",
        quote=_led(Led.WAITING),
        link=Link.SESSION,
    ),
    Rule(
        code="led_configuring",
        certainty=Certainty.LIKELY,
        title="A phone is on the board's hotspot, and the settings have not been sent.",
        shown_by="Your answer: even blue flashes.",
        next_step="Send network, token, host and port with the board's form or the session's link.",
        quote=_led(Led.CONFIGURING),
        link=Link.SESSION,
    ),
    Rule(
        code="led_joining",
        certainty=Certainty.LIKELY,
        title="The board does not get into its WiFi network: name or password may be wrong.",
        shown_by="Your answer: short green flashes.",
        next_step="Hold its button for 10 seconds, then set it up again and take care with the network's name and "
        "password. The network has to be one of 2.4 GHz.",
        quote=_led(Led.JOINING),
        link=Link.SESSION,
    ),
    Rule(
        code="led_calling",
        certainty=Certainty.LIKELY,
        title="The board is in its WiFi network and does not get through to this gateway.",
        shown_by="Your answer: quick, even green flashes.",
        next_step="Check that {host} port {port} can be reached from that network, and the certificate.",
        quote=_led(Led.CALLING),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="led_error",
        certainty=Certainty.LIKELY,
        title="The board met an error and restarts by itself.",
        shown_by="Your answer: the LED is red.",
        next_step="Wait a minute until it flashes quickly, join its hotspot, and read last_error at "
        "http://192.168.4.1/board_info.json.",
        quote=_led(Led.ERROR),
    ),
)
