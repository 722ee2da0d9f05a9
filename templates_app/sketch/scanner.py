"""The preprocessor lines of a sketch, as the compiler sees them.

What stands in comments, strings, raw strings or `#if 0` is no directive. Conditions other than constants are not
decided: both of their branches are kept, and each directive says in which branches it stands.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from templates_app.sketch.conditions import Branch, Conditions
from templates_app.sketch.lexing import (
    Spans,
    after_block_comment,
    after_line_comment,
    after_quote,
    is_spliced,
    logical_line,
)

_SIGN = re.compile(r"//|/\*|[\"'#]")
_BLANK = re.compile(r"\s*+")
_BLANK_AND_SPLICE = re.compile(r"[ \t\v\f]*+\\[ \t]*+\n")
_DIRECTIVE = re.compile(r"#\s*+([a-z]++)\b[ \t]*+")
_MACRO = re.compile(r"([^\W\d]\w*+)(\([^)]*+\))?")
_HEADER = re.compile(r'[<"]([^>"\n]++)[>"]')
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Define:
    """`#define macro value`; `is_live` is False inside `#if 0`, `is_certain` False where a condition decides."""

    macro: str
    value: str
    line: int
    end_line: int
    branches: tuple[Branch, ...]
    is_live: bool
    has_parameters: bool

    @property
    def is_certain(self) -> bool:
        return not self.branches


@dataclass(frozen=True, slots=True)
class Undefine:
    """`#undef macro`."""

    macro: str
    line: int


@dataclass(frozen=True, slots=True)
class Include:
    """`#include` of a header; `is_local` with quotes."""

    header: str
    line: int
    is_local: bool


@dataclass(slots=True)
class Scan:
    """A scanned text. `hidden` are its comments and literals, `dead` the stretches that are compiled never."""

    text: str
    line_starts: list[int]
    directives: list[Define | Undefine | Include] = field(default_factory=list)
    dead_defines: list[Define] = field(default_factory=list)
    hidden: Spans = field(default_factory=Spans)
    dead: Spans = field(default_factory=Spans)

    def line_of(self, position: int) -> int:
        """The number of the line at a position of the text, from 1."""
        return bisect_right(self.line_starts, position)

    def line(self, number: int) -> str:
        """The line with this number, without its line break."""
        return self.text[self.line_starts[number - 1] : self.end_of(number)].removesuffix("\n")

    def end_of(self, number: int) -> int:
        """The position after the line with this number, its line break included."""
        return self.line_starts[number] if number < len(self.line_starts) else len(self.text)

    def is_code(self, position: int) -> bool:
        """Whether the compiler sees what stands there, outside any literal."""
        return position not in self.hidden and position not in self.dead


def scan(text: str) -> Scan:
    """Scan a text whose lines end with `\\n`. Never fails; linear in the length of the text."""
    scanner = _Scanner(text)
    scanner.run()
    return scanner.result


class _Scanner:
    def __init__(self, text: str) -> None:
        starts = [0]
        starts.extend(match.end() for match in re.finditer("\n", text))
        self.result = Scan(text, starts)
        self._text = text
        self._conditions = Conditions()
        self._dead_since = 0
        # What precedes a directive on its line may only be blanks and comments.
        self._blank_since = 1 if text.startswith(_BYTE_ORDER_MARK) else 0
        self._code_line = -1

    def run(self) -> None:
        text, position = self._text, 0
        while match := _SIGN.search(text, position):
            sign, start = match[0], match.start()
            if sign == "#":
                position = self._directive(start) if self._begins_line(start) else start + 1
            elif sign == "/*":
                position = self._block_comment(start)
            else:
                position = after_line_comment(text, start) if sign == "//" else after_quote(text, start)
                self.result.hidden.add(start, position)
        if self._conditions.is_dead:
            self.result.dead.add(self._dead_since, len(text) + 1)

    def _begins_line(self, position: int) -> bool:
        """Whether only blanks and comments stand before the position on its line."""
        line = self.result.line_of(position)
        if line == self._code_line:
            return False
        start = max(self.result.line_starts[line - 1], self._blank_since)
        blank = _BLANK.match(self._text, start, position)
        if blank and blank.end() == position and self._is_blank_before(line):
            return True
        self._code_line = line
        return False

    def _is_blank_before(self, line: int) -> bool:
        """Whether lines that a backslash joins to this one have nothing on them."""
        starts = self.result.line_starts
        while (start := starts[line - 1]) > self._blank_since and is_spliced(self._text, start - 1):
            line -= 1
            blank = _BLANK_AND_SPLICE.match(self._text, max(starts[line - 1], self._blank_since))
            if not blank or blank.end() != start:
                return False
        return True

    def _block_comment(self, start: int) -> int:
        is_first = self._begins_line(start)
        end = after_block_comment(self._text, start)
        self.result.hidden.add(start, end)
        self._blank_since = end
        if not is_first:
            self._code_line = self.result.line_of(end)
        return end

    def _directive(self, start: int) -> int:
        words, end = logical_line(self._text, start, self.result.hidden)
        match = _DIRECTIVE.match(words)
        if match:
            was_dead = self._conditions.is_dead
            name, rest = match[1], words[match.end() :].strip()
            if not self._conditions.follow(name, rest):
                self._keep(name, rest, start, end)
            self._mark_dead(was_dead, start, end)
        return end

    def _mark_dead(self, was_dead: bool, start: int, end: int) -> None:
        if self._conditions.is_dead and not was_dead:
            self._dead_since = end
        elif was_dead and not self._conditions.is_dead:
            self.result.dead.add(self._dead_since, start)

    def _keep(self, name: str, rest: str, start: int, end: int) -> None:
        line = self.result.line_of(start)
        if name == "define" and (macro := _MACRO.match(rest)):
            define = Define(
                macro=macro[1],
                value=rest[macro.end() :].strip(),
                line=line,
                end_line=self.result.line_of(end),
                branches=self._conditions.branches,
                is_live=not self._conditions.is_dead,
                has_parameters=macro[2] is not None,
            )
            (self.result.directives if define.is_live else self.result.dead_defines).append(define)
        elif self._conditions.is_dead:
            return
        elif name == "undef" and (macro := _MACRO.match(rest)):
            self.result.directives.append(Undefine(macro[1], line))
        elif name == "include" and (header := _HEADER.match(rest)):
            self.result.directives.append(Include(header[1].strip(), line, is_local=rest.startswith('"')))
