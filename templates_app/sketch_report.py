"""What a check of a pasted text shows: it is held against the template, the gateway and the team's other templates."""

from dataclasses import dataclass

from django.conf import settings

from console.teams.models import Member
from templates_app import access
from templates_app.firmware import LibraryVersion
from templates_app.models import Template
from templates_app.presenters import gateway_address
from templates_app.sketch.checking import check
from templates_app.sketch.identity import template_ids_in
from templates_app.sketch.values import Context, Kind, Report, SketchFinding


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind is called, and what of it is checked."""

    name: str
    checked: tuple[str, ...]


_LINES = (
    "template id and name, character by character",
    "the macros for the library, and how each line is written",
    "server and port of this gateway",
    "quotes, spaces and other characters that do not compile",
    "auth tokens, and output that prints passwords",
)
WORDS = {
    Kind.SKETCH: KindWords("a sketch", (*_LINES, "that the lines stand above the includes")),
    Kind.LINES: KindWords("the first lines of a sketch", _LINES),
    Kind.BOARD_INFO: KindWords(
        "a board's description (board_info.json)",
        ("template id and name", "hotspot name", "firmware type and version", "the last error"),
    ),
    Kind.SERIAL_LOG: KindWords(
        "a serial log",
        ("hotspot and hotspot name", "server and port that the board calls", "errors and refusals", "secrets in clear"),
    ),
    Kind.UNKNOWN: KindWords("no text of a known form", ()),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One finding on the page, with its number there."""

    number: int
    found: SketchFinding

    @property
    def id(self) -> str:
        return f"corrected-{self.number}"

    @property
    def label(self) -> str:
        """Unique on the page, for it names a region of it."""
        line = self.found.line
        return f"{self.number}. {self._place(line)}"

    def _place(self, line: int | None) -> str:
        if not line:
            return "Line to add"
        if self.found.finding.code == "line-after-include":
            return f"Above the include, and delete line {line}"
        return f"In place of line {line}"


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report with its words."""

    report: Report

    @property
    def words(self) -> KindWords:
        return WORDS[self.report.kind]

    @property
    def cards(self) -> list[Card]:
        return [Card(n, found) for n, found in enumerate(self.report.findings, start=1)]

    @property
    def summary(self) -> str:
        """One sentence for the top of the report and for screen readers."""
        count = len(self.report.findings) + self.report.left_out
        if self.report.is_clean:
            return "Nothing wrong found."
        return f"{count:,} {'thing' if count == 1 else 'things'} to look at."


def report_of(template: Template, member: Member, text: str, library: LibraryVersion | None) -> Report:
    """Check `text` against `template` as `member` sees it. One query, and none where the text names no template."""
    address = gateway_address()
    mentioned = template_ids_in(text) - {template.template_id}
    rows = access.templates_of(member).filter(template_id__in=mentioned) if mentioned else Template.objects.none()
    context = Context(
        template_id=template.template_id,
        name=template.name,
        host=address.host,
        port=address.port,
        plain_port=settings.GATEWAY_PUBLIC_PORT,
        others=dict(rows.values_list("template_id", "name")),
        library=library,
    )
    return check(text, context)
