"""What is wrong, or will go wrong, with a template's name.

A board prints the name into its hotspot's name and, without any escaping, into the JSON document that
describes it (`board_info.json`; Blynk library 1.4.0 source, ConfigMode.h). So a name can be refused
(findings of severity error) or draw warnings.
"""

import string
from collections.abc import Iterable, Iterator

from console.kit.findings import Finding, Severity
from console.kit.text import is_invisible, unprintable
from templates_app.hotspot import (
    DEFAULT_PREFIX,
    SSID_LIMIT,
    Generation,
    HotspotName,
    pattern,
)

NAME_LIMIT = 100
"""Characters in a template's name, the same as in Blynk.Console."""

CUT_CODE = "hotspot-cut-"
"""How the code of a finding begins that a library cuts the name; the library follows."""

_SAFE = frozenset(string.ascii_letters + string.digits + " ")
_BREAKS_JSON = '"\\'
_BOARD_INFO_BUFFER = 512
_BOARD_INFO_REST = len(
    '{"board":"","tmpl_id":"TMPL123456789","fw_type":"TMPL123456789","fw_ver":"0.1.0","ssid":"",'
    '"bssid":"24:6F:28:01:02:04","mac":"24:6F:28:01:02:03","last_error":703,'
    '"wifi_scan":true,"static_ip":true}'
)


def name_findings(
    name: str,
    prefix: str = DEFAULT_PREFIX,
    generations: Iterable[Generation] = tuple(Generation),
) -> tuple[Finding, ...]:
    """Everything to say about a name. A name with a finding of severity error must not be saved.

    `generations` are the libraries whose hotspot counts: `Board.generations` for a known board.
    """
    refusals = (
        *_emptiness(name),
        *_length(name),
        *_unprintable(name),
        *_json_breakers(name),
    )
    if refusals:
        return refusals
    return (
        *_unusual(name),
        *_edges(name),
        *_board_info(name, prefix),
        *_hotspot(name, prefix, generations),
    )


def _emptiness(name: str) -> Iterator[Finding]:
    if is_invisible(name):
        yield Finding(
            code="name-empty",
            severity=Severity.ERROR,
            title="The template has no name.",
            evidence="The name is empty or only blanks.",
            next_step="Give it a short name, such as Greenhouse.",
        )


def _length(name: str) -> Iterator[Finding]:
    if len(name) > NAME_LIMIT:
        yield Finding(
            code="name-too-long",
            severity=Severity.ERROR,
            title=f"The name is longer than {NAME_LIMIT} characters.",
            evidence=f"It has {len(name)} characters.",
            next_step=f"Shorten it to {NAME_LIMIT} characters at most; 18 fit every board's hotspot.",
        )


def _unprintable(name: str) -> Iterator[Finding]:
    found = unprintable(name)
    if found:
        yield Finding(
            code="name-control-characters",
            severity=Severity.ERROR,
            title="The name has characters that cannot be shown, such as line breaks or tabs.",
            evidence=f"It contains {', '.join(f'U+{ord(c):04X}' for c in found)}.",
            next_step="Type the name again instead of pasting it.",
        )


def _json_breakers(name: str) -> Iterator[Finding]:
    found = _distinct(c for c in name if c in _BREAKS_JSON)
    if found:
        yield Finding(
            code="name-breaks-board-info",
            severity=Severity.ERROR,
            title="A double quote or a backslash in the name makes the board's description unreadable.",
            evidence=f"It contains {' and '.join(found)}, which the board copies into board_info.json as they are.",
            next_step="Use letters, digits and spaces.",
        )


def _unusual(name: str) -> Iterator[Finding]:
    found = _distinct(c for c in name if c not in _SAFE)
    if found:
        yield Finding(
            code="name-unusual-characters",
            severity=Severity.WARNING,
            title="Boards and apps only promise to handle letters, digits and spaces in a name.",
            evidence=f"It contains “{''.join(found)}”.",
            next_step="Use the letters A to Z, digits and spaces, unless you have tried this name on your board.",
        )


def _edges(name: str) -> Iterator[Finding]:
    if name != name.strip():
        yield Finding(
            code="name-edge-spaces",
            severity=Severity.WARNING,
            title="The name begins or ends with a space.",
            evidence=f"It is “{name}”, and the spaces become part of the hotspot's name.",
            next_step="Remove the spaces around the name.",
        )


def _board_info(name: str, prefix: str) -> Iterator[Finding]:
    size = _BOARD_INFO_REST + len(name.encode()) + pattern(name, Generation.V1_2, prefix).length
    if size >= _BOARD_INFO_BUFFER:
        yield Finding(
            code="name-overflows-board-info",
            severity=Severity.WARNING,
            title="The board has no room to describe itself with this name.",
            evidence=f"Its description takes {size} bytes; the board keeps {_BOARD_INFO_BUFFER - 1} and cuts the rest.",
            next_step="Shorten the name.",
        )


def _hotspot(name: str, prefix: str, generations: Iterable[Generation]) -> Iterator[Finding]:
    for generation in generations:
        hotspot = pattern(name, generation, prefix)
        if hotspot.too_long:
            yield _no_hotspot(hotspot)
        elif not hotspot.kept:
            yield _name_left_out(hotspot)
        elif hotspot.cut:
            yield _cut(hotspot)


def _no_hotspot(hotspot: HotspotName) -> Finding:
    excess = hotspot.length - SSID_LIMIT
    remedy = f"Shorten the name by {excess} bytes or more, or use library 1.1 or later."
    if hotspot.generation is not Generation.V1_0:
        remedy = "Shorten the hotspot prefix."
    return Finding(
        code=f"hotspot-too-long-{hotspot.generation.value}",
        severity=Severity.WARNING,
        title=f"With {hotspot.generation.label} the board cannot open its hotspot.",
        evidence=f"It would be “{hotspot.text}”: {hotspot.length} bytes, and WiFi allows {SSID_LIMIT}. "
        "The log then shows AP IP: 0.0.0.0.",
        next_step=remedy,
    )


def _cut(hotspot: HotspotName) -> Finding:
    broken = " The cut falls inside a character, which shows as �." if hotspot.splits_character else ""
    return Finding(
        code=f"{CUT_CODE}{hotspot.generation.value}",
        severity=Severity.WARNING,
        title=f"With {hotspot.generation.label} the hotspot shows only part of the name.",
        evidence=f"It will be “{hotspot.text}”: {hotspot.length} bytes, without “{hotspot.cut}”.{broken}",
        next_step=f"Shorten the name to {hotspot.kept_length} bytes, or look for the cut name when the board starts.",
    )


def _name_left_out(hotspot: HotspotName) -> Finding:
    return Finding(
        code=f"hotspot-without-name-{hotspot.generation.value}",
        severity=Severity.INFO,
        title=f"With {hotspot.generation.label} the hotspot does not show the name.",
        evidence=f"It will be “{hotspot.text}”: {hotspot.length} bytes.",
        next_step="Use a name that differs from the prefix, and a shorter prefix, to tell templates apart.",
    )


def _distinct(characters: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(characters))
