"""A sheet of labels, one for each board: its hotspot's name and a QR code that joins it. Pure.

The QR code's text is the one that phone cameras know: `WIFI:S:<name>;T:nopass;;`, with a backslash before each
character that has a meaning in it (the barcode format of the ZXing project).
"""

import re
from dataclasses import dataclass

from templates_app.boards import Board
from templates_app.hotspot import Generation, HotspotName, parse_mac, ssid

LABELS_LIMIT = 200
"""Labels on one sheet."""

TEXT_LIMIT = 20_000
"""Characters of a list of MAC addresses."""

_PROBLEMS_NAMED = 20
_QUOTED_LENGTH = 40
_SPECIAL = re.compile(r'([\\;,:"])')


@dataclass(frozen=True, slots=True)
class MacList:
    """What was read from a list: the addresses in its order, and a sentence for each line that is not usable."""

    macs: tuple[bytes, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One label: the MAC as people write it, the network's name, and the QR code's text."""

    mac: str
    ssid: str
    wifi: str


def read_macs(text: str) -> MacList:
    """One MAC address a line; empty lines do not count. Twenty problems are named, the rest is counted."""
    first_line: dict[bytes, int] = {}
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            mac = parse_mac(line)
        except ValueError:
            problems.append(f"Line {number}: “{_quoted(line)}” is no MAC address.")
            continue
        if mac in first_line:
            problems.append(f"Line {number} repeats line {first_line[mac]}.")
        first_line.setdefault(mac, number)
    if len(first_line) > LABELS_LIMIT:
        problems.append(f"There are {len(first_line)} addresses; one sheet takes {LABELS_LIMIT}.")
    if len(problems) > _PROBLEMS_NAMED:
        problems[_PROBLEMS_NAMED:] = [f"And {len(problems) - _PROBLEMS_NAMED} more lines like these."]
    return MacList(tuple(first_line), tuple(problems))


def label_of(name: str, board: Board, generation: Generation, mac: bytes) -> Label:
    """The label of one board. Raises ValueError where `refusal` has something to say."""
    if board.suffix_source is None:
        raise ValueError("The name does not follow from the MAC address.")
    hotspot = ssid(name, generation, mac, board.suffix_source)
    reason = refusal(hotspot)
    if reason:
        raise ValueError(reason)
    return Label(mac.hex(":").upper(), hotspot.text, wifi_text(hotspot.text))


def refusal(hotspot: HotspotName) -> str:
    """Why a board's network cannot be put on a label; empty when it can."""
    if hotspot.too_long:
        return f"With {hotspot.generation.label} the name is too long: these boards open no hotspot."
    if hotspot.splits_character:
        return f"{hotspot.generation.label} cuts the name inside a character: no QR code can carry that network's name."
    return ""


def wifi_text(name: str) -> str:
    """The text of a QR code that joins the open network with this name."""
    return f"WIFI:S:{_SPECIAL.sub(r'\\\1', name)};T:nopass;;"


def _quoted(line: str) -> str:
    text = line.strip()
    return text if len(text) <= _QUOTED_LENGTH else f"{text[:_QUOTED_LENGTH]}…"
