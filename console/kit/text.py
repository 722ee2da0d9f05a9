"""What people can see of a text, and what in it would deceive them."""

import unicodedata
from collections.abc import Sequence

# Controls, lone surrogates, line and paragraph separators (Unicode general categories).
_NO_CHARACTERS = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They turn the text around them, and what stands beside a name with it (Unicode Bidirectional Algorithm, section 2).
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and signs that are blank: Hangul fillers, the empty Braille cell.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def is_unprintable(character: str) -> bool:
    """Whether a character has no place in a name: it breaks lines, controls, turns what follows, or is none at all."""
    return character in _TURNS or unicodedata.category(character) in _NO_CHARACTERS


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of `text` that have no place in a name, each once."""
    return tuple(dict.fromkeys(character for character in text if is_unprintable(character)))


def is_invisible(text: str) -> bool:
    """Whether `text` leaves nothing to see: no letter, digit, mark of punctuation or sign."""
    return not any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK for c in text)


def any_of(names: Sequence[str], *, most: int = 3) -> str:
    """`"Alice, Ann or Bob"`; beyond `most` names, the rest are counted."""
    shown = list(names) if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} others"]
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else "".join(shown)
