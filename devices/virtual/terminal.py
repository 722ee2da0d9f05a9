"""The serial port of a virtual board: a real pseudo-terminal."""

import asyncio
import contextlib
import os
import tty
from collections.abc import Callable
from typing import Self

from devices.virtual.console import BUFFER_BYTES, Said

READ_BYTES = 1024


class Terminal:
    """`path` is what a serial monitor opens. What nobody reads is lost, as on a wire; nothing waits for a reader."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        # No echo and no line editing of the kernel's: the board does its own.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._buffer = bytearray()
        self._run: Callable[[bytes], Said | None] = lambda _line: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def attend(self, run: Callable[[bytes], Said | None]) -> None:
        """Hand every typed line to `run`, which answers None where there was nothing on it."""
        self._run = run
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def close(self) -> None:
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)

    def write(self, text: str) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, text.encode())

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            for byte in os.read(self._master, READ_BYTES):
                self._take(byte)

    def _take(self, byte: int) -> None:
        """One typed character: echoed, or the end of a command (BlynkConsole.h, `process`)."""
        if len(self._buffer) >= BUFFER_BYTES - 1:
            self._buffer.clear()
        self._buffer.append(byte)
        if byte not in b"\r\n":
            with contextlib.suppress(BlockingIOError):
                os.write(self._master, bytes([byte]))
            return
        line = bytes(self._buffer)
        self._buffer.clear()
        said = self._run(line)
        if said is not None:
            self.write("\r\n" + (said.text if said.is_known else "Command not found.\r\n") + ">")
