"""Which other templates' boards open hotspots whose names are easily taken for this one's. Pure.

Two names are alike when what the library keeps of them is the same, or the same to the eye: capitals, spaces, dashes
and accents aside, and with the characters that fonts draw alike (0 and O, 1 and l and I, Cyrillic а and Latin a).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from console.kit.findings import Finding, Severity
from templates_app.boards import Board, by_key
from templates_app.hotspot import Generation, pattern

NAMED_AT_MOST = 5
"""How many other templates a finding names; the rest is counted."""

_SAME_TO_THE_EYE = {
    **dict.fromkeys("1i|!", "l"),
    "0": "o",
    "2": "z",
    "5": "s",
    "8": "b",
    **dict(zip("аеорсухкмтвніјѕ", "aeopcyxkmtbhljs", strict=True)),
    **dict(zip("αονρικυχτβ", "aovplkyxtb", strict=True)),
}
_ROOM = {generation: pattern("a" * 100, generation).kept_length for generation in Generation}
_EYE = str.maketrans({**_SAME_TO_THE_EYE, **dict.fromkeys(" -_.\u00a0\ufffd", "")})


@dataclass(frozen=True, slots=True)
class Other:
    """Another template of the team; `board` is a key of the catalogue."""

    template_id: str
    name: str
    board: str


@dataclass(frozen=True, slots=True)
class _Likeness:
    """`other` has the same name, or one that looks it, under these generations."""

    other: Other
    generations: tuple[Generation, ...]

    def __str__(self) -> str:
        shown = pattern(self.other.name, self.generations[-1]).text
        libraries = ", ".join(generation.label for generation in self.generations)
        return f"“{self.other.name}” ({self.other.template_id}): “{shown}” with {libraries}."


def skeleton(text: str) -> str:
    """What is left of a name at a glance; two names that look alike have the same."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.casefold().translate(_EYE).replace("rn", "m").replace("vv", "w")


def lookalike_findings(name: str, board: Board, others: Iterable[Other]) -> tuple[Finding, ...]:
    """One finding for names that are the same once cut, one for names that only look it."""
    if not name.strip():
        return ()
    kept = {generation: _kept(name, generation) for generation in board.generations}
    eyes = {generation: skeleton(text) for generation, text in kept.items()}
    same, alike = [], []
    for other in others:
        theirs = {each: _kept(other.name, each) for each in by_key(other.board).generations if each in kept}
        looks = {text: skeleton(text) for text in theirs.values()}
        if equal := tuple(each for each, text in theirs.items() if text == kept[each]):
            same.append(_Likeness(other, equal))
        elif close := tuple(each for each, text in theirs.items() if looks[text] == eyes[each]):
            alike.append(_Likeness(other, close))
    return (*_same(same), *_alike(alike))


def _kept(name: str, generation: Generation) -> str:
    """What the library keeps of the name, as `pattern` cuts it."""
    if name.isascii() and len(name) <= _ROOM[generation]:
        return name
    return name.encode()[: _ROOM[generation]].decode(errors="replace")


def _same(found: list[_Likeness]) -> tuple[Finding, ...]:
    if not found:
        return ()
    return (
        Finding(
            code="hotspot-same-name",
            severity=Severity.WARNING,
            title="Boards of another template open a hotspot with the same name.",
            evidence=_evidence(found),
            next_step="Put what tells the templates apart at the beginning of the name. "
            "Until then only the chip's suffix does.",
        ),
    )


def _alike(found: list[_Likeness]) -> tuple[Finding, ...]:
    if not found:
        return ()
    return (
        Finding(
            code="hotspot-lookalike-name",
            severity=Severity.WARNING,
            title="Boards of another template open a hotspot whose name looks the same.",
            evidence=_evidence(found),
            next_step="Choose a name that differs in more than capitals, spaces or characters that look alike.",
        ),
    )


def _evidence(found: list[_Likeness]) -> str:
    lines = [str(each) for each in found[:NAMED_AT_MOST]]
    if len(found) > NAMED_AT_MOST:
        lines.append(f"And {len(found) - NAMED_AT_MOST} more.")
    return "\n".join(lines)
