"""The real client libraries as separate processes."""

import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.devices.gateway.harness import until

HERE = Path(__file__).resolve().parent
MODULES = HERE.parents[1] / "clients"
INSTALLING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Library:
    """A client library and how to run it. `board` and `version` are what its info block says."""

    name: str
    program: str
    board: str
    version: str
    has_events: bool = True

    def command(self) -> list[str]:
        if self.program.endswith(".py"):
            return [sys.executable, str(HERE / self.program)]
        install_node_modules()
        return ["node", str(HERE / self.program)]


LIBRARIES = [
    Library("BlynkLib 0.2.0", "drive_blynk_library.py", "python", "0.2.0"),
    Library("blynklib 0.2.6", "drive_blynklib.py", "python", "0.2.6", has_events=False),
    Library("blynk-library 0.5.4", "drive_blynk_js.js", "js", "0.5.4"),
]


def install_node_modules() -> None:
    """What `package-lock.json` names, where it is not there yet."""
    if not (MODULES / "node_modules" / "blynk-library").is_dir():
        npm = shutil.which("npm")
        assert npm, "npm is not on PATH"
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=MODULES, check=True, timeout=INSTALLING_SECONDS)


class Client:
    """A running client: what it printed is in `lines`."""

    def __init__(self, library: Library, *, port: int, token: str) -> None:
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            [*library.command(), "127.0.0.1", str(port), token],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def order(self, *words: object) -> None:
        """Have the client do something."""
        assert self._process.stdin
        print(*words, file=self._process.stdin, flush=True)

    def expect(self, line: str, *, count: int = 1) -> None:
        """Until the client has printed `line` so many times."""
        until(lambda: self.lines.count(line) >= count or self._died(), seconds=40)
        assert self.lines.count(line) >= count, self.lines

    def _died(self) -> bool:
        return self._process.poll() is not None and not self._reader.is_alive()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(line.rstrip())
