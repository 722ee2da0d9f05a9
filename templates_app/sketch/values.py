"""What goes into a check of a sketch, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from console.kit.findings import Finding, Severity
from templates_app.firmware import LibraryVersion


class Kind(StrEnum):
    """What a text was taken for, by its form."""

    SKETCH = "sketch"
    LINES = "config_lines"
    BOARD_INFO = "board_info"
    SERIAL_LOG = "serial_log"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Context:
    """What the text is held against.

    `host` and `port` are the gateway's as firmware lines carry them, `plain_port` its port without TLS, which sketches
    with a fixed token use. `others` are the names of the team's other templates by their ids; those whose ids occur in
    the text are enough (`template_ids_in`). `library` is None where nobody said which one the sketch is for.
    """

    template_id: str
    name: str
    host: str
    port: int
    plain_port: int
    others: Mapping[str, str] = field(default_factory=dict)
    library: LibraryVersion | None = None


@dataclass(frozen=True, slots=True)
class SketchFinding:
    """A finding with its place: `line` counts from 1 and is None where something is missing from the whole text.

    `corrected` is the line to put in place of that line (or to add, where `line` is None); empty where no one line
    would do. Neither it nor the evidence ever carries a password or a token.
    """

    finding: Finding
    line: int | None = None
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found, worst first; `left_out` counts findings beyond the limit."""

    kind: Kind
    findings: tuple[SketchFinding, ...]
    left_out: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong; remarks do not count."""
        return all(found.finding.severity is Severity.INFO for found in self.findings)


def found(
    code: str,
    severity: Severity,
    title: str,
    evidence: str,
    next_step: str,
    *,
    line: int | None = None,
    corrected: str = "",
) -> SketchFinding:
    """One finding of a check."""
    return SketchFinding(Finding(code, severity, title, evidence, next_step), line, corrected)
