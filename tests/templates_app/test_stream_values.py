"""Values of pins as people read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.stream_values import Meaning, Shown, shown
from templates_app.streams import ValueKind

AIR = Meaning("Air", ValueKind.DECIMAL, "°C", Decimal("-40"), Decimal("85.50000"))
COUNT = Meaning("Count", ValueKind.INTEGER)
LAMP = Meaning("Lamp", ValueKind.SWITCH)
NOTE = Meaning("Note", ValueKind.TEXT)


@pytest.mark.parametrize(
    ("value", "meaning", "text"),
    [
        ("21.500000", AIR, "21.5 °C"),
        ("-0.0", AIR, "0 °C"),
        ("85.5", AIR, "85.5 °C"),
        ("+7", COUNT, "7"),
        ("1200", COUNT, "1200"),
        ("3.000", COUNT, "3"),
        ("1", LAMP, "On"),
        ("0", LAMP, "Off"),
        ("<b>\n", NOTE, "<b>\n"),
        ("1\x1f2.50", AIR, "1 °C, 2.5 °C"),
        ("1\x1f2.50", None, "1, 2.50"),
        ("", None, ""),
    ],
)
def test_value_reads_as_its_type_says(value: str, meaning: Meaning | None, text: str) -> None:
    assert shown(value, meaning) == Shown(text)


@pytest.mark.parametrize(
    ("value", "mark"),
    [("-41", "below -40 °C"), ("85.50001", "above 85.5 °C"), ("1e300", "above 85.5 °C"), ("9" * 1024, "above 85.5 °C")],
)
def test_value_out_of_its_range_says_so(value: str, mark: str) -> None:
    found = shown(value, AIR)
    assert (found.mark, found.is_out_of_range) == (mark, True)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "sNaN", "1_000", "٣", "", "0x10", "1e9999", "1e", "<b>"])
def test_what_is_no_number_is_shown_as_it_came(value: str) -> None:
    assert shown(value, AIR) == Shown(value, "not a number")


def test_other_misfits_are_named() -> None:
    assert shown("1.5", COUNT).mark == "not a whole number"
    assert shown("on", LAMP).mark == "neither 0 nor 1"


def test_one_of_several_values_out_of_range_marks_them_all() -> None:
    assert shown("1\x1f900\x1f901", AIR) == Shown("1 °C, 900 °C, 901 °C", "above 85.5 °C", is_out_of_range=True)


@given(st.text(max_size=50) | st.from_regex(r"[-+0-9.eE]{1,40}", fullmatch=True), st.sampled_from([AIR, COUNT, LAMP]))
def test_no_value_breaks_the_page(value: str, meaning: Meaning) -> None:
    found = shown(value, meaning)
    assert len(found.text) <= len(value) * 2 + 20
