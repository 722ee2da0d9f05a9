"""What a rule is: a cause, how the evidence shows it, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from console.kit.findings import Action, Certainty, Finding, Severity
from devices.diagnosis.evidence import Evidence

type Quote = Callable[[Evidence], Iterable[str]]
"""The lines of evidence that show a cause; none where it is not shown."""

LINES_LIMIT = 5
LINE_LENGTH = 300


class Link(StrEnum):
    """What a next step leads to; a presenter makes an address of it."""

    NEW_SESSION = "new_session"
    FIRMWARE = "firmware"
    RENAME = "rename"
    CHECK_SKETCH = "check_sketch"
    CHECK_SERVER = "check_server"
    MEMBERS = "members"
    DEVICES = "devices"
    BOARD = "board"
    SESSION = "session"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Link.NEW_SESSION: "Open another session",
    Link.FIRMWARE: "Show the firmware lines",
    Link.RENAME: "Rename the template",
    Link.CHECK_SKETCH: "Check my sketch",
    Link.CHECK_SERVER: "Check my server",
    Link.MEMBERS: "Show the members",
    Link.DEVICES: "Show the devices",
    Link.BOARD: "Show the board's LED and pins",
    Link.SESSION: "Show the token and the hotspot",
}

PLACEHOLDERS = {
    "opened_by": "the opener",
    "who_may_give": "an owner or admin",
    "template": "the template",
    "template_id": "its id",
    "host": "the gateway",
    "port": "its port",
}
"""What stands in the docs for the values that a rule's texts name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`title` and `next_step` may name the values of `PLACEHOLDERS`; `shown_by` tells the docs what the evidence is."""

    code: str
    certainty: Certainty
    title: str
    shown_by: str
    next_step: str
    quote: Quote
    link: Link | None = None
    severity: Severity = Severity.ERROR

    def finding(self, evidence: Evidence) -> Finding | None:
        """The finding, where the evidence shows the cause."""
        lines = [line[:LINE_LENGTH] for line in self.quote(evidence) if line.strip()]
        if not lines:
            return None
        if len(lines) > LINES_LIMIT:
            lines[LINES_LIMIT:] = [f"… and {len(lines) - LINES_LIMIT} more"]
        words = _words(evidence)
        return Finding(
            code=self.code,
            severity=self.severity,
            title=self.title.format_map(words),
            evidence="\n".join(lines),
            next_step=self.next_step.format_map(words),
            certainty=self.certainty,
            action=Action(self.link.value, self.link.label) if self.link else None,
        )


def _words(evidence: Evidence) -> dict[str, object]:
    return {
        "opened_by": evidence.opened_by or "The opener",
        "who_may_give": evidence.who_may_give or "an owner or admin of your team",
        "template": evidence.template_name,
        "template_id": evidence.template_id,
        "host": evidence.host,
        "port": evidence.port,
    }
