"""Values of virtual pins as people read them: by type, with unit, with a word where they are out of range.

A device may send any text; what is not of its datastream's type is shown as it came, and marked.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from templates_app.streams import ValueKind, number_text

SEPARATOR = "\x1f"
"""Stands between values that were written at once."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST = 32
_SWITCH = {"0": "Off", "1": "On"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a datastream says of its values."""

    name: str
    kind: ValueKind
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A value for a page. `mark` says in words what is wrong with it, empty where nothing is."""

    text: str
    mark: str = ""
    is_out_of_range: bool = False


def shown(value: str, meaning: Meaning | None) -> Shown:
    """`value`, which may be several, as its datastream means it; as it came where there is none."""
    parts = [_one(part, meaning) if meaning else Shown(part) for part in value.split(SEPARATOR)]
    marks = dict.fromkeys(part.mark for part in parts if part.mark)
    return Shown(", ".join(part.text for part in parts), ", ".join(marks), any(part.is_out_of_range for part in parts))


def _one(value: str, meaning: Meaning) -> Shown:
    match meaning.kind:
        case ValueKind.TEXT:
            return Shown(_with_unit(value, meaning))
        case ValueKind.SWITCH:
            text = _SWITCH.get(value.strip())
            return Shown(text) if text else Shown(value, "neither 0 nor 1")
        case ValueKind.INTEGER | ValueKind.DECIMAL:
            return _number(value, meaning)


def _number(value: str, meaning: Meaning) -> Shown:
    if not _NUMBER.fullmatch(value.strip()):
        return Shown(value, "not a number")
    number = Decimal(value.strip())
    is_plain = len(value) <= _LONGEST and "e" not in value.lower()
    text = _with_unit(number_text(number) if is_plain else value, meaning)
    if meaning.minimum is not None and number < meaning.minimum:
        return Shown(text, f"below {_with_unit(number_text(meaning.minimum), meaning)}", is_out_of_range=True)
    if meaning.maximum is not None and number > meaning.maximum:
        return Shown(text, f"above {_with_unit(number_text(meaning.maximum), meaning)}", is_out_of_range=True)
    if meaning.kind is ValueKind.INTEGER and number != number.to_integral_value():
        return Shown(text, "not a whole number")
    return Shown(text)


def _with_unit(text: str, meaning: Meaning) -> str:
    return f"{text} {meaning.unit}" if meaning.unit else text
