"""How a page draws what an LED says: a lamp with the board's rhythm, and the same rhythm as a strip over time.

The lamp moves by a class of `static/css/components/led.css`; the strip stands still, and is what remains for
those who ask for less motion.
"""

from dataclasses import dataclass

from templates_app.boards.led import LedPattern, Rhythm

STRIP_WIDTH, STRIP_HEIGHT = 240, 12
STRIP_MS = 2000
"""The least time that a strip shows; a slower rhythm is shown for one period."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of light on a strip, as text for SVG attributes, in the units of the strip."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A rhythm over time: bars for an LED that blinks, the corners of a line for one that breathes."""

    bars: tuple[Bar, ...]
    points: str
    span: str


@dataclass(frozen=True, slots=True)
class LedRow:
    """One state of a board's LED, ready to draw."""

    state: str
    meaning: str
    words: str
    fill: str
    css_class: str
    strip: Strip


def led_rows(patterns: tuple[LedPattern, ...]) -> list[LedRow]:
    """The rows of the table of LED patterns, in the order of `patterns`."""
    return [
        LedRow(
            state=pattern.state.value.upper(),
            meaning=pattern.state.meaning,
            words=_words(pattern),
            fill=pattern.colour.hex,
            css_class=pattern.rhythm.css_class,
            strip=strip_of(pattern.rhythm),
        )
        for pattern in patterns
    ]


def _words(pattern: LedPattern) -> str:
    if not pattern.rhythm.period_ms:
        return pattern.rhythm.words.capitalize()
    return f"{pattern.colour.name.capitalize()}, {pattern.rhythm.words}"


def strip_of(rhythm: Rhythm) -> Strip:
    """The strip of `rhythm`, from the moment that it begins."""
    span_ms = max(STRIP_MS, rhythm.period_ms)
    scale = STRIP_WIDTH / span_ms
    return Strip(
        bars=tuple(Bar(f"{start * scale:.1f}", f"{lit * scale:.1f}") for start, lit in _lit(rhythm, span_ms)),
        points=_wave(rhythm.breathing_ms, span_ms, scale) if rhythm.breathing_ms else "",
        span=f"{span_ms / 1000:g} s",
    )


def _lit(rhythm: Rhythm, span_ms: int) -> list[tuple[int, int]]:
    """When light begins and how long it lasts, in milliseconds, up to `span_ms`."""
    found, now = [], 0
    while rhythm.on_off_ms and now < span_ms:
        for lit, dark in zip(rhythm.on_off_ms[::2], rhythm.on_off_ms[1::2], strict=True):
            if now < span_ms:
                found.append((now, min(lit, span_ms - now)))
            now += lit + dark
    return found


def _wave(period_ms: int, span_ms: int, scale: float) -> str:
    corners = [(at * scale, STRIP_HEIGHT if at % period_ms == 0 else 0) for at in range(0, span_ms + 1, period_ms // 2)]
    return " ".join(f"{x:.1f},{y}" for x, y in corners)
