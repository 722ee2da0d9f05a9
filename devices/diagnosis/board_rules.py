"""Causes that the board itself tells: its serial log and description, held against the template and the gateway."""

import re
from collections.abc import Iterator

from console.kit.findings import Certainty
from devices.diagnosis.evidence import Answer, Evidence, Led
from devices.diagnosis.rule import Link, Quote, Rule
from templates_app.sketch.masking import CUT_NETWORK, CUT_PASSWORD

_STATE = re.compile(r"=> [A-Z_]{3,20}[ \t\r]*$")
_LEFT = re.compile(r"^[^\n]{0,40}CONFIGURING => WAIT_CONFIG", re.MULTILINE)
_CUT_NETWORK = re.compile(rf"^[^\n]{{0,400}}{re.escape(CUT_NETWORK)}", re.MULTILINE)
_CUT_PASSWORD = re.compile(rf"^[^\n]{{0,400}}{re.escape(CUT_PASSWORD)}", re.MULTILINE)


def said(*codes: str) -> Quote:
    """What the check of pasted texts quotes for findings with these codes."""

    def quote(evidence: Evidence) -> Iterator[str]:
        for code in codes:
            yield from evidence.said.get(code, ())

    return quote


def _is_too_long(evidence: Evidence) -> bool:
    return any(finding.code.startswith("hotspot-too-long") for finding in evidence.name_lint)


def _name_too_long(evidence: Evidence) -> Iterator[str]:
    shown = (*evidence.said.get("hotspot-too-long", ()), *evidence.said.get("hotspot-failed", ()))
    if not shown and evidence.last_error == 704:
        shown = ("last_error: 704",)
    if "hotspot-too-long" in evidence.said or (shown and _is_too_long(evidence)):
        yield from shown
        yield from (f.evidence for f in evidence.name_lint if f.code.startswith("hotspot-too-long"))


def _no_hotspot(evidence: Evidence) -> Iterator[str]:
    if not _is_too_long(evidence):
        yield from evidence.said.get("hotspot-failed", ())


def first(pattern: re.Pattern[str]) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        if match := pattern.search(evidence.log):
            yield match[0].strip()

    return quote


def _left(evidence: Evidence) -> Iterator[str]:
    if evidence.answer is Answer.PHONE_LEFT:
        yield f"You said of the phone: {evidence.answer.label.lower()}."
    yield from first(_LEFT)(evidence)


def _not_joined(evidence: Evidence) -> Iterator[str]:
    """The newest two tries of one stay in CONNECTING_NET: the second says that the first came to nothing."""
    tries: list[str] = []
    for line in evidence.log.split("\n"):
        if _STATE.search(line):
            tries.clear()
        elif "Connecting to WiFi:" in line:
            tries.append(line.strip())
    if len(tries) > 1:
        yield from tries[-2:]


def _on_hotspot(evidence: Evidence) -> Iterator[str]:
    if evidence.answer is Answer.PHONE_JOINED:
        yield f"You said of the phone: {evidence.answer.label.lower()}."


def _not_found(evidence: Evidence) -> Iterator[str]:
    if evidence.led in (Led.WAITING, None) and evidence.answer is Answer.HOTSPOT_NOT_SEEN:
        yield f"You said of the phone: {evidence.answer.label.lower()}."
        if evidence.led:
            yield f"You said of the LED: {evidence.led.label}"


