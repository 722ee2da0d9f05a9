"""Findings as a session keeps them."""

from typing import Any

from console.kit.findings import Finding


def as_stored(finding: Finding) -> dict[str, Any]:
    """Its fields by name, severity and certainty as text; `action` is its key and label, or None."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "title": finding.title,
        "evidence": finding.evidence,
        "next_step": finding.next_step,
        "certainty": finding.certainty.value if finding.certainty else None,
        "action": {"key": finding.action.key, "label": finding.action.label} if finding.action else None,
    }
