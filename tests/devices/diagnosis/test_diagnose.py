"""The diagnosis is a function: it never fails, and tells the same of the same."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from console.kit.findings import Certainty, Finding, Severity
from devices.diagnosis import RULES, Evidence, diagnose, next_question, no_permission, template_mismatch
from devices.diagnosis.evidence import (
    Answer,
    FailedEvidence,
    Led,
    Owner,
    RefusedEvidence,
    Returned,
    Siblings,
)
from devices.diagnosis.nearness import is_near
from devices.diagnosis.rule import LINE_LENGTH
from devices.diagnosis.table import FINDINGS_LIMIT
from devices.status import FailedBecause, Refusal, SessionState

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SAID = (
    "hotspot-failed",
    "hotspot-too-long",
    "server-other",
    "server-other-port",
    "tls-refused",
    "id-unknown",
    "id-not-exact",
    "name-not-exact",
    "log-invalid-token",
    "log-connection-failed",
    "log-redirected",
    "board-info-unreadable",
)
text = st.text(max_size=60)
counts = st.integers(1, 2**31 - 1)
refused = st.builds(RefusedEvidence, text, text, st.sampled_from(Refusal), counts, st.just(NOW), st.sampled_from(Owner))
failed = st.builds(FailedEvidence, text, st.sampled_from(FailedBecause), counts, st.just(NOW), text)
lint = st.builds(
    Finding,
    st.sampled_from(["hotspot-too-long-1.0", "hotspot-cut-1.2", "gateway-loopback", "gateway-without-tls"]),
    st.sampled_from(Severity),
    text,
    text,
    text,
)
evidences = st.builds(
    Evidence,
    template_id=text,
    template_name=text,
    hint=text,
    opened_by=text,
    who_may_give=text,
    host=text,
    port=st.integers(0, 65535),
    state=st.sampled_from(SessionState),
    has_permission=st.booleans(),
    is_seen=st.booleans(),
    reported_template_id=text,
    is_online_without_info=st.booleans(),
    refused=st.lists(refused, max_size=4).map(tuple),
    failed=st.lists(failed, max_size=4).map(tuple),
    returned=st.lists(st.builds(Returned, text, text, st.just(NOW)), max_size=2).map(tuple),
    led=st.none() | st.sampled_from(Led),
    answer=st.none() | st.sampled_from(Answer),
    last_error=st.none() | st.integers(0, 9999),
    said=st.dictionaries(st.sampled_from(SAID), st.lists(text, min_size=1, max_size=3).map(tuple)),
    log=st.text(max_size=300),
    name_lint=st.lists(lint, max_size=2).map(tuple),
    gateway_lint=st.lists(lint, max_size=2).map(tuple),
    siblings=st.builds(Siblings, counts, counts, text, text, counts),
)


@given(evidences)
def test_any_evidence_gives_the_same_few_findings_again(evidence: Evidence) -> None:
    found = diagnose(evidence)
    assert diagnose(evidence) == found
    assert len(found) <= FINDINGS_LIMIT
    assert len({finding.code for finding in found}) == len(found)
    for finding in found:
        assert finding.title
        assert finding.evidence
        assert all(len(line) <= LINE_LENGTH for line in finding.evidence.split("\n"))
    next_question(evidence)


@given(evidences)
def test_the_surest_come_first_and_in_the_tables_order(evidence: Evidence) -> None:
    places = {rule.code: place for place, rule in enumerate(RULES)}
    order = tuple(Certainty)
    found = diagnose(evidence)
    keys = [(order.index(finding.certainty), places[finding.code]) for finding in found if finding.certainty]
    assert keys == sorted(keys)
    assert len(keys) == len(found)


@given(evidences)
def test_what_is_certain_leaves_no_room_for_what_is_possible(evidence: Evidence) -> None:
    certainties = {finding.certainty for finding in diagnose(evidence)}
    assert not {Certainty.CERTAIN, Certainty.POSSIBLE} <= certainties


@given(evidences)
def test_it_says_that_it_does_not_know_just_where_it_does_not(evidence: Evidence) -> None:
    found = diagnose(evidence)
    is_told = any(finding.certainty in (Certainty.CERTAIN, Certainty.LIKELY) for finding in found)
    is_asked = any(finding.code == "undecided" for finding in found)
    is_waiting = evidence.state in (SessionState.OPEN, SessionState.EXPIRED, SessionState.FAILED)
    assert is_asked == (is_waiting and not is_told)


def test_one_question_follows_the_other_until_all_is_told() -> None:
    asked = []
    evidence = Evidence(led=None)
    steps: list[dict[str, object]] = [
        {},
        {"led": Led.WAITING},
        {"answer": Answer.PHONE_LEFT},
        {"log": "x"},
        {"last_error": 0},
    ]
    for changes in steps:
        evidence = Evidence(**(_fields(evidence) | changes))  # type: ignore[arg-type] # names and types are its own
        question = next_question(evidence)
        asked.append(question.asked.value if question else None)
    assert asked == ["led", "answer", "serial", "last_error", None]


def _fields(evidence: Evidence) -> dict[str, object]:
    return {name: getattr(evidence, name) for name in ("led", "answer", "log", "last_error")}


def test_braces_in_what_people_wrote_are_left_alone() -> None:
    assert "{host}" in no_permission(opened_by="{host}", who_may_give="{port}").title
    assert "{0}" in template_mismatch(expected="TMPL1", reported="{0}").evidence


def test_near_is_the_same_address_the_same_private_network_or_the_desk() -> None:
    assert is_near("203.0.113.7", ["203.0.113.7"])
    assert not is_near("203.0.113.8", ["203.0.113.7"])
    assert is_near("192.168.1.77", ["192.168.1.5"])
    assert not is_near("192.168.2.77", ["192.168.1.5"])
    assert is_near("192.168.2.77", ["127.0.0.1"])
    assert not is_near("203.0.113.7", ["127.0.0.1"])
    assert is_near("2001:db8::1", ["2001:db8::ffff"])
    assert not is_near("2001:db8:0:1::1", ["2001:db8::1", "192.168.1.5"])
    assert not is_near("", ["", "nonsense"])


@given(text, st.lists(text, max_size=3))
def test_any_address_is_near_or_not(address: str, places: list[str]) -> None:
    assert is_near(address, places) in (True, False)
