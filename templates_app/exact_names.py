"""The hotspot names of one board, worked out from its MAC address; and where that cannot be done, why."""

from collections.abc import Iterator
from dataclasses import dataclass

from templates_app.boards import Board, BoardKey
from templates_app.hotspot import Generation, HotspotName, ssid


@dataclass(frozen=True, slots=True)
class ExactName:
    """The name under one generation of libraries; None where it does not follow from the MAC. `note` says more."""

    generation: Generation
    hotspot: HotspotName | None
    note: str = ""


_NOTES = {
    (BoardKey.ESP8266, Generation.V1_0): "With library 1.0.1; 1.0.0 draws the suffix at random.",
    (BoardKey.ESP32, Generation.EDGENT_0_9): "Only on chips without Bluetooth; the others are set up over it.",
}
_NOT_FROM_THE_MAC = {
    (BoardKey.WIO_TERMINAL, Generation.EDGENT_0_9): "Its suffix comes from the chip's serial number, not from the MAC.",
}


def exact_names(name: str, board: Board, mac: bytes) -> tuple[ExactName, ...]:
    """The names by library, in the catalogue's order; none for a board whose suffix does not follow from the MAC.

    Raises ValueError unless the MAC has six bytes.
    """
    return tuple(_exact_names(name, board, mac))


def _exact_names(name: str, board: Board, mac: bytes) -> Iterator[ExactName]:
    if board.suffix_source is None:
        return
    for generation in board.generations:
        reason = _NOT_FROM_THE_MAC.get((board.key, generation))
        if reason:
            yield ExactName(generation, None, reason)
            continue
        hotspot = ssid(name, generation, mac, board.suffix_source)
        yield ExactName(generation, hotspot, _NOTES.get((board.key, generation), ""))


def exact_generations(board: Board) -> tuple[Generation, ...]:
    """The generations whose names follow from the MAC, newest of the library Blynk first."""
    if board.suffix_source is None:
        return ()
    fits = [generation for generation in board.generations if (board.key, generation) not in _NOT_FROM_THE_MAC]
    return tuple(sorted(fits, key=_NEWEST_FIRST.index))


_NEWEST_FIRST = (Generation.V1_2, Generation.V1_1, Generation.V1_0, Generation.EDGENT_0_9)
