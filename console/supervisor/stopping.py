"""Ctrl-C and SIGTERM, turned into a question that is asked between steps.

Raising from a signal handler could lose a process between its start and the note that it was started.
"""

import signal
import threading
import time
from types import FrameType

from console.supervisor.refusal import StopRequestedError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping:
    """Whether somebody asked this process to stop."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._asked = threading.Event()

    def listen(self) -> None:
        """Take the signals from now on."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def check(self) -> None:
        """Raise StopRequestedError when somebody asked."""
        if self._asked.is_set():
            raise StopRequestedError

    def pause(self, seconds: float) -> None:
        """Wait a moment; raises StopRequestedError when somebody asked meanwhile."""
        # Not Event.wait: the handler runs in this very thread, and setting the event while it waits could lock it up.
        time.sleep(seconds)
        self.check()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._asked.set()
