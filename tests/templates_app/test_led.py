"""What an LED says: rhythms, their words, and the stylesheet that draws them."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from templates_app.boards import BOARDS
from templates_app.boards.led import CLASSIC, EDGENT_0_9, LedPattern, LedState, Rhythm
from templates_app.led_drawing import STRIP_WIDTH, led_rows, strip_of

SHEET = Path(__file__).parents[2] / "static" / "css" / "components" / "led.css"
RULE = re.compile(r"\.(led-(?:blink|breathe)[-\d]+) \.led-light \{([^}]*)\}")
FRAMES = re.compile(r"@keyframes (led-[-a-z\d]+) \{((?:[^{}]*\{[^}]*\})*)\s*\}")
FRAME = re.compile(r"([\d.]+)%[^{]*\{\s*opacity: ([01]);")
RHYTHMS = sorted({pattern.rhythm for pattern in (*CLASSIC, *EDGENT_0_9)}, key=lambda rhythm: rhythm.css_class)
BLINKING = [rhythm for rhythm in RHYTHMS if rhythm.on_off_ms]
MOVING = [rhythm for rhythm in RHYTHMS if rhythm.period_ms]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A rhythm's class as the stylesheet has it."""

    name: str
    period_ms: int
    is_linear: bool


def drawn() -> dict[str, Drawn]:
    found = {}
    for css_class, body in RULE.findall(SHEET.read_text()):
        values = dict(re.findall(r"animation-([a-z-]+): ([^;]+);", body))
        period = int(values["duration"].removesuffix("ms"))
        found[css_class] = Drawn(values["name"], period, values.get("timing-function") == "linear")
    return found


def frames() -> dict[str, list[tuple[float, bool]]]:
    return {
        name: [(float(at), lit == "1") for at, lit in FRAME.findall(body)]
        for name, body in FRAMES.findall(SHEET.read_text())
    }


def pattern(patterns: tuple[LedPattern, ...], state: LedState) -> LedPattern:
    (found,) = [pattern for pattern in patterns if pattern.state is state]
    return found


def test_the_stylesheet_draws_every_rhythm_and_no_other() -> None:
    assert set(drawn()) == {rhythm.css_class for rhythm in MOVING}


@pytest.mark.parametrize("rhythm", MOVING, ids=lambda rhythm: rhythm.css_class)
def test_an_animation_lasts_as_long_as_its_rhythm(rhythm: Rhythm) -> None:
    found = drawn()[rhythm.css_class]

    assert found.period_ms == rhythm.period_ms
    assert found.is_linear == bool(rhythm.breathing_ms)
    assert found.name == ("led-breathe" if rhythm.breathing_ms else rhythm.css_class)


@pytest.mark.parametrize("rhythm", BLINKING, ids=lambda rhythm: rhythm.css_class)
def test_light_begins_and_ends_where_the_rhythm_says(rhythm: Rhythm) -> None:
    starts = [sum(rhythm.on_off_ms[:index]) for index in range(len(rhythm.on_off_ms))]

    found = frames()[rhythm.css_class]

    assert [at * rhythm.period_ms / 100 for at, _ in found] == pytest.approx(starts, abs=0.05)
    assert [lit for _, lit in found] == [index % 2 == 0 for index in range(len(starts))]


def test_no_keyframes_are_left_over() -> None:
    assert set(frames()) == {found.name for found in drawn().values()}


def test_lamps_move_only_for_those_who_did_not_ask_for_less_motion() -> None:
    before, _, inside = SHEET.read_text().partition("@media (prefers-reduced-motion: no-preference) {")

    assert "animation" not in re.sub(r"/\*.*?\*/", "", before, flags=re.DOTALL)
    assert len(RULE.findall(inside)) == len(drawn())


