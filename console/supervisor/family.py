"""The running programs and their labelled, coloured log lines.

Honcho prints the lines. Its Manager is not used: it cannot be stopped before all its children have started, and it
waits for a dead child for as long as a grandchild holds the child's output open.
"""

import datetime
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from console.kit.embedded.guard import Guard
from console.supervisor.commands import Command
from console.supervisor.options import ROOT

SYSTEM = "landfall"
STOP_SECONDS = 12.0
RELAY_SECONDS = 1.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Ended:
    """A program that ended although nobody asked it to; a negative `code` is the signal that ended it."""

    label: str
    code: int

    def __str__(self) -> str:
        """How it ended, for people."""
        if self.code < 0:
            return f"{self.label} was ended by {signal.Signals(-self.code).name}"
        return f"{self.label} ended with exit code {self.code}"


class Log:
    """Labelled lines from everything that runs, on one output."""

    def __init__(self, output: IO[str]) -> None:
        """Write to `output`, in colour where it is a terminal."""
        self._printer = Printer(output, width=len(SYSTEM))
        self._lock = threading.Lock()

    def line(self, text: str | bytes, *, label: str = SYSTEM, colour: str | None = None) -> None:
        """Write one or more lines under a label."""
        message = Message(type="line", data=text, time=datetime.datetime.now().astimezone(), name=label, colour=colour)
        with self._lock, suppress(OSError):
            self._printer.write(message)

    def plain(self, text: str) -> None:
        """Write a block without label."""
        with self._lock, suppress(OSError):
            print(text, file=self._printer.output, flush=True)


@dataclass
class Family:
    """The programs of one run."""

    log: Log
    guard: Guard
    environment: Mapping[str, str]
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, init=False)
    _relays: list[threading.Thread] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Take colours in the order in which programs start."""
        self._colours = get_colours()

    def start(self, command: Command) -> None:
        """Start a program in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        child = subprocess.Popen(
            command.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=dict(self.environment),
            start_new_session=True,
        )
        self._children[command.label] = child
        self.guard.watch(child.pid, signal.SIGTERM)
        relay = threading.Thread(target=self._relay, args=(child, command.label, next(self._colours)), daemon=True)
        relay.start()
        self._relays.append(relay)

    def ended(self) -> Ended | None:
        """The first program that is found to have ended."""
        for label, child in self._children.items():
            if (code := child.poll()) is not None:
                return Ended(label, code)
        return None

    def stop(self) -> None:
        """Ask every program to end, wait, and kill what is left with all its descendants."""
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(child.poll() is None for child in self._children.values()):
            time.sleep(POLL_SECONDS)
        for child in self._children.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        # Last words are printed; a descendant that left the session and still holds the output is not waited for.
        for relay in self._relays:
            relay.join(RELAY_SECONDS)
        self._children.clear()
        self._relays.clear()

    def _relay(self, child: subprocess.Popen[bytes], label: str, colour: str) -> None:
        if child.stdout:
            with child.stdout:
                for line in child.stdout:
                    self.log.line(line, label=label, colour=colour)
