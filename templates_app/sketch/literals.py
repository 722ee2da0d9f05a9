"""The value of a `#define`: the text that its string literals yield, or what keeps it from being one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

DOUBLE_QUOTES = "“”„‟″«»＂"
SINGLE_QUOTES = "‘’‚‛′＇"
_TO_ASCII = str.maketrans({**dict.fromkeys(DOUBLE_QUOTES, '"'), **dict.fromkeys(SINGLE_QUOTES, "'")})

INVISIBLE = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
STRANGE_SPACES = "\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_CLEAN = str.maketrans({**dict.fromkeys(INVISIBLE, ""), **dict.fromkeys(STRANGE_SPACES, " ")})

_AROUND = " \t\n\v\f" + STRANGE_SPACES + INVISIBLE

_ONE = r'(?:u8|[LuU])?"(?:[^"\\]++|\\.)*+"'
_STRINGS = re.compile(rf"(?:{_ONE}\s*+)++", re.DOTALL)
_EACH = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]+)|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<simple>.))",
    re.DOTALL,
)
_SIMPLE = {"n": b"\n", "t": b"\t", "r": b"\r", "0": b"\0", "a": b"\a", "b": b"\b", "f": b"\f", "v": b"\v", "e": b"\x1b"}
_NAME = re.compile(r"[^\W\d]\w*+")
_UNICODE_END = 0x110000
_VALUE_LIMIT = 4096


class Flaw(StrEnum):
    """What is wrong with how a value is written."""

    EMPTY = "empty"
    UNQUOTED = "unquoted"
    SINGLE_QUOTES = "single-quotes"
    OPEN = "open-string"
    SMART_QUOTES = "smart-quotes"
    SEMICOLON = "semicolon"
    EQUALS = "equals"


@dataclass(frozen=True, slots=True)
class Value:
    """`text` is what the literal yields; None where it cannot be read here, and `name` then may be another macro."""

    text: str | None
    flaws: tuple[Flaw, ...] = ()
    name: str = ""


def without_strange_characters(text: str) -> str:
    """The text with straight quotes, plain spaces and nothing invisible."""
    return text.translate(_CLEAN).translate(_TO_ASCII)


def read(value: str) -> Value:
    """The value as people meant it, with what is wrong in how they wrote it."""
    flaws: list[Flaw] = []
    rest = value[:_VALUE_LIMIT].strip(_AROUND)
    rest = _take(rest, rest.startswith("="), Flaw.EQUALS, lambda text: text.lstrip("= "), flaws)
    rest = _take(rest, rest.endswith(";"), Flaw.SEMICOLON, lambda text: text.rstrip("; "), flaws)
    has_smart = bool(rest) and rest[0] in DOUBLE_QUOTES + SINGLE_QUOTES
    rest = _take(rest, has_smart, Flaw.SMART_QUOTES, lambda text: text.translate(_TO_ASCII), flaws)
    return _read(rest, flaws)


def _take(rest: str, is_so: bool, flaw: Flaw, mend: Callable[[str], str], flaws: list[Flaw]) -> str:
    if not is_so:
        return rest
    flaws.append(flaw)
    return mend(rest)


def _read(rest: str, flaws: list[Flaw]) -> Value:
    if not rest:
        return Value("", (*flaws, Flaw.EMPTY))
    if _STRINGS.fullmatch(rest):
        text = decoded(rest)
        return Value(text, (*flaws, *(() if text else (Flaw.EMPTY,))))
    if rest[0] == "'":
        return Value(rest.strip("'"), (*flaws, Flaw.SINGLE_QUOTES))
    if rest[0] == '"':
        return Value(rest.strip('"'), (*flaws, Flaw.OPEN))
    if _NAME.fullmatch(rest):
        return Value(None, tuple(flaws), name=rest)
    is_expression = any(sign in rest for sign in "()\"'")
    return Value(None, tuple(flaws)) if is_expression else Value(rest, (*flaws, Flaw.UNQUOTED))


def decoded(literals: str) -> str:
    """What one or more string literals in a row yield, as text."""
    parts: list[bytes] = []
    for literal in _EACH.finditer(literals):
        body, end = literal[1], 0
        for escape in _ESCAPE.finditer(body):
            parts += [_bytes(body[end : escape.start()]), _escaped(escape)]
            end = escape.end()
        parts.append(_bytes(body[end:]))
    return b"".join(parts).decode(errors="replace")


def _escaped(escape: re.Match[str]) -> bytes:
    if octal := escape["octal"]:
        return bytes([int(octal, 8) & 0xFF])
    if digits := escape["hex"]:
        return bytes([int(digits[-2:], 16)])
    if code := escape["u"] or escape["U"]:
        return _bytes(chr(int(code, 16))) if int(code, 16) < _UNICODE_END else b"?"
    return _SIMPLE.get(escape["simple"], _bytes(escape["simple"]))


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
