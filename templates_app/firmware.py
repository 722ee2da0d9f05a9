"""Firmware lines: the `#define` block that a developer pastes above the includes of an Edgent sketch.

Blynk library 1.2.0 renamed `BLYNK_DEVICE_NAME` to `BLYNK_TEMPLATE_NAME`. The server lines make a board use this
gateway when it is set up without one: library 1.1.0 and later take them from the sketch, 1.0.x has them fixed in its
own Settings.h (Blynk library 1.0.1 and 1.1.0 source, Settings.h), and BlynkEdgent 0.9.0 knows a server and no port
(its EdgentSettings.h). Every value is written as a C literal that compiles and yields the value again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from templates_app.hotspot import Generation

_SIMPLE_ESCAPES = {ord('"'): '\\"', ord("\\"): "\\\\"}
_PRINTABLE = range(0x20, 0x7F)
_QUESTION_MARK = ord("?")


class LibraryVersion(StrEnum):
    """The library versions that want different lines, newest first, the separate BlynkEdgent library last."""

    V1_4 = "1.4"
    V1_2 = "1.2"
    V1_1 = "1.1"
    V1_0 = "1.0"
    EDGENT_0_9 = "edgent-0.9"

    @property
    def label(self) -> str:
        """How people know it: `Blynk library 1.2 and 1.3`."""
        return _LABELS[self]

    @property
    def name_macro(self) -> str:
        """The macro that carries the template's name."""
        return "BLYNK_DEVICE_NAME" if self in _BEFORE_1_2 else "BLYNK_TEMPLATE_NAME"

    @property
    def server_macros(self) -> tuple[str, ...]:
        """The macros that carry the gateway's address: its name, and its port where the library knows one."""
        return ("BLYNK_DEFAULT_SERVER",) if self is LibraryVersion.EDGENT_0_9 else _CLASSIC_SERVER_MACROS

    @property
    def server_place(self) -> "Place":
        """The file in which the lines of the server have to stand."""
        return Place.SETTINGS if self is LibraryVersion.V1_0 else Place.SKETCH

    @property
    def generation(self) -> Generation:
        """The rule by which this library makes the hotspot's name."""
        return Generation.V1_2 if self is LibraryVersion.V1_4 else Generation(self.value)


class Place(StrEnum):
    """The file that a line belongs into."""

    SKETCH = "sketch"
    """Above every include of the sketch."""
    SETTINGS = "Settings.h"
    """The file of that name beside the sketch, in place of its lines with the same macros."""


_LABELS = {
    LibraryVersion.V1_4: "Blynk library 1.4 and later",
    LibraryVersion.V1_2: "Blynk library 1.2 and 1.3",
    LibraryVersion.V1_1: "Blynk library 1.1",
    LibraryVersion.V1_0: "Blynk library 1.0",
    LibraryVersion.EDGENT_0_9: "BlynkEdgent library 0.9",
}
_BEFORE_1_2 = frozenset({LibraryVersion.V1_0, LibraryVersion.V1_1})
_CLASSIC_SERVER_MACROS = ("CONFIG_DEFAULT_SERVER", "CONFIG_DEFAULT_PORT")
_SERVER_MEANING = "The server that the board uses when its set-up names none: this gateway."
_IN_SETTINGS = " Library 1.0 takes it from Settings.h only."
_ONLY_FIXED_PORTS = " The library adds the port itself: 443, then 9443."
_SERVER_MEANINGS = {
    LibraryVersion.V1_0: _SERVER_MEANING + _IN_SETTINGS,
    LibraryVersion.EDGENT_0_9: _SERVER_MEANING + _ONLY_FIXED_PORTS,
}
_PORT_MEANING = "The port of that server."
_PORT_MEANINGS = {LibraryVersion.V1_0: _PORT_MEANING + _IN_SETTINGS}


@dataclass(frozen=True, slots=True)
class Line:
    """One `#define`: `text` is what to paste, `value` what the compiler makes of it, `place` the file for it."""

    text: str
    macro: str
    value: str
    meaning: str
    place: Place = Place.SKETCH


def firmware_lines(
    template_id: str,
    name: str,
    version: LibraryVersion,
    host: str,
    port: int,
) -> tuple[Line, ...]:
    """The lines for an Edgent sketch, in the order to paste them; see `Line.place` for where.

    Raises UnicodeEncodeError for text with lone surrogates, which has no bytes.
    """
    return (
        _string_line(
            "BLYNK_TEMPLATE_ID",
            template_id,
            "Tells the gateway which template the device is made from. It must be exactly this id.",
        ),
        _string_line(
            version.name_macro,
            name,
            "The template's name, which becomes part of the hotspot's name.",
        ),
        *_server_lines(version, host, port),
    )


def _server_lines(version: LibraryVersion, host: str, port: int) -> tuple[Line, ...]:
    server, *port_macros = version.server_macros
    place = version.server_place
    return (
        _string_line(server, host, _SERVER_MEANINGS.get(version, _SERVER_MEANING), place),
        *(
            Line(
                text=f"#define {macro} {port}",
                macro=macro,
                value=str(port),
                meaning=_PORT_MEANINGS.get(version, _PORT_MEANING),
                place=place,
            )
            for macro in port_macros
        ),
    )


def of_place(lines: Iterable[Line], place: Place) -> tuple[Line, ...]:
    """Those of the lines that belong into this file, in their order."""
    return tuple(line for line in lines if line.place is place)


def header(lines: Iterable[Line], version: LibraryVersion) -> str:
    """A `.h` file to include first in the sketch; lines that belong elsewhere are comments in it."""
    lines = tuple(lines)
    elsewhere = "".join(f"//   {line.text}\n" for line in lines if line.place is not Place.SKETCH)
    note = f"// In Settings.h, replace the lines with these macros:\n{elsewhere}" if elsewhere else ""
    return (
        f"// Firmware lines for {version.label}. Include this file first, above every other include.\n"
        f"#pragma once\n{block(of_place(lines, Place.SKETCH))}{note}"
    )


def block(lines: Iterable[Line]) -> str:
    """The lines as one text that ends with a line break, ready for the clipboard or a `.h` file."""
    return "".join(f"{line.text}\n" for line in lines)


def c_string(text: str) -> str:
    """A C and C++ string literal of 7-bit characters that yields the text in UTF-8.

    Octal escapes always have three digits, so a digit that follows cannot join them; a second
    question mark in a row is escaped, so no trigraph can form.
    """
    written: list[str] = []
    previous = 0
    for byte in text.encode():
        written.append(_c_byte(byte, previous))
        previous = byte
    return '"' + "".join(written) + '"'


def _c_byte(byte: int, previous: int) -> str:
    if byte in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[byte]
    if byte == previous == _QUESTION_MARK:
        return "\\?"
    if byte in _PRINTABLE:
        return chr(byte)
    return f"\\{byte:03o}"


def _string_line(macro: str, value: str, meaning: str, place: Place = Place.SKETCH) -> Line:
    return Line(
        text=f"#define {macro} {c_string(value)}",
        macro=macro,
        value=value,
        meaning=meaning,
        place=place,
    )
