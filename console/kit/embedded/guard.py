"""A process that cleans up after one that was killed.

Its parent names the processes it starts, a line each. When the parent goes without a word (kill -9, out of memory) its
end of the pipe closes, and the guard ends what was named, last named first. What it has inherited open, such as the
lock of the data folder, stays held until then.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from console.kit.embedded.processes import wait_gone

DONE = "done"


@dataclass(frozen=True)
class Watched:
    """A session leader and the signal that ends it in good order."""

    pid: int
    signal: signal.Signals

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read what `Guard.watch` wrote."""
        pid, name = line.split()
        return cls(int(pid), signal.Signals[name])


class Guard:
    """The parent's side: start the guard, name processes to it, dismiss it."""

    def __init__(self, *, keep_open: Sequence[int] = ()) -> None:
        """Start the guard; it inherits the file descriptors `keep_open`."""
        self._child = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            text=True,
            pass_fds=keep_open,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The guard's own process id."""
        return self._child.pid

    def watch(self, pid: int | None, number: signal.Signals) -> None:
        """Have process `pid` ended with signal `number`, and its session with SIGKILL, should the caller die."""
        if pid is not None:
            self._write(f"{pid} {number.name}")

    def dismiss(self) -> None:
        """Tell the guard that everything it watched has been stopped, and wait until it is gone."""
        self._write(DONE)
        if self._child.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._child.stdin.close()
        self._child.wait()

    def _write(self, line: str) -> None:
        # A guard that somebody killed is no reason to stop.
        if self._child.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._child.stdin.write(f"{line}\n")
                self._child.stdin.flush()


def end(watched: Iterable[Watched]) -> None:
    """End each process in turn, the last named first: with its own signal, then its session with SIGKILL."""
    for process in reversed(list(watched)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process.pid, process.signal)
            wait_gone(process.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def main() -> int:
    """Read names until the parent dismisses the guard or is gone."""
    # Only the end of the pipe counts: a signal to everything in a terminal or container must not come first.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: list[Watched] = []
    for line in sys.stdin:
        if line.strip() == DONE:
            return 0
        watched.append(Watched.parse(line))
    end(watched)
    return 0


if __name__ == "__main__":
    sys.exit(main())
