"""Where lines stand and what else a sketch should not have: order, doubles, strange characters, secrets, debugging."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from console.kit.findings import Severity
from console.kit.tokens import TOKEN_PREFIX, is_ours, looks_like_token
from templates_app.sketch import facts as known
from templates_app.sketch.conditions import exclude
from templates_app.sketch.facts import Facts, Flavour
from templates_app.sketch.literals import DOUBLE_QUOTES, INVISIBLE, SINGLE_QUOTES, STRANGE_SPACES
from templates_app.sketch.literals import without_strange_characters as cleaned
from templates_app.sketch.masking import may_hold_secret
from templates_app.sketch.scanner import Define
from templates_app.sketch.values import SketchFinding, found

PRINT, APP_DEBUG, BLYNK_DEBUG = "BLYNK_PRINT", "APP_DEBUG", "BLYNK_DEBUG"
_BEFORE_INCLUDE = (*sorted(known.OWN), PRINT, APP_DEBUG, BLYNK_DEBUG, "BLYNK_FIRMWARE_VERSION")
_STRANGE = re.compile(f"[{INVISIBLE}{STRANGE_SPACES}]|[{DOUBLE_QUOTES}{SINGLE_QUOTES}]")
_QUOTES = frozenset(DOUBLE_QUOTES + SINGLE_QUOTES)
_BYTE_ORDER_MARK = "\ufeff"
_LINES_OF_ONE = 20
_NO_TOKEN = "// The auth token comes from the set-up of the board."  # noqa: S105 - a comment about a token


def rules(facts: Facts) -> Iterator[SketchFinding]:
    """Everything about the places of lines and about the rest of the text."""
    yield from _after_include(facts)
    yield from _contradictions(facts)
    yield from _strange_characters(facts)
    yield from _token_macro(facts)
    yield from _debug_output(facts)


def _after_include(facts: Facts) -> Iterator[SketchFinding]:
    include = facts.library_include
    if not include:
        return
    for macro in _BEFORE_INCLUDE:
        defines = facts.defines.get(macro, [])
        if not defines or defines[0].line < include.line:
            continue
        define = defines[0]
        yield found(
            "line-after-include",
            Severity.ERROR if macro in known.OWN else Severity.WARNING,
            f"{macro} stands below the include of the Blynk library, which then does not see it.",
            f"{facts.quote(include.line)}\n{facts.quote(define.line)}",
            f"Move the line above line {include.line}.",
            line=define.line,
            corrected=facts.corrected(macro) or _own_line(define),
        )


def _own_line(define: Define) -> str:
    return f"#define {define.macro} {define.value}".rstrip() if define.macro in (PRINT, APP_DEBUG, BLYNK_DEBUG) else ""


def _contradictions(facts: Facts) -> Iterator[SketchFinding]:
    for macro in sorted(known.OWN):
        defines = facts.defines.get(macro, [])
        for first, second in pairwise(defines):
            if _differ(facts, first, second):
                yield found(
                    "defined-twice",
                    Severity.ERROR,
                    f"{macro} is defined twice, with different values.",
                    f"{facts.quote(first.line)}\n{facts.quote(second.line)}",
                    "Keep one of the two lines, the corrected one.",
                    line=second.line,
                    corrected=facts.corrected(macro),
                )


def _differ(facts: Facts, first: Define, second: Define) -> bool:
    if facts.value(first).text == facts.value(second).text or exclude(first.branches, second.branches):
        return False
    undefined = facts.undefined.get(first.macro, [])
    return bisect_right(undefined, first.line) == bisect_right(undefined, second.line)


def _strange_characters(facts: Facts) -> Iterator[SketchFinding]:
    """Quotes and spaces of word processors in code: the compiler calls them stray. One finding a line."""
    scan, own = facts.scan, _lines_of_own_macros(facts)
    # The compiler forgives a byte order mark at the very beginning.
    position = 1 if scan.text.startswith(_BYTE_ORDER_MARK) else 0
    while match := _STRANGE.search(scan.text, position):
        position = match.end()
        if not scan.is_code(match.start()):
            position = max(position, scan.hidden.end_at(match.start()), scan.dead.end_at(match.start()))
            continue
        line = scan.line_of(match.start())
        if not (line in own and match[0] in _QUOTES):
            yield _strange(facts, line, match[0], own.get(line, ""))
            position = scan.end_of(line)


def _lines_of_own_macros(facts: Facts) -> dict[int, str]:
    return {
        line: macro
        for macro in known.OWN
        for define in facts.defines.get(macro, [])
        for line in range(define.line, min(define.end_line, define.line + _LINES_OF_ONE) + 1)
    }


def _strange(facts: Facts, line: int, character: str, macro: str) -> SketchFinding:
    text = facts.scan.line(line)
    quoted = facts.quote(line)
    right = facts.corrected(macro) or ("" if may_hold_secret(text) else cleaned(text))
    is_quote = character in _QUOTES
    return found(
        "smart-quotes" if is_quote else "invisible-characters",
        Severity.ERROR,
        "Typographic quotes stand where the compiler wants straight ones."
        if is_quote
        else f"A character that cannot be seen (U+{ord(character):04X}) stands in the code, and does not compile.",
        quoted,
        "Copy the corrected line." if right else "Type the line again instead of pasting it.",
        line=line,
        corrected=right,
    )


def _token_macro(facts: Facts) -> Iterator[SketchFinding]:
    for define in facts.defines.get(known.TOKEN, []):
        if facts.flavour is Flavour.STATIC:
            yield from _static_token(facts, define)
            continue
        is_edgent = facts.flavour is Flavour.EDGENT
        yield found(
            "token-in-edgent",
            Severity.ERROR if is_edgent else Severity.WARNING,
            "An Edgent sketch does not compile with BLYNK_AUTH_TOKEN."
            if is_edgent
            else "In an Edgent sketch BLYNK_AUTH_TOKEN does not compile.",
            f"{facts.quote(define.line)}\nSince library 1.3.0 the compiler stops at it; the board gets its token when "
            "it is set up.",
            "Remove the line." if is_edgent else "Remove the line, unless your sketch carries a fixed token.",
            line=define.line,
            corrected=_NO_TOKEN,
        )


def _static_token(facts: Facts, define: Define) -> Iterator[SketchFinding]:
    text = facts.value(define).text
    if text is None or looks_like_token(text.encode(errors="replace")):
        is_wrong = text is not None and text.startswith(TOKEN_PREFIX) and not is_ours(text, TOKEN_PREFIX)
    else:
        is_wrong = True
    if is_wrong:
        yield found(
            "token-malformed",
            Severity.ERROR,
            "The auth token is not one: it is incomplete, mistyped or still the example's.",
            facts.quote(define.line),
            "Issue a token for this template and copy it whole: it has 32 characters.",
            line=define.line,
        )


def _debug_output(facts: Facts) -> Iterator[SketchFinding]:
    """What prints secrets, where the serial output is on at all (Blynk library 1.4.0 source, ConfigMode.h)."""
    if not facts.last(PRINT):
        return
    app, debug = facts.last(APP_DEBUG), facts.last(BLYNK_DEBUG)
    if app and facts.flavour is not Flavour.STATIC:
        yield _prints(facts, app, "the WiFi password and the auth token", "when the board is set up")
    if debug:
        yield _prints(facts, debug, "the auth token", "at every login")


def _prints(facts: Facts, define: Define, what: str, when: str) -> SketchFinding:
    return found(
        "debug-prints-secrets",
        Severity.INFO,
        f"With {define.macro} the board prints {what} in clear {when}.",
        facts.quote(define.line),
        "Keep it while you look for a fault, and hide those lines when you share a log. Switch it off for devices "
        "that leave your desk.",
        line=define.line,
        corrected=f"// #define {define.macro}",
    )
