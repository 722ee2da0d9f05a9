"""What is done once before the programs start."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.kit.embedded.guard import Guard
from console.supervisor.commands import Command
from console.supervisor.preparing import Runner, static_fingerprint
from console.supervisor.refusal import RefusedError, StopRequestedError
from console.supervisor.stopping import Stopping


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "kit.css").write_text("body {}")
    (tmp_path / "uv.lock").write_text("version = 1")
    return tmp_path


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard()
    yield guard
    guard.dismiss()


def python(program: str) -> Command:
    return Command(label="migrate", arguments=(sys.executable, "-c", program))


def test_static_files_that_did_not_change_are_not_gathered_again(root: Path) -> None:
    assert static_fingerprint(root) == static_fingerprint(root)


@pytest.mark.parametrize("changed", ["static/kit.css", "static/new.css", "uv.lock"])
def test_a_changed_file_or_package_is_noticed(root: Path, changed: str) -> None:
    before = static_fingerprint(root)
    (root / changed).write_text("changed")
    assert static_fingerprint(root) != before


def test_the_answer_of_a_command_is_its_standard_output(tmp_path: Path, guard: Guard) -> None:
    runner = Runner(tmp_path / "log", os.environ, guard, Stopping())
    assert runner.run(python("import sys; print('answer'); print('remark', file=sys.stderr)")) == "answer\n"
    assert (tmp_path / "log").read_text() == "remark\n"


def test_a_command_that_fails_is_named_with_its_last_words(tmp_path: Path, guard: Guard) -> None:
    runner = Runner(tmp_path / "log", os.environ, guard, Stopping())
    with pytest.raises(RefusedError, match=r"^The step 'migrate' failed \(It is too weak\): see .*log\.$"):
        runner.run(python("raise SystemExit('CommandError: It is too weak.')"))


def test_a_stop_ends_the_command_that_runs(tmp_path: Path, guard: Guard) -> None:
    class Asked(Stopping):
        def check(self) -> None:
            raise StopRequestedError

    with pytest.raises(StopRequestedError):
        Runner(tmp_path / "log", os.environ, guard, Asked()).run(python("import time; time.sleep(600)"))