RULES = (
    Rule(
        code="name_too_long",
        certainty=Certainty.CERTAIN,
        title="The template's name is too long: the board cannot open its hotspot.",
        shown_by="AP IP: 0.0.0.0, last_error 704 or a hotspot name above 32 bytes, with a name that library 1.0 "
        "makes too long.",
        next_step="Shorten the template's name to 18 characters, copy the firmware lines, and flash again; or use "
        "library 1.1 or later, which cuts the name.",
        quote=_name_too_long,
        link=Link.RENAME,
    ),
    Rule(
        code="old_core",
        certainty=Certainty.LIKELY,
        title="The board could not open its hotspot: the Arduino core may be too old.",
        shown_by="AP IP: 0.0.0.0 in the serial log, with a name that fits.",
        next_step="Install the latest stable Arduino core for the board (no beta, no release candidate), and flash "
        "again.",
        quote=_no_hotspot,
        link=Link.BOARD,
    ),
    Rule(
        code="bad_module",
        certainty=Certainty.POSSIBLE,
        title="The board's WiFi module may be broken.",
        shown_by="AP IP: 0.0.0.0 in the serial log, with a name that fits.",
        next_step="If the latest core changes nothing, try a new, unused module.",
        quote=_no_hotspot,
    ),
    Rule(
        code="template_of_other",
        certainty=Certainty.CERTAIN,
        title="The board was flashed with the lines of another template of this team.",
        shown_by="A template id of another template in the board's log or description.",
        next_step="Open a session for that template, or copy the firmware lines of {template_id} and flash again.",
        quote=said("id-of-other-template"),
        link=Link.FIRMWARE,
    ),
    Rule(
        code="other_account",
        certainty=Certainty.CERTAIN,
        title="The board's template belongs to no template of this team: it was made in another account.",
        shown_by="A template id in the board's log or description that this team does not have.",
        next_step="Sign in to the account and team that own the template, or copy the firmware lines of "
        "{template_id} and flash again.",
        quote=said("id-unknown"),
        link=Link.FIRMWARE,
    ),
    Rule(
        code="id_not_exact",
        certainty=Certainty.CERTAIN,
        title="The template id in the sketch is not exactly the template's.",
        shown_by="An id in the log or description that differs in a character, or that the library refuses.",
        next_step="Copy the firmware lines with their copy button and flash again. Check my sketch shows the line.",
        quote=said("id-not-exact", "id-without-prefix", "id-placeholder", "log-invalid-template"),
        link=Link.CHECK_SKETCH,
    ),
    Rule(
        code="name_not_exact",
        certainty=Certainty.LIKELY,
        title="The name in the sketch is not exactly the template's.",
        shown_by="A name or hotspot name in the log or description that does not come from the template's.",
        next_step="Copy the firmware lines with their copy button and flash again. Check my sketch shows the line.",
        quote=said("name-not-exact", "hotspot-of-other-name"),
        link=Link.CHECK_SKETCH,
    ),
    Rule(
        code="board_info_unreadable",
        certainty=Certainty.LIKELY,
        title="The board's description cannot be read.",
        shown_by="A board_info.json that is no JSON or names no template.",
        next_step="Use letters, digits and spaces in the template's name, 18 of them at most; then flash again.",
        quote=said("board-info-unreadable", "board-info-without-id"),
        link=Link.RENAME,
    ),
    Rule(
        code="password_cut",
        certainty=Certainty.LIKELY,
        title="The WiFi password was cut: boards keep 63 characters.",
        shown_by="A password of 63 characters in the serial log, which is masked before it is kept.",
        next_step="Use the network's passphrase, not its key of 64 digits.",
        quote=first(_CUT_PASSWORD),
    ),
    Rule(
        code="ssid_cut",
        certainty=Certainty.CERTAIN,
        title="The name of the WiFi network is longer than WiFi allows, and was cut.",
        shown_by="A network's name of 33 bytes in the serial log.",
        next_step="Enter the network's name again; it has 32 bytes at most.",
        quote=first(_CUT_NETWORK),
    ),
    Rule(
        code="network_not_joined",
        certainty=Certainty.LIKELY,
        title="The board is not let into its WiFi network, and tries again.",
        shown_by="“Connecting to WiFi” again and again in the serial log, with nothing between.",
        next_step="Check the network's name and password, and that it is 2.4 GHz and in reach; then set the board up "
        "again. By USB that can be done at once.",
        quote=_not_joined,
        link=Link.SESSION,
    ),
    Rule(
        code="settings_refused",
        certainty=Certainty.CERTAIN,
        title="The board refused its settings.",
        shown_by="“Configuration invalid” or a refused static address in the serial log.",
        next_step="Send the network's name, the whole token of 32 characters, host and port again, without a fixed "
        "address.",
        quote=said("log-configuration-invalid", "log-static-address"),
        link=Link.SESSION,
    ),
    Rule(
        code="preprovisioned",
        certainty=Certainty.LIKELY,
        title="Network and token were written into the firmware file: the board skips its hotspot.",
        shown_by="“Firmware is preprovisioned” in the serial log.",
        next_step="Flash firmware without them, and set the board up with this session's token.",
        quote=said("log-preprovisioned"),
    ),
    Rule(
        code="phone_left",
        certainty=Certainty.LIKELY,
        title="The phone left the board's hotspot before the settings were sent.",
        shown_by="Your answer, or CONFIGURING => WAIT_CONFIG in the serial log.",
        next_step="Join the hotspot again; where the phone says that it has no internet, stay. Switch mobile data off "
        "for the moment.",
        quote=_left,
        link=Link.SESSION,
    ),
    Rule(
        code="settings_not_sent",
        certainty=Certainty.LIKELY,
        title="The phone is on the board's hotspot, and the board has not got its settings.",
        shown_by="Your answer.",
        next_step="Open the board's form in the phone's browser and send network, token, host and port; the LED then "
        "turns green.",
        quote=_on_hotspot,
        link=Link.SESSION,
    ),
    Rule(
        code="not_found",
        certainty=Certainty.LIKELY,
        title="The board waits for its settings, but its hotspot was not found.",
        shown_by="Your answers: the LED flashes quickly, and the phone does not show the hotspot.",
        next_step="Check that the template's name is not too long, that id and name in the sketch are exactly the "
        "template's, and look for the hotspot under the name that the session shows, within a few steps of the board.",
        quote=_not_found,
        link=Link.CHECK_SKETCH,
    ),
)
