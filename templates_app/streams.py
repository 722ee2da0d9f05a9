"""What a datastream and an event of a template are: their kinds, limits and numbers.

The names are those of Blynk.Console: a datastream is a virtual pin with a name, an event is what a
device logs by its code.
"""

from decimal import Decimal
from enum import StrEnum

PIN_LAST = 255
"""The last virtual pin; the first is V0."""

STREAM_NAME_LIMIT = 60
UNIT_LIMIT = 16
CODE_LIMIT = 64
TITLE_LIMIT = 80
CODE_PATTERN = rf"[A-Za-z0-9_-]{{1,{CODE_LIMIT}}}"
"""An event's code, as a regular expression without anchors."""

NUMBER_DIGITS = 15
NUMBER_PLACES = 5
NUMBER_LAST = 9_999_999_999.99999
"""The furthest from zero that an end of a range can be: fifteen digits, which a double keeps all."""


class ValueKind(StrEnum):
    """What the values of a datastream are."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    SWITCH = "switch"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def is_number(self) -> bool:
        """Whether values of this kind may have a range."""
        return self in (ValueKind.INTEGER, ValueKind.DECIMAL)


class EventSeverity(StrEnum):
    """How much an event matters, and the tone it is shown in."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def tone(self) -> str:
        return {"info": "info", "warning": "warn", "critical": "bad"}[self.value]


def plain_number(value: Decimal | None) -> int | float | None:
    """The end of a range as JSON and YAML write it: a whole number where it is one."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def number_text(value: Decimal | float) -> str:
    """A number as people write it: no exponent, no zeros at its end."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = format(number, "f") if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def range_text(minimum: Decimal | float | None, maximum: Decimal | float | None) -> str:
    """A range in a few words; empty where there is none."""
    if minimum is not None and maximum is not None:
        return f"{number_text(minimum)} to {number_text(maximum)}"
    if minimum is not None:
        return f"{number_text(minimum)} or more"
    return "" if maximum is None else f"{number_text(maximum)} or less"


def exact_number(value: float | None) -> Decimal | None:
    """What `plain_number` was made of. Raises nothing for a finite number."""
    return None if value is None else Decimal(repr(value))
