"""The load program, driven from Python: connections that logged in, and pings through them."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from bench.processes import pin
from bench.programs import BenchError

# Enough to keep a server busy, few enough to fit every accept queue.
LOGINS_IN_FLIGHT = 256


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of something in so many seconds."""

    count: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds


class Load:
    """`count` connections to `port`, each logged in with a token of `tokens`; use as a context manager.

    `opened` tells how long connecting, logging in and telling the info block took for all of them.
    """

    def __init__(self, program: Path, *, port: int, tokens: Path, count: int, core: int | None = None) -> None:
        """Start the program; `core` keeps it on one core."""
        self._command = [str(program), str(port), str(tokens), str(count), str(LOGINS_IN_FLIGHT)]
        self._core = core

    def __enter__(self) -> Self:
        """Wait until every connection is ready; raises BenchError with what the program said."""
        self._child = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        if self._core is not None:
            pin(self._child.pid, core=self._core)
        try:
            self.opened = self._read("ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        _pipe(self._child.stdin).close()
        self._child.wait()
        _pipe(self._child.stdout).close()
        _pipe(self._child.stderr).close()

    def ping(self, seconds: float) -> Counted:
        """Keep one ping in flight on every connection for `seconds`, and count the round trips."""
        pipe = _pipe(self._child.stdin)
        pipe.write(f"{seconds}\n")
        pipe.flush()
        return self._read("pings")

    def _read(self, what: str) -> Counted:
        words = _pipe(self._child.stdout).readline().split()
        if len(words) != 3 or words[0] != what:
            raise BenchError(f"The load stopped: {_pipe(self._child.stderr).read().strip() or 'it said nothing'}.")
        return Counted(int(words[1]), float(words[2]))


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def write_tokens(path: Path, tokens: Sequence[str]) -> Path:
    """A file with one token a line, as the load program reads them."""
    path.write_text("".join(f"{token}\n" for token in tokens))
    return path
