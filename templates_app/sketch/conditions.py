"""The `#if` blocks around a line: which are compiled never, and which may be."""

from dataclasses import dataclass
from enum import Enum

type Branch = tuple[int, int]
"""The number of an `#if` block, and which of its branches: two branches of one block exclude each other."""

DEPTH_LIMIT = 64
"""Blocks inside blocks that are followed; deeper ones count as undecided."""

_NEVER = frozenset({"0", "false", "0L", "0x0"})
_ALWAYS = frozenset({"1", "true", "1L", "0x1"})
_OPENING = frozenset({"if", "ifdef", "ifndef"})
_NEXT = frozenset({"elif", "elifdef", "elifndef", "else"})


class _Truth(Enum):
    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(slots=True)
class _Block:
    """One `#if` block: its branch now, whether that is compiled, and whether an earlier one was."""

    number: int
    branch: int
    now: _Truth
    before: _Truth


class Conditions:
    """Follows the directives of conditions in their order."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._deeper = 0
        self._count = 0
        self._dead = 0

    @property
    def is_dead(self) -> bool:
        """Whether what follows is never compiled."""
        return self._dead > 0

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The undecided branches around what follows."""
        return tuple((block.number, block.branch) for block in self._blocks if block.now is _Truth.MAYBE)

    def follow(self, name: str, condition: str) -> bool:
        """Take one directive into account; False where it is none of a condition's."""
        if name in _OPENING:
            self._open(_truth(condition) if name == "if" else _Truth.MAYBE)
        elif name in _NEXT:
            self._next(_truth(condition) if name == "elif" else _Truth.YES if name == "else" else _Truth.MAYBE)
        elif name == "endif":
            self._close()
        else:
            return False
        return True

    def _open(self, truth: _Truth) -> None:
        if len(self._blocks) >= DEPTH_LIMIT:
            self._deeper += 1
            return
        self._count += 1
        self._blocks.append(_Block(self._count, 0, truth, _Truth.NO))
        self._dead += truth is _Truth.NO

    def _next(self, truth: _Truth) -> None:
        if self._deeper or not self._blocks:
            return
        block = self._blocks[-1]
        self._dead -= block.now is _Truth.NO
        block.before = max(block.before, block.now, key=lambda truth: truth.value)
        block.branch += 1
        if block.before is _Truth.YES:
            block.now = _Truth.NO
        elif block.before is _Truth.MAYBE and truth is _Truth.YES:
            block.now = _Truth.MAYBE
        else:
            block.now = truth
        self._dead += block.now is _Truth.NO

    def _close(self) -> None:
        if self._deeper:
            self._deeper -= 1
        elif self._blocks:
            self._dead -= self._blocks.pop().now is _Truth.NO


def _truth(condition: str) -> _Truth:
    text = condition.strip(" \t()")
    if text in _NEVER:
        return _Truth.NO
    return _Truth.YES if text in _ALWAYS else _Truth.MAYBE


def exclude(one: tuple[Branch, ...], other: tuple[Branch, ...]) -> bool:
    """Whether two places are never compiled together: different branches of one block."""
    branches = dict(one)
    return any(branches.get(number, branch) != branch for number, branch in other)
