"""The table of rules holds together, and the docs tell it."""

import re
from collections import Counter

import pytest

from console.kit.findings import Certainty
from devices.diagnosis import RULES
from devices.diagnosis.rule import PLACEHOLDERS, Rule
from templates_app.sketch.last_error import MEANINGS
from tests.devices.diagnosis import causes_page

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
GEN_B = (705, 710, 711, 712, 720, 721, 722, 723, 730, 731, 732)


def test_codes_are_unique() -> None:
    assert [code for code, count in Counter(rule.code for rule in RULES).items() if count > 1] == []


def test_docs_tell_every_cause() -> None:
    again = "Run: python -m tests.devices.diagnosis.causes_page"
    assert causes_page.page() == causes_page.PAGE.read_text(), again


def test_docs_tell_no_cause_that_no_rule_names() -> None:
    told = re.findall(r"`(\w+)`, (?:certain|likely|possible) \|", causes_page.PAGE.read_text())
    assert told == [rule.code for rule in RULES]


@pytest.mark.parametrize("number", [700, 701, 702, 703, 704, *GEN_B])
def test_every_number_of_both_libraries_is_a_cause(number: int) -> None:
    assert number in MEANINGS
    assert f"last_error_{number}" in {rule.code for rule in RULES}


@every_rule
def test_texts_are_plain_sentences(rule: Rule) -> None:
    for text in (rule.title, rule.shown_by, rule.next_step):
        assert text.endswith((".", "…"))
        assert "!" not in text
        assert set(re.findall(r"\{(\w*)\}", text)) <= set(PLACEHOLDERS)
    assert rule.certainty in Certainty
