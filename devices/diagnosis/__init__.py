"""From evidence to findings: what is wrong, what shows it, and the next step. Pure: values in, values out.

`diagnose` asks every rule of one table (`devices.diagnosis.table`) whether the evidence shows its cause.
"""

from devices.diagnosis.evidence import Evidence
from devices.diagnosis.question import Question, next_question
from devices.diagnosis.table import RULES, diagnose, no_permission, template_mismatch
from devices.diagnosis.token_rules import NO_PERMISSION

__all__ = [
    "NO_PERMISSION",
    "RULES",
    "Evidence",
    "Question",
    "diagnose",
    "next_question",
    "no_permission",
    "template_mismatch",
]
