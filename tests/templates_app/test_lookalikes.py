"""Names of hotspots that people take for one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.boards import by_key
from templates_app.hotspot import Generation, pattern
from templates_app.lookalikes import NAMED_AT_MOST, Other, lookalike_findings, skeleton
from tests.templates_app.strategies import any_text

ESP32 = by_key("esp32")


def other(name: str, board: str = "esp32", template_id: str = "TMPLaaaaaaaaa") -> Other:
    return Other(template_id, name, board)


def codes(name: str, *names: str) -> list[str]:
    return [finding.code for finding in lookalike_findings(name, ESP32, [other(each) for each in names])]


def test_names_that_differ_are_fine() -> None:
    assert codes("Soil Sensor", "Boiler", "Pump", "Soil Sensor 2", "") == []


@pytest.mark.parametrize(
    "name",
    ["soil sensor", "Soil  Sensor", "SoilSensor", "Soil-Sensor", "Soi1 Sensor", "S0il Sensor", "Soil Sens\u043er"],
)
def test_names_that_look_alike(name: str) -> None:
    looked_like = "Soil Sensor" if "0" not in name else "Soil Sensor".replace("o", "0", 1)

    assert codes(looked_like, name) == ["hotspot-same-name" if name == looked_like else "hotspot-lookalike-name"]


@pytest.mark.parametrize(
    ("one", "two"),
    [("O", "0"), ("1", "l"), ("I", "1"), ("rn", "m"), ("VV", "w"), ("B", "8"), ("\u0430", "a"), ("\u00e9", "e")],
)
def test_characters_that_fonts_draw_alike(one: str, two: str) -> None:
    assert skeleton(one) == skeleton(two)


def test_same_name_is_another_finding() -> None:
    (finding,) = lookalike_findings("Pump", ESP32, [other("Pump")])

    assert finding.code == "hotspot-same-name"
    assert "“Pump” (TMPLaaaaaaaaa): “Blynk Pump-XXXX”" in finding.evidence


def test_names_that_are_the_same_once_cut() -> None:
    (finding,) = lookalike_findings("Irrigation Controller North", ESP32, [other("Irrigation Controller South")])

    assert finding.code == "hotspot-same-name"
    assert "Blynk library 1.1, Blynk library 1.2 and later, BlynkEdgent library 0.9." in finding.evidence
    assert "1.0" not in finding.evidence


def test_only_libraries_that_both_boards_have_count() -> None:
    both_cut_in_0_9_only = ("a" * 18 + "North", "a" * 18 + "South")

    def found(board: str) -> list[str]:
        mine, theirs = both_cut_in_0_9_only
        return [each.code for each in lookalike_findings(mine[:19], ESP32, [other(theirs[:19], board)])]

    assert found("esp32") == ["hotspot-same-name"]
    assert found("mkr1000") == []
    assert found("other") == []


def test_board_without_a_hotspot_is_never_mistaken() -> None:
    assert lookalike_findings("Pump", by_key("other"), [other("Pump")]) == ()


def test_many_are_counted() -> None:
    (finding,) = lookalike_findings("Pump", ESP32, [other("Pump", template_id=f"TMPL{n:09}") for n in range(8)])

    assert len(finding.evidence.splitlines()) == NAMED_AT_MOST + 1
    assert finding.evidence.endswith("And 3 more.")


@given(any_text, any_text)
def test_same_networks_are_always_found(one: str, two: str) -> None:
    same = any(pattern(one, each).ssid == pattern(two, each).ssid for each in Generation)

    if one.strip() and same and "\ufffd" not in one + two and "Blynk" not in (one, two):
        assert "hotspot-same-name" in codes(one, two)


@given(st.lists(any_text, max_size=5), any_text)
def test_any_names_can_be_compared(names: list[str], name: str) -> None:
    lookalike_findings(name, ESP32, [other(each) for each in names])
