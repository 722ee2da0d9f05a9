"""What the rules ask of a scanned sketch: which kind it is, and what it says about each macro."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from templates_app.firmware import LibraryVersion, firmware_lines
from templates_app.sketch.literals import Value, read
from templates_app.sketch.masking import masked, masked_code
from templates_app.sketch.scanner import Define, Include, Scan, Undefine
from templates_app.sketch.values import Context, Kind

ID, NAME, OLD_NAME, TOKEN = "BLYNK_TEMPLATE_ID", "BLYNK_TEMPLATE_NAME", "BLYNK_DEVICE_NAME", "BLYNK_AUTH_TOKEN"
SERVERS = ("CONFIG_DEFAULT_SERVER", "BLYNK_DEFAULT_SERVER")
PORT = "CONFIG_DEFAULT_PORT"
OWN = frozenset({ID, NAME, OLD_NAME, *SERVERS, PORT})
"""The macros of the firmware lines, whose lines hold nothing secret."""

_EDGENT_HEADER = "BlynkEdgent.h"
_COMMENTED = re.compile(r"^[ \t]*+//+[ \t]*+#[ \t]*+define[ \t]++(\w++)", re.MULTILINE)
_HOPS = 8
REPEATS_LIMIT = 20
"""Defines of one macro that are looked at; nobody means more."""


class Flavour(Enum):
    """Where the auth token comes from."""

    EDGENT = auto()
    """From the set-up of the board."""
    STATIC = auto()
    """From the sketch."""
    OPEN = auto()
    """The text does not say: it has no include of the library."""


@dataclass(slots=True)
class Facts:
    """A scanned sketch beside what it is held against."""

    scan: Scan
    context: Context
    defines: dict[str, list[Define]] = field(default_factory=dict)
    includes: list[Include] = field(default_factory=list)
    undefined: dict[str, list[int]] = field(default_factory=dict)
    commented: dict[str, int] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)

    @property
    def library_include(self) -> Include | None:
        """The first header of the Blynk library, above which the lines have to stand."""
        return next((include for include in self.includes if _base(include).startswith("Blynk")), None)

    @property
    def flavour(self) -> Flavour:
        if any(_base(include) == _EDGENT_HEADER for include in self.includes):
            return Flavour.EDGENT
        return Flavour.STATIC if self.library_include else Flavour.OPEN

    @property
    def kind(self) -> Kind:
        is_sketch = self.includes or re.search(r"\bvoid\s++(?:setup|loop)\s*+\(", self.scan.text)
        return Kind.SKETCH if is_sketch else Kind.LINES

    @property
    def library(self) -> LibraryVersion:
        """The library that corrected lines are for: the newest where nobody said."""
        return self.context.library or next(iter(LibraryVersion))

    @property
    def local_headers(self) -> tuple[str, ...]:
        """Headers of the sketch's own that may carry lines too."""
        return tuple(i.header for i in self.includes if i.is_local and not _base(i).startswith("Blynk"))

    def value(self, define: Define) -> Value:
        """The value of a define; where it is the name of another macro of the text, that one's."""
        value = read(define.value)
        for _ in range(_HOPS):
            named = self.defines.get(value.name)
            if not (value.name and named):
                break
            value = read(named[-1].value)
        return value

    def corrected(self, macro: str) -> str:
        """The firmware line of this macro, for this template; empty where the library has none."""
        return self.lines.get(macro, "")

    def quote(self, line: int) -> str:
        """A line for evidence, with its number and without secrets."""
        text = self.scan.line(line)
        macro = re.match(r"\W*+define\W++(\w++)", text)
        is_plain = macro is not None and macro[1] in OWN
        return f"Line {line}: {(masked(text) if is_plain else masked_code(text)).strip()}"

    def last(self, macro: str) -> Define | None:
        """The last live define of this macro."""
        found = self.defines.get(macro)
        return found[-1] if found else None


def gather(scan: Scan, context: Context) -> Facts:
    """The facts of a scan."""
    facts = Facts(scan, context, lines=_lines(context))
    for directive in scan.directives:
        match directive:
            case Define():
                known = facts.defines.setdefault(directive.macro, [])
                if len(known) < REPEATS_LIMIT:
                    known.append(directive)
            case Include():
                facts.includes.append(directive)
            case Undefine():
                facts.undefined.setdefault(directive.macro, []).append(directive.line)
    for comment in _COMMENTED.finditer(scan.text):
        slashes = scan.text.index("//", comment.start())
        if comment[1] in OWN and scan.hidden.starts_at(slashes):
            facts.commented.setdefault(comment[1], scan.line_of(slashes))
    return facts


def _lines(context: Context) -> dict[str, str]:
    """Every firmware line by its macro; those of the context's library win."""
    found: dict[str, str] = {}
    versions = [*reversed(LibraryVersion), *([context.library] if context.library else [])]
    for version in versions:
        lines = firmware_lines(context.template_id, context.name, version, context.host, context.port)
        found |= {line.macro: line.text for line in lines}
    return found


def _base(include: Include) -> str:
    return include.header.rpartition("/")[2]
