"""What a serial monitor shows of a virtual board: the bytes of its pseudo-terminal."""

import os
import select
import time
from typing import Self

from tests.devices.virtual.harness import PATIENCE


class Monitor:
    """An open serial port. What the board printed before is still in the line, up to 4 kB of it."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.heard = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def type(self, line: str) -> None:
        """Type a command on the board's console."""
        os.write(self._file, line.encode() + b"\r\n")

    def until(self, text: str, *, times: int = 1) -> str:
        """Everything that the board printed, once `text` is in it so many times."""
        deadline = time.monotonic() + PATIENCE
        while self.heard.count(text) < times:
            ready, _, _ = select.select([self._file], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"the board did not print {text!r} but {self.heard!r}"
            self.heard += os.read(self._file, 4096).decode(errors="replace")
        return self.heard
