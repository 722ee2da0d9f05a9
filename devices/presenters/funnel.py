"""The funnel as a page and the API show it: numbers, words, and the geometry of its drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from devices.funnel import Dimension, Reached, Tally, drop_off

WIDTH, ROW, BAR = 600, 44, 20
"""The drawing, in units of its own: it is as wide as the page lets it be."""

PARTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: `y` and `width` are geometry, `lost` says in words how many did not come so far."""

    label: str
    count: int
    share: str
    lost: str
    y: int
    width: int

    @property
    def text_y(self) -> int:
        return self.y + 13

    @property
    def bar_y(self) -> int:
        return self.y + 20


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the dimension. `url` lists its sessions; `cause_url` those that ended for the commonest cause."""

    label: str
    url: str
    counts: list[int]
    share: str
    median: str
    cause: str
    cause_url: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All bars, with the size of their drawing."""

    bars: list[Bar]
    width: int
    height: int


def drawing_of(tally: Tally) -> Drawing:
    """A bar for each step, as long as its share of the sessions that were opened."""
    counts = [tally.count(step) for step in Reached]
    opened = counts[0]
    bars = [
        Bar(
            label=step.label,
            count=count,
            share=percent(count, opened),
            lost="" if step is Reached.OPENED else lost_words(before, count),
            y=position * ROW,
            width=max(1, round(WIDTH * count / opened)) if opened and count else 0,
        )
        for position, (step, count, before) in enumerate(zip(Reached, counts, [opened, *counts], strict=False))
    ]
    return Drawing(bars, WIDTH, ROW * len(bars))


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "–"


def lost_words(before: int, after: int) -> str:
    """`12 fewer (8%)`, or nothing where all came on."""
    lost = before - after
    return f"{lost:,} fewer ({round(100 * drop_off(before, after))}%)" if lost else ""


def duration(seconds: float | None) -> str:
    """`12 s`, `4 min 10 s`, `2 h 5 min`; a dash for None."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def parts_of(parts: Mapping[str, Tally], *, by: Dimension, days: int, names: Mapping[str, str]) -> list[Part]:
    """The values of the dimension, those with most sessions first; days newest first."""
    ordered = sorted(parts.items(), key=lambda item: (-item[1].opened_count, item[0]))
    if by is Dimension.DAY:
        ordered = sorted(parts.items(), reverse=True)
    return [_part(key, tally, by=by, days=days, names=names) for key, tally in ordered[:PARTS_SHOWN]]


def _part(key: str, tally: Tally, *, by: Dimension, days: int, names: Mapping[str, str]) -> Part:
    opened = tally.opened_count
    cause = tally.commonest_cause
    query = {by.value: key} if by is Dimension.DAY else {by.value: key, "days": str(days)}
    return Part(
        label=names.get(key, key) or "not told",
        url=sessions_url(query) if key else "",
        counts=[tally.count(step) for step in Reached],
        share=percent(tally.count(Reached.ACTIVATED), opened),
        median=duration(tally.median_seconds),
        cause=cause_words(cause[0]) if cause else "–",
        cause_url=sessions_url({**query, "cause": cause[0]}) if cause and key else "",
    )


def sessions_url(query: Mapping[str, str]) -> str:
    return f"{reverse('sessions:list')}?{urlencode(query)}"


def cause_words(code: str) -> str:
    """A finding's code as words: `template mismatch`."""
    return code.replace("_", " ").replace("-", " ")
