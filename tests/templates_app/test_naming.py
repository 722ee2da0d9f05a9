import pytest
from hypothesis import given

from console.kit.findings import Finding, Severity, errors
from templates_app.boards import by_key
from templates_app.hotspot import Generation
from templates_app.naming import name_findings
from tests.templates_app.strategies import any_text


def codes(name: str) -> list[str]:
    return [finding.code for finding in name_findings(name)]


def finding(name: str, code: str, prefix: str = "Blynk") -> Finding:
    return next(found for found in name_findings(name, prefix) if found.code == code)


@pytest.mark.parametrize("name", ["Root Template", "a", "Greenhouse 12", "a" * 18])
def test_a_short_plain_name_draws_no_finding(name: str) -> None:
    assert name_findings(name) == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name-empty"),
        ("   ", "name-empty"),
        ("\N{NO-BREAK SPACE}", "name-empty"),
        ("a" * 101, "name-too-long"),
        ("\N{GRINNING FACE}" * 101, "name-too-long"),
        ("tab\tbed", "name-control-characters"),
        ("line\nbreak", "name-control-characters"),
        ("nul\x00", "name-control-characters"),
        ("line\u2028separator", "name-control-characters"),
        ("lone \ud800 surrogate", "name-control-characters"),
        ('the "big" one', "name-breaks-board-info"),
        ("back\\slash", "name-breaks-board-info"),
    ],
)
def test_a_name_that_cannot_work_is_refused(name: str, code: str) -> None:
    assert [error.code for error in errors(name_findings(name))] == [code]


@pytest.mark.parametrize("name", ["Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Pump-2", "a_b", "100%"])
def test_other_characters_are_allowed_with_a_warning(name: str) -> None:
    assert codes(name) == ["name-unusual-characters"]
    assert errors(name_findings(name)) == ()


def test_each_reason_to_refuse_is_named() -> None:
    assert codes('"\n' + "a" * 100) == [
        "name-too-long",
        "name-control-characters",
        "name-breaks-board-info",
    ]


def test_spaces_around_the_name_are_pointed_out() -> None:
    assert codes(" Pump") == ["name-edge-spaces"]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (19, ["hotspot-cut-edgent-0.9"]),
        (20, ["hotspot-cut-1.1", "hotspot-cut-edgent-0.9"]),
        (
            21,
            [
                "hotspot-too-long-1.0",
                "hotspot-cut-1.1",
                "hotspot-cut-1.2",
                "hotspot-cut-edgent-0.9",
            ],
        ),
        (
            100,
            [
                "hotspot-too-long-1.0",
                "hotspot-cut-1.1",
                "hotspot-cut-1.2",
                "hotspot-cut-edgent-0.9",
            ],
        ),
    ],
)
def test_each_library_warns_from_its_own_length_on(length: int, expected: list[str]) -> None:
    assert codes("a" * length) == expected
    assert {found.severity for found in name_findings("a" * length)} == {Severity.WARNING}


def test_bytes_count_not_characters() -> None:
    assert "hotspot-too-long-1.0" in codes("é" * 11)
    assert "hotspot-too-long-1.0" not in codes("é" * 10)


def test_the_evidence_shows_the_exact_name_its_length_and_what_is_lost() -> None:
    found = finding("Greenhouse climate controller", "hotspot-cut-1.2")

    assert "“Blynk Greenhouse climate c-XXXX”" in found.evidence
    assert "31 bytes" in found.evidence
    assert "“ontroller”" in found.evidence
    assert "20 bytes" in found.next_step


def test_a_hotspot_that_cannot_open_is_recognised_by_its_log_line() -> None:
    found = finding("a" * 25, "hotspot-too-long-1.0")

    assert "37 bytes" in found.evidence
    assert "AP IP: 0.0.0.0" in found.evidence
    assert "by 5 bytes" in found.next_step


def test_a_cut_inside_a_character_is_told() -> None:
    assert "inside a character" in finding("a" * 19 + "é", "hotspot-cut-1.2").evidence
    assert "inside a character" not in finding("a" * 21, "hotspot-cut-1.2").evidence


def test_a_name_that_repeats_the_prefix_is_only_information() -> None:
    found = finding("Blynk", "hotspot-without-name-edgent-0.9")

    assert found.severity is Severity.INFO
    assert "“Blynk-XXXX”" in found.evidence


def test_a_prefix_without_room_is_to_blame_itself() -> None:
    assert "prefix" in finding("Pump", "hotspot-too-long-1.2", prefix="p" * 26).next_step


def test_a_name_that_fills_the_boards_description_is_warned_about() -> None:
    assert "name-overflows-board-info" in codes("\N{GRINNING FACE}" * 100)
    assert "name-overflows-board-info" not in codes("a" * 100)


def test_only_the_boards_own_libraries_count() -> None:
    findings = name_findings("a" * 19, generations=by_key("mkr1000").generations)

    assert findings == ()
    assert name_findings("a" * 90, generations=()) == ()
    assert len(name_findings("a" * 90, generations=[Generation.V1_1])) == 1


@given(any_text)
def test_every_finding_says_what_to_do_next_in_sentences(name: str) -> None:
    for found in name_findings(name):
        assert found.title.endswith(".")
        assert found.evidence
        assert found.next_step.endswith(".")
