"""One server process: started in a session of its own, waited for, stopped, and recognised again after a crash."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from console.kit.embedded.errors import EmbeddedServerError
from console.kit.embedded.owner import Owner

POLL_SECONDS = 0.05
LOG_LIMIT_BYTES = 10 * 1024 * 1024


@dataclass(kw_only=True)
class ServerProcess:
    """A child that serves until it is stopped.

    `stop_signals` are tried in order, each for `patience` seconds; SIGKILL follows.
    """

    name: str
    log: Path
    stop_signals: Sequence[signal.Signals]
    patience: float = 10.0
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else nothing."""
        return None if self._child is None or self._child.poll() is not None else self._child.pid

    def start(
        self,
        command: Sequence[str | Path],
        *,
        owner: Owner | None,
        cwd: Path,
        env: Mapping[str, str],
    ) -> None:
        """Start `command` as `owner` with its output appended to the log."""
        with open_log(self.log) as log:
            self._child = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=dict(env),
                # Ctrl-C in the terminal must not reach the server before the processes that use it have stopped.
                start_new_session=True,
                **(owner.popen_arguments() if owner else {}),
            )

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """Whether the server became ready; false when it ended or `seconds` passed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.pid is None:
                return False
            if is_ready():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def stop(self) -> None:
        """Stop the server and reap it; does nothing when it is not running."""
        if self._child is None:
            return
        for number in (*self.stop_signals, signal.SIGKILL):
            if self.pid is None:
                break
            self._child.send_signal(number)
            try:
                self._child.wait(self.patience)
            except subprocess.TimeoutExpired:
                continue
        self._child.wait()
        self._child = None

    def failure(self, what: str) -> EmbeddedServerError:
        """The error to raise for `what`, with the last line that the server logged."""
        return EmbeddedServerError(f"{self.name} {what}: {last_line(self.log) or 'it said nothing'} (see {self.log}).")


def open_log(path: Path) -> IO[bytes]:
    """The log opened for appending; a long one is set aside as `.1` first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path.open("ab")


def last_line(path: Path) -> str:
    """The last non-empty line of a log, or nothing."""
    if not path.exists():
        return ""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""


def command_line(pid: int) -> str:
    """The command line of a running process with blanks between its words; empty when there is no such process."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    answer = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def wait_gone(pid: int, *, seconds: float = 10.0) -> bool:
    """Wait until no process `pid` runs; false when it still does after `seconds`."""
    deadline = time.monotonic() + seconds
    while command_line(pid):
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def end_leftover(pid: int, *, first: signal.Signals) -> None:
    """End a server that a killed run left behind: with `first`, then with SIGKILL when it has not gone in time."""
    for number in (first, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_gone(pid):
            return
