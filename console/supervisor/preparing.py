"""What has to be done once before the programs start."""

import hashlib
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from console.kit.embedded.guard import Guard
from console.kit.embedded.processes import last_line, open_log
from console.supervisor import commands
from console.supervisor.commands import Command
from console.supervisor.options import ROOT, Options
from console.supervisor.panel import Account
from console.supervisor.refusal import RefusedError, StopRequestedError
from console.supervisor.stopping import Stopping

POLL_SECONDS = 0.05


def prepare(options: Options, *, environment: Mapping[str, str], guard: Guard, stopping: Stopping) -> Account:
    """Migrate, gather static files if they changed, and make the first account; raises RefusedError."""
    runner = Runner(options.data_dir / "log" / "prepare.log", environment, guard, stopping)
    _collect_static(options, runner)
    return Account.parse(runner.run(commands.first_run()))


class Runner:
    """Runs one command after another and keeps what they say in a log."""

    def __init__(self, log: Path, environment: Mapping[str, str], guard: Guard, stopping: Stopping) -> None:
        """Describe how commands run."""
        self._log = log
        self._environment = environment
        self._guard = guard
        self._stopping = stopping

    def run(self, command: Command) -> str:
        """Run a command to its end and return its standard output; raises RefusedError when it fails."""
        with open_log(self._log) as log:
            child = subprocess.Popen(
                command.arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                env=dict(self._environment),
                text=True,
                start_new_session=True,
            )
        self._guard.watch(child.pid, signal.SIGTERM)
        output = self._output_of(child)
        if child.returncode:
            reason = last_line(self._log).removeprefix("CommandError: ") or f"exit code {child.returncode}"
            raise RefusedError(f"The step {command.label!r} failed ({reason}): see {self._log}.")
        return output

    def _output_of(self, child: subprocess.Popen[str]) -> str:
        while True:
            try:
                self._stopping.check()
                output, _ = child.communicate(timeout=POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            except StopRequestedError:
                child.kill()
                child.communicate()
                raise
            return output


def _collect_static(options: Options, runner: Runner) -> None:
    """Gather static files; where they are kept in the data folder, only if they differ from those of the last run."""
    kept = options.data_dir / "static"
    stamp = options.data_dir / "static.stamp"
    wanted = static_fingerprint(ROOT)
    is_kept_here = options.is_embedded and not options.has_static_root
    if is_kept_here and kept.is_dir() and stamp.is_file() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    runner.run(commands.collect_static())
    if is_kept_here:
        stamp.write_text(wanted)


def static_fingerprint(root: Path) -> str:
    """A digest that changes when our static files or the installed packages, which bring some, do."""
    digest = hashlib.sha256((root / "uv.lock").read_bytes())
    for file in sorted(path for path in (root / "static").rglob("*") if path.is_file()):
        found = file.stat()
        digest.update(f"{file.relative_to(root)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
