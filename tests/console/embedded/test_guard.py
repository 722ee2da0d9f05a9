"""The guard cleans up after a process that was killed, and only then."""

import os
import signal
import subprocess
import sys

import pytest

from console.kit.embedded.guard import Guard
from console.kit.embedded.processes import wait_gone

# Starts a sleeper and a guard that watches it, says both names, and waits to be killed.
PARENT = """
import signal, subprocess, sys
from console.kit.embedded.guard import Guard
sleeper = subprocess.Popen(["sleep", "600"], start_new_session=True)
guard = Guard()
guard.watch(sleeper.pid, signal.SIGTERM)
print(sleeper.pid, flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_started_is_ended() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    sleeper = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    assert wait_gone(sleeper)


def test_a_dismissed_guard_leaves_everything_alone() -> None:
    sleeper = subprocess.Popen(["sleep", "600"], start_new_session=True)
    guard = Guard()
    guard.watch(sleeper.pid, signal.SIGTERM)
    guard.dismiss()
    still_running = sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()
    assert still_running


def test_a_guard_that_was_killed_disturbs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard()
    os.kill(guard.pid, signal.SIGKILL)
    wait_gone(guard.pid)
    guard.watch(os.getpid(), signal.SIGTERM)
    guard.dismiss()
