"""What people can see of a text."""

import pytest

from console.kit.text import is_invisible, unprintable


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200d", "\u2060", "\u3164", "\u00ad", "\ufe0f", "\U000e0041"])
def test_nothing_to_see(text: str) -> None:
    assert is_invisible(text)


@pytest.mark.parametrize("text", ["a", "7", "–", "🌱", "é", "ا", "𓀀", " x "])
def test_something_to_see(text: str) -> None:
    assert not is_invisible(text)


def test_what_has_no_place_in_a_name_is_told_once() -> None:
    assert unprintable("a\tb\t\u202e\u2028\ud800") == ("\t", "\u202e", "\u2028", "\ud800")


def test_joined_emoji_and_right_to_left_scripts_are_fine() -> None:
    assert unprintable("👩‍🌾 מזגן") == ()
