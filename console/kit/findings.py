"""Findings: what is wrong, the evidence for it, and what to do next.

Every app tells people about trouble in this one shape, on pages, in the API and in logs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error stops the work, a warning may, an info never does."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Certainty(StrEnum):
    """How sure a diagnosis is of its cause, the surest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Action:
    """What does a next step: `key` names the place or deed, `label` says it on a button."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnosis. `code` is stable and machine-readable; the three texts are plain sentences.

    `certainty` and `action` are given where several causes are weighed and a page can do the next step.
    """

    code: str
    severity: Severity
    title: str
    evidence: str
    next_step: str
    certainty: Certainty | None = None
    action: Action | None = None


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Only the findings that refuse, in their order."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