@pytest.mark.parametrize(
    ("state", "colour", "rhythm"),
    [
        (LedState.WAIT_CONFIG, "#0D36FF", Rhythm((50, 500))),
        (LedState.RESET_CONFIG, "#0D36FF", Rhythm((50, 500))),
        (LedState.CONFIGURING, "#0D36FF", Rhythm((200, 200))),
        (LedState.CONNECTING_NET, "#2EFFB9", Rhythm((50, 500))),
        (LedState.CONNECTING_CLOUD, "#2EFFB9", Rhythm((100, 100))),
        (LedState.RUNNING, "#2EFFB9", Rhythm(breathing_ms=5000)),
        (LedState.OTA_UPGRADE, "#A700FF", Rhythm((50, 50))),
        (LedState.ERROR, "#FF1008", Rhythm((80, 100, 80, 1000))),
        (LedState.BUTTON_HELD, "#FFFFE7", Rhythm(breathing_ms=1000)),
        (LedState.BUTTON_ARMED, "#FFFFE7", Rhythm((100, 100))),
    ],
)
def test_the_classic_sketches_patterns(state: LedState, colour: str, rhythm: Rhythm) -> None:
    found = pattern(CLASSIC, state)

    assert (found.colour.hex, found.rhythm) == (colour, rhythm)


def test_the_newer_library_differs() -> None:
    assert pattern(EDGENT_0_9, LedState.IDLE).rhythm == Rhythm((50, 2000))
    assert pattern(EDGENT_0_9, LedState.CONNECTING_CLOUD).rhythm == Rhythm((50, 500))
    assert pattern(EDGENT_0_9, LedState.OTA_UPGRADE).rhythm == Rhythm(breathing_ms=5000)
    assert pattern(EDGENT_0_9, LedState.RESET_CONFIG).rhythm.words == "stays dark"


@pytest.mark.parametrize("patterns", [CLASSIC, EDGENT_0_9])
def test_a_state_has_one_pattern(patterns: tuple[LedPattern, ...]) -> None:
    states = [pattern.state for pattern in patterns]

    assert len(states) == len(set(states))


@pytest.mark.parametrize("on_off_ms", [(50,), (50, 0), (-1, 50)])
def test_half_a_rhythm_is_none(on_off_ms: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Rhythm(on_off_ms)


def test_blinking_and_breathing_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        Rhythm((50, 50), 1000)


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (Rhythm((50, 500)), "on for 50 ms, off for 500 ms"),
        (Rhythm((80, 100, 80, 1000)), "on for 80 ms, off for 100 ms, on for 80 ms, off for 1000 ms"),
        (Rhythm(breathing_ms=1000), "breathes every second"),
        (Rhythm(breathing_ms=5000), "breathes every 5 seconds"),
    ],
)
def test_a_rhythm_in_words(rhythm: Rhythm, words: str) -> None:
    assert rhythm.words == words


def test_a_strip_shows_two_seconds_of_blinking() -> None:
    strip = strip_of(Rhythm((500, 500)))

    assert [(bar.x, bar.width) for bar in strip.bars] == [("0.0", "60.0"), ("120.0", "60.0")]
    assert (strip.span, strip.points) == ("2 s", "")


@pytest.mark.parametrize("rhythm", MOVING, ids=lambda rhythm: rhythm.css_class)
def test_a_strip_keeps_within_its_width(rhythm: Rhythm) -> None:
    strip = strip_of(rhythm)

    assert all(float(bar.x) + float(bar.width) <= STRIP_WIDTH + 0.1 for bar in strip.bars)
    assert all(float(corner.split(",")[0]) <= STRIP_WIDTH for corner in strip.points.split())
    assert bool(strip.bars) != bool(strip.points)


def test_a_slow_rhythm_is_shown_for_one_period() -> None:
    strip = strip_of(Rhythm(breathing_ms=5000))

    assert (strip.points, strip.span) == ("0.0,12 120.0,0 240.0,12", "5 s")


def test_rows_say_state_colour_and_rhythm() -> None:
    rows = {row.state: row.words for row in led_rows(EDGENT_0_9)}

    assert rows["WAIT_CONFIG"] == "Blue, on for 50 ms, off for 500 ms"
    assert rows["RESET_CONFIG"] == "Stays dark"


def test_every_pattern_of_the_catalogue_can_be_drawn() -> None:
    used = {pattern.rhythm for board in BOARDS for edition in board.editions for pattern in edition.led}

    assert used == set(RHYTHMS)
