"""Which firmware lines a board can take: the kinds of program, the library versions, and where the lines go.

Pure. The paths of the examples are those of the Arduino IDE with Blynk library 1.0.0 to 1.4.0 and BlynkEdgent 0.9.0.
"""

from enum import StrEnum

from templates_app.boards import Board, Library
from templates_app.firmware import LibraryVersion


class Kind(StrEnum):
    """The kinds of program that log in to the gateway."""

    EDGENT = "edgent"
    STATIC_TOKEN = "static-token"  # noqa: S105 - a kind of program
    PYTHON = "python"
    JAVASCRIPT = "javascript"

    @property
    def label(self) -> str:
        """What the page calls it."""
        return _LABELS[self]


_LABELS = {
    Kind.EDGENT: "Edgent sketch",
    Kind.STATIC_TOKEN: "Sketch with a fixed token",
    Kind.PYTHON: "Python",
    Kind.JAVASCRIPT: "JavaScript",
}
CLASSIC_VERSIONS = (LibraryVersion.V1_4, LibraryVersion.V1_2, LibraryVersion.V1_1, LibraryVersion.V1_0)
"""The versions of the library Blynk, newest first."""

_FIRST = {
    LibraryVersion.V1_0: (1, 0),
    LibraryVersion.V1_1: (1, 1),
    LibraryVersion.V1_2: (1, 2),
    LibraryVersion.V1_4: (1, 4),
}
_NEXT = {
    LibraryVersion.V1_0: (1, 1),
    LibraryVersion.V1_1: (1, 2),
    LibraryVersion.V1_2: (1, 4),
}
_CLASSIC_LIBRARY = "Blynk"
_NEWER_LIBRARY = "BlynkEdgent"


def kinds_for(board: Board) -> tuple[Kind, ...]:
    """The kinds that fit the board, the likeliest first."""
    if not board.includes:
        return (Kind.PYTHON, Kind.JAVASCRIPT, Kind.STATIC_TOKEN)
    if not board.has_hotspot:
        return (Kind.STATIC_TOKEN, Kind.PYTHON, Kind.JAVASCRIPT)
    return tuple(Kind)


def edgent_versions(board: Board) -> tuple[LibraryVersion, ...]:
    """The versions that carry the board's Edgent sketch, newest first; every classic one where none is public."""
    if not board.libraries:
        return CLASSIC_VERSIONS
    return tuple(version for version in LibraryVersion if any(_carries(each, version) for each in board.libraries))


def _carries(library: Library, version: LibraryVersion) -> bool:
    if version is LibraryVersion.EDGENT_0_9:
        return library.name == _NEWER_LIBRARY
    if library.name != _CLASSIC_LIBRARY:
        return False
    ends_before = version in _NEXT and _numbers(library.first) >= _NEXT[version]
    starts_after = library.last is not None and _numbers(library.last) < _FIRST[version]
    return not ends_before and not starts_after


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def where_to_paste(board: Board, version: LibraryVersion) -> str:
    """One sentence on where the lines of an Edgent sketch go."""
    if version is LibraryVersion.EDGENT_0_9:
        return (
            "In the Arduino IDE, open File > Examples > BlynkEdgent > BlynkEdgent and paste them at the top, "
            "before the first #include, in place of the template lines that stand there."
        )
    if not board.sketch:
        return "Paste them at the top of your sketch, before the first #include."
    return (
        f"In the Arduino IDE, open File > Examples > Blynk > Blynk.Edgent > {board.sketch} and paste them at the top, "
        "before the first #include, in place of the template lines that stand there."
    )
