"""How far provisioning sessions come, counted: the funnel. Pure: values in, values out."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

BUCKET_RATIO = 1.08
"""Times are kept in buckets, each this many times as long as the one before: a median is right within 4%."""

LAST_BUCKET = 200
NO_BUCKET = -1


class Reached(IntEnum):
    """The farthest step of a session. A later step implies the earlier ones."""

    OPENED = 0
    SEEN = 1
    NETWORK = 2
    CLOUD = 3
    ACTIVATED = 4
    NAMED = 5

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Reached.OPENED: "Opened",
    Reached.SEEN: "Device seen",
    Reached.NETWORK: "Network ok",
    Reached.CLOUD: "Cloud ok",
    Reached.ACTIVATED: "Activated",
    Reached.NAMED: "Named",
}


class Dimension(StrEnum):
    """What a funnel is broken down by."""

    TEMPLATE = "template"
    BOARD = "board"
    LIBRARY = "library"
    PERSON = "person"
    DAY = "day"

    @property
    def label(self) -> str:
        return {"library": "Library version"}.get(self.value, self.value.capitalize())


@dataclass(frozen=True, slots=True)
class Fact:
    """`count` sessions that are alike in one respect: how far they came, how long they took, or why they ended.

    `key` is the value of the dimension, None in the total. Exactly one of the three respects is told.
    """

    key: str | None
    count: int
    reached: Reached | None = None
    bucket: int | None = None
    cause: str | None = None


@dataclass(slots=True)
class Tally:
    """A funnel: sessions that came at least as far as each step, times of those activated, causes of the others."""

    farthest: Counter[Reached] = field(default_factory=Counter)
    buckets: Counter[int] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def opened_count(self) -> int:
        return sum(self.farthest.values())

    def count(self, step: Reached) -> int:
        """Sessions that came to `step` or farther."""
        return sum(count for reached, count in self.farthest.items() if reached >= step)

    @property
    def median_seconds(self) -> float | None:
        """The median time from opening to activation, within 4%; None where nothing was activated."""
        return median_of(self.buckets)

    @property
    def commonest_cause(self) -> tuple[str, int] | None:
        """The code of the finding that most sessions without a device ended with, and how many."""
        found = sorted(self.causes.items(), key=lambda item: (-item[1], item[0]))
        return found[0] if found else None


def tallies(facts: Iterable[Fact]) -> tuple[Tally, dict[str, Tally]]:
    """The total, and a tally for each value of the dimension."""
    total, parts = Tally(), defaultdict[str, Tally](Tally)
    for fact in facts:
        tally = total if fact.key is None else parts[fact.key]
        if fact.reached is not None:
            tally.farthest[fact.reached] += fact.count
        elif fact.bucket is not None and fact.bucket != NO_BUCKET:
            tally.buckets[fact.bucket] += fact.count
        elif fact.cause:
            tally.causes[fact.cause] += fact.count
    return total, dict(parts)


def bucket_of(seconds: float) -> int:
    """The bucket of a time; the database works out the same (`devices.actions.funnel`)."""
    return min(LAST_BUCKET, math.floor(math.log(max(1.0, seconds)) / math.log(BUCKET_RATIO)))


def median_of(buckets: Mapping[int, int]) -> float | None:
    """The middle of the bucket in which the median lies, in seconds."""
    half = sum(buckets.values()) / 2
    passed = 0
    for bucket in sorted(buckets):
        passed += buckets[bucket]
        if passed >= half > 0:
            return float(BUCKET_RATIO ** (bucket + 0.5))
    return None


def drop_off(before: int, after: int) -> float:
    """The share of `before` that did not come on, from 0 to 1."""
    return (before - after) / before if before else 0.0
