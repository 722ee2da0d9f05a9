"""What the pages of the boards catalogue show, worked out from its facts."""

from dataclasses import dataclass

from django.urls import reverse

from templates_app.boards import Board, BoardChoice, BoardKey, Edition, LedKind
from templates_app.led_drawing import LedRow, led_rows
from templates_app.presenters import Fact


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One row of a pin table in words."""

    name: str
    macro: str
    button: str
    needs_button: bool
    led: str
    since: str


@dataclass(frozen=True, slots=True)
class EditionPanel:
    """One library's sketch on the page; `id` is unique there."""

    id: str
    edition: Edition
    hold: str
    choices: list[ChoiceRow]
    has_since: bool
    led: list[LedRow]


def edition_panels(board: Board) -> list[EditionPanel]:
    """The sketches of `board`, as the catalogue orders them."""
    return [
        EditionPanel(
            id=f"edition-{edition.library.name.lower()}",
            edition=edition,
            hold=hold_words(edition),
            choices=[_choice_row(choice) for choice in edition.choices],
            has_since=any(choice.since for choice in edition.choices),
            led=led_rows(edition.led),
        )
        for edition in board.editions
    ]


def hold_words(edition: Edition) -> str:
    """How to reset a board with its button, as sentences."""
    hold = edition.hold
    told = [
        f"Hold the button for {hold.seconds} seconds, then release it: the board erases its WiFi credentials and token."
    ]
    if edition.led and hold.shown_after is not None:
        told.append(f"The LED answers from {hold.shown_after} seconds on.")
    if hold.cancelled_after is not None:
        told.append(f"Held for longer than {hold.cancelled_after} seconds, nothing is erased.")
    return " ".join(told)


def _choice_row(choice: BoardChoice) -> ChoiceRow:
    return ChoiceRow(
        name=choice.name,
        macro=choice.macro,
        button=_pin(choice.button_pin) if choice.button_pin else "",
        needs_button=bool(choice.button_pin) and not choice.has_button,
        led=_led(choice),
        since=choice.since,
    )


def _pin(name: str) -> str:
    return f"pin {name}" if name.isdigit() else name


def _led(choice: BoardChoice) -> str:
    match choice.led:
        case LedKind.NONE:
            return ""
        case LedKind.RGB:
            pins = ", ".join(f"{colour} {pin}" for colour, pin in zip("RGB", choice.led_pins, strict=True))
            words = f"RGB: {pins}"
        case _:
            words = f"{choice.led.label}, {_pin(choice.led_pins[0])}"
    lit_low = ", lit by a low level" if choice.is_led_inverted else ""
    return f"{words[0].upper()}{words[1:]}{lit_low}"


def lead(board: Board) -> str:
    """One sentence on what the page of `board` holds."""
    if board.key is BoardKey.OTHER:
        return "Whatever else runs a Blynk client library: its sketch decides on pins, button and LED."
    if not board.editions:
        return "Nothing public is known about its pins, its button or its LED."
    return "Its pins, its button, what its LED says, and what is known to go wrong."


def facts(board: Board) -> list[Fact]:
    """The facts beside a board's tables."""
    holds = sorted({f"{edition.hold.seconds} seconds" for edition in board.editions})
    unknown = "up to its sketch" if board.key is BoardKey.OTHER else "nothing public is known"
    return [
        Fact("Key in the API", board.key.value, mono=True, copy=True),
        Fact("Edgent sketch", board.sketch or "none is public"),
        Fact("Libraries", ", ".join(map(str, board.libraries)) or "any Blynk client library"),
        Fact("Reset button", f"hold for {', '.join(holds)}" if holds else unknown),
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One board in the list."""

    board: Board
    url: str
    libraries: str


def rows(boards: tuple[Board, ...]) -> list[Row]:
    """The list's rows."""
    return [
        Row(
            board=board,
            url=url_of(board),
            libraries=", ".join(map(str, board.libraries)),
        )
        for board in boards
    ]


def url_of(board: Board) -> str:
    """The page of `board`."""
    return reverse("boards:detail", args=[board.key.value])
