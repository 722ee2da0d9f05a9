"""How a text differs from the one that it should be, in words: people do not see a zero in place of an O."""

import unicodedata
from enum import StrEnum

from templates_app.sketch.literals import without_strange_characters

_GROUPS = ("0oq°", "1li|!ı", "5s", "8b", "2z", "6g", "-–—−‐‑‒―_", "'`´‘’′")
_FOREIGN = {
    **dict(zip("АВЕЅІЈКМНОРСТХУаеосрхуіјѕ", "ABESIJKMHOPCTXYaeocpxyijs", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True)),
}
_SKELETON = str.maketrans({character: group[0] for group in _GROUPS for character in group})
_LATIN = str.maketrans(_FOREIGN)
_SHOWN = 60


class Difference(StrEnum):
    """The kinds of differences, from the one that is hardest to see."""

    SPACES = "spaces"
    CASE = "case"
    LOOKALIKE = "lookalike"
    OTHER = "other"


def skeleton(text: str) -> str:
    """The text in small letters, with every character that looks like another replaced by one of both."""
    return unicodedata.normalize("NFKC", text).translate(_LATIN).casefold().translate(_SKELETON)


def difference(text: str, wanted: str) -> Difference:
    """The kind of difference between two texts that are not the same."""
    if _tight(text) == _tight(wanted):
        return Difference.SPACES
    if text.casefold() == wanted.casefold():
        return Difference.CASE
    if skeleton(_tight(text)) == skeleton(_tight(wanted)):
        return Difference.LOOKALIKE
    return Difference.OTHER


def _tight(text: str) -> str:
    return "".join(without_strange_characters(text).split())


def first_difference(text: str, wanted: str) -> str:
    """One sentence on the first character that differs: `Character 8 is “0” (DIGIT ZERO), and should be “O” (…).`"""
    pairs = zip(text, wanted, strict=False)
    place = next((n for n, (is_, should) in enumerate(pairs) if is_ != should), min(len(text), len(wanted)))
    if place == len(wanted):
        return f"After “{shown(wanted)}” there is {_named(text[place])} too many."
    if place == len(text):
        return f"It ends too early: {_named(wanted[place])} should follow as character {place + 1}."
    return f"Character {place + 1} is {_named(text[place])} and should be {_named(wanted[place])}."


def shown(text: str) -> str:
    """The text, short, what nobody can see written as its number."""
    cut = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in cut)


def _named(character: str) -> str:
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    return f"“{character}” ({name})" if character.isprintable() and not character.isspace() else f"a {name}"
