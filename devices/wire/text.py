"""Turning the bytes of a body into text that is safe to store and to show."""

from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_CONTROLS: Final = [*range(0x20), *range(0x7F, 0xA0)]
_IN_VALUE: Final = {code: REPLACEMENT for code in _CONTROLS if chr(code) not in "\t\n\r"} | {0: None, 0x0D: None}
_IN_LINE: Final = dict.fromkeys(_CONTROLS, " ") | {0: None}


def value_text(raw: bytes) -> str:
    """A value as text: tabs and new lines stay, NUL and carriage returns go, other controls become U+FFFD."""
    text = _decode(raw)
    return text if text.isprintable() else text.translate(_IN_VALUE)


def line_text(raw: bytes, *, max_length: int) -> str:
    """A name or a label as one line of at most `max_length` characters, without spaces at its ends."""
    text = _decode(raw)
    if not text.isprintable():
        text = text.translate(_IN_LINE)
    return text.strip()[:max_length].rstrip()


def wire_bytes(value: object) -> bytes:
    """A value as one part of a body: UTF-8 without NUL, because NUL separates the parts."""
    return str(value).encode("utf-8", "replace").replace(b"\0", b"")


def _decode(raw: bytes) -> str:
    """UTF-8; where it is not, Latin-1, because the JavaScript client writes each character as a single byte."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
