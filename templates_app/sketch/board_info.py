"""The description that a board gives of itself in its hotspot, `board_info.json` (Blynk library 1.4.0 source).

The board prints the template's name into it without escaping, so a quote in the name makes it unreadable.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from console.kit.findings import Severity
from templates_app.firmware import LibraryVersion, firmware_lines
from templates_app.hotspot import SSID_LIMIT
from templates_app.sketch.identity import id_finding, is_hotspot_of, name_finding
from templates_app.sketch.last_error import error_finding
from templates_app.sketch.lookalikes import shown
from templates_app.sketch.masking import masked
from templates_app.sketch.values import Context, SketchFinding, found

BUFFER = 511
"""Bytes of the description that a board has room for; the rest is cut."""

_NO_VERSION = "0.0.0"
_VERSION = re.compile(r"\d[\w.+-]*")
_FIELDS = ("tmpl_id", "board", "name", "fw_type", "fw_ver", "ssid", "last_error")


def check(text: str, context: Context) -> Iterator[SketchFinding]:
    """The findings for a description."""
    text = text.lstrip("\ufeff")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        yield _unreadable(text)
        yield from _fields(text, _salvaged(text), context)
        return
    if not isinstance(data, dict):
        yield _unreadable(text)
        return
    yield from _fields(text, data, context)


def _unreadable(text: str) -> SketchFinding:
    stripped = text.strip()
    is_cut = len(stripped.encode(errors="replace")) >= BUFFER and not stripped.endswith("}")
    reason = (
        "It ends in the middle: with this name the board has no room to describe itself."
        if is_cut
        else "A quote or a backslash in the template's name does this: the board copies the name in as it is."
    )
    return found(
        "board-info-unreadable",
        Severity.ERROR,
        "The board's description is no valid JSON; apps cannot read it.",
        f"{masked(stripped)}\n{reason}",
        "Use letters, digits and spaces in the template's name, and no more than 20 of them; then flash again.",
        line=1,
    )


def _salvaged(text: str) -> dict[str, Any]:
    """The fields of a broken description that can still be told apart by what stands around them."""
    data: dict[str, Any] = {}
    if error := re.search(r'"last_error"\s*+:\s*+(\d{1,9})', text):
        data["last_error"] = int(error[1])
    for field in ("tmpl_id", "fw_type", "ssid"):
        if match := re.search(rf'"{field}"\s*+:\s*+"([^"\\]{{0,100}})"', text):
            data[field] = match[1]
    return data


def _fields(text: str, data: Mapping[str, Any], context: Context) -> Iterator[SketchFinding]:
    values = {field: data[field] for field in _FIELDS if isinstance(data.get(field), (str, int))}
    for field, value in values.items():
        yield from _field(field, value, values, _Place(text, field), context)
    if "tmpl_id" not in values:
        yield found(
            "board-info-without-id",
            Severity.ERROR,
            "The description names no template.",
            masked(text.strip()),
            "Copy the firmware lines into the sketch and flash the board again.",
            line=1,
            corrected=_line(context, 0),
        )


class _Place:
    """A field in the text: its line, and how it is quoted."""

    def __init__(self, text: str, field: str) -> None:
        position = max(text.find(f'"{field}"'), 0)
        self.line = text.count("\n", 0, position) + 1
        self._name = field

    def quote(self, value: object) -> str:
        return masked(f'Line {self.line}: "{self._name}":{json.dumps(value, ensure_ascii=False)[:120]}')


def _field(
    field: str, value: str | int, values: Mapping[str, Any], place: _Place, context: Context
) -> Iterator[SketchFinding]:
    text, quoted = str(value)[:200], place.quote(value)
    wrong: SketchFinding | None = None
    match field:
        case "tmpl_id":
            wrong = id_finding(text, context, quoted, place.line, _line(context, 0))
        case "board" | "name":
            wrong = name_finding(text, context, quoted, place.line, _line(context, 1))
        case "last_error":
            wrong = error_finding(value if isinstance(value, int) else -1, quoted, place.line)
        case "ssid":
            wrong = _ssid(text, context, quoted, place.line)
        case "fw_type":
            wrong = _firmware_type(text, values.get("tmpl_id"), quoted, place.line)
        case "fw_ver":
            wrong = _firmware_version(text, quoted, place.line)
    if wrong:
        yield wrong


def _line(context: Context, index: int) -> str:
    version = context.library or next(iter(LibraryVersion))
    return firmware_lines(context.template_id, context.name, version, context.host, context.port)[index].text


def _ssid(ssid: str, context: Context, quoted: str, line: int) -> SketchFinding | None:
    size = len(ssid.encode(errors="replace"))
    if size > SSID_LIMIT:
        return found(
            "hotspot-too-long",
            Severity.ERROR,
            f"The hotspot's name has {size} bytes, and WiFi allows {SSID_LIMIT}: the board cannot open it.",
            quoted,
            "Shorten the template's name, copy the firmware lines and flash again.",
            line=line,
        )
    if is_hotspot_of(ssid, context.name):
        return None
    return found(
        "hotspot-of-other-name",
        Severity.WARNING,
        "The hotspot's name does not come from this template's name.",
        f"{quoted}\nThis template: {shown(context.name)}",
        "The board was flashed under another name: copy the firmware lines and flash again.",
        line=line,
    )


def _firmware_type(text: str, template_id: object, quoted: str, line: int) -> SketchFinding | None:
    if text == template_id or template_id is None:
        return None
    return found(
        "firmware-type-differs",
        Severity.INFO,
        "The firmware's type is not the template id.",
        quoted,
        "That is right where the sketch sets BLYNK_FIRMWARE_TYPE on purpose; remove that line otherwise.",
        line=line,
    )


def _firmware_version(text: str, quoted: str, line: int) -> SketchFinding | None:
    if text != _NO_VERSION and _VERSION.fullmatch(text):
        return None
    return found(
        "firmware-version-unset",
        Severity.INFO,
        "The firmware says no version of its own.",
        quoted,
        "Define BLYNK_FIRMWARE_VERSION in the sketch, and raise it with every build, so that builds can be told apart.",
        line=line,
        corrected='#define BLYNK_FIRMWARE_VERSION "0.1.0"',
    )
