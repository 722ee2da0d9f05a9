"""Where comments and literals of C++ end. Every function looks at a character once, so a whole scan is linear."""

import re
from bisect import bisect_right

_STRING = re.compile(r'"(?:[^"\\\n]++|\\.)*+"?', re.DOTALL)
_CHARACTER = re.compile(r"'(?:[^'\\\n]++|\\.)*+'?", re.DOTALL)
# After a quote it is the suffix of the literal before.
_RAW_PREFIX = re.compile(r"(?<![\w\"'])(?:u8|[LuU])?R\Z")
_RAW_PREFIX_REACH = 4
_RAW_OPENING = re.compile(r'"([^\s()\\"]{0,16})\(')
_NUMBER_REACH = 64
_REST_OF_NUMBER = re.compile(r"(?:'?[\w.])++")
_IN_LOGICAL_LINE = re.compile(r"//|/\*|[\"']|\\[ \t]*+\n|\n")
_SPLICE = re.compile(r"\\[ \t]*+\n")


class Spans:
    """Stretches of a text, added in order and never overlapping."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        self._starts.append(start)
        self._ends.append(end)

    def __contains__(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._ends[index]

    def end_at(self, position: int) -> int:
        """Where the stretch around the position ends; the position itself where there is none."""
        index = bisect_right(self._starts, position) - 1
        return max(position, self._ends[index]) if index >= 0 else position

    def starts_at(self, position: int) -> bool:
        """Whether one of them begins exactly there."""
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and self._starts[index] == position


def after_line_comment(text: str, start: int) -> int:
    """The position of the line break that ends the comment; a backslash before the break carries it on."""
    end = text.find("\n", start)
    while end != -1 and is_spliced(text, end):
        end = text.find("\n", end + 1)
    return len(text) if end == -1 else end


def is_spliced(text: str, line_break: int) -> bool:
    """Whether a backslash before the line break joins the next line to this one (blanks after it are forgiven)."""
    position = line_break - 1
    while position >= 0 and text[position] in " \t":
        position -= 1
    return position >= 0 and text[position] == "\\"


def after_block_comment(text: str, start: int) -> int:
    """The position after `*/`, or the end of the text: block comments do not nest."""
    end = text.find("*/", start + 2)
    return len(text) if end == -1 else end + 2


def after_quote(text: str, quote: int) -> int:
    """The position after the literal that opens at `quote`; a literal that is not closed ends with its line."""
    if text[quote] == '"':
        return _after_raw(text, quote) or _end(_STRING, text, quote)
    if _separates_digits(text, quote):
        return _end(_REST_OF_NUMBER, text, quote)
    return _end(_CHARACTER, text, quote)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start + 1


def _after_raw(text: str, quote: int) -> int:
    """The position after a raw string `R"x(…)x"`; 0 where none opens here."""
    if quote == 0 or text[quote - 1] != "R" or not _RAW_PREFIX.search(text[max(0, quote - _RAW_PREFIX_REACH) : quote]):
        return 0
    opening = _RAW_OPENING.match(text, quote)
    if not opening:
        return 0
    closing = f'){opening[1]}"'
    end = text.find(closing, opening.end())
    return len(text) if end == -1 else end + len(closing)


def _separates_digits(text: str, quote: int) -> bool:
    """Whether the apostrophe stands in a number, as in `1'000'000` (C++14)."""
    if not (0 < quote < len(text) - 1 and text[quote - 1].isalnum() and text[quote + 1].isalnum()):
        return False
    start = quote
    while start > max(0, quote - _NUMBER_REACH) and (text[start - 1].isalnum() or text[start - 1] in "_'."):
        start -= 1
    return text[start].isdigit()


def logical_line(text: str, start: int, hidden: Spans) -> tuple[str, int]:
    """A directive from `start` on, its comments as one space each and its lines joined, and the position after it.

    Comments and literals on the way are added to `hidden`.
    """
    parts: list[str] = []
    position = start
    while match := _IN_LOGICAL_LINE.search(text, position):
        parts.append(text[position : match.start()])
        sign, at = match[0], match.start()
        if sign == "\n":
            return "".join(parts), at
        if sign == "//":
            end = after_line_comment(text, at)
            hidden.add(at, end)
            return "".join(parts), end
        if sign[0] == "\\":
            position = match.end()
            continue
        position = after_block_comment(text, at) if sign == "/*" else after_quote(text, at)
        hidden.add(at, position)
        parts.append(" " if sign == "/*" else _SPLICE.sub("", text[at:position]))
    parts.append(text[position:])
    return "".join(parts), len(text)
