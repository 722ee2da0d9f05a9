"""The table of every cause, and the one function that asks it."""

from typing import Final

from console.kit.findings import Certainty, Finding
from devices.diagnosis import board_rules, connection_rules, led_rules, lint_rules, server_rules, token_rules
from devices.diagnosis.evidence import Evidence
from devices.diagnosis.question import UNDECIDED
from devices.diagnosis.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *token_rules.RULES,
    *connection_rules.RULES,
    *board_rules.RULES,
    *server_rules.RULES,
    *led_rules.RULES,
    *lint_rules.RULES,
    UNDECIDED,
)
FINDINGS_LIMIT: Final = 8
_ORDER: Final = tuple(Certainty)


def diagnose(evidence: Evidence) -> tuple[Finding, ...]:
    """The findings that the evidence supports, the surest first, in the table's order among equals.

    1. Where one cause is certain, what is only possible is left out.
    2. Where no cause is certain or likely, the last finding says so and asks what would decide it.
    """
    found = [finding for rule in RULES[:-1] if (finding := rule.finding(evidence))]
    certain = [finding for finding in found if finding.certainty is Certainty.CERTAIN]
    if certain:
        found = [finding for finding in found if finding.certainty is not Certainty.POSSIBLE]
    elif not any(finding.certainty is Certainty.LIKELY for finding in found):
        found = found[: FINDINGS_LIMIT - 1]
        found += [finding for finding in [UNDECIDED.finding(evidence)] if finding]
    found.sort(key=_place)
    return tuple(found[:FINDINGS_LIMIT])


def _place(finding: Finding) -> int:
    assert finding.certainty is not None  # noqa: S101 - every rule has one
    return _ORDER.index(finding.certainty)


def template_mismatch(*, expected: str, reported: str) -> Finding:
    """The board's info block carries the id of another template."""
    return diagnose(Evidence(template_id=expected, reported_template_id=reported or "none"))[0]


def no_permission(*, opened_by: str, who_may_give: str) -> Finding:
    """The person who opened the session may not provision this template (any more)."""
    return diagnose(Evidence(opened_by=opened_by, who_may_give=who_may_give, has_permission=False))[0]
