"""Running programs: their labelled lines, their end, and what they leave."""

import io
import os
import sys
from collections.abc import Callable, Iterator

import pytest

from console.kit.embedded.guard import Guard
from console.kit.embedded.processes import wait_gone
from console.supervisor.commands import Command
from console.supervisor.family import Ended, Family, Log


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def family(output: io.StringIO) -> Iterator[Family]:
    guard = Guard()
    family = Family(Log(output), guard, os.environ)
    yield family
    family.stop()
    guard.dismiss()


def python(label: str, program: str) -> Command:
    return Command(label=label, arguments=(sys.executable, "-c", program))


def until[T](answer: Callable[[], T]) -> T:
    """Ask until the answer is true; the run's own time limit ends a wait for what never comes."""
    while not (found := answer()):
        os.sched_yield() if hasattr(os, "sched_yield") else None
    return found


def test_lines_carry_the_label_of_their_program(family: Family, output: io.StringIO) -> None:
    family.start(python("web", "print('one'); import sys; print('two', file=sys.stderr)"))
    until(lambda: output.getvalue().count("\n") == 2)
    assert {line.split(" ", 1)[1] for line in output.getvalue().splitlines()} == {"web      | one", "web      | two"}


def test_a_program_that_ends_is_named_with_its_exit_code(family: Family) -> None:
    family.start(python("web", "import time; time.sleep(600)"))
    family.start(python("worker", "raise SystemExit(3)"))
    assert str(until(family.ended)) == "worker ended with exit code 3"


def test_a_program_that_was_killed_is_named_with_the_signal() -> None:
    assert str(Ended("gateway", -9)) == "gateway was ended by SIGKILL"


def test_a_dead_program_is_noticed_while_its_child_holds_the_output(family: Family) -> None:
    family.start(python("web", "import subprocess; subprocess.Popen(['sleep', '600'])"))
    assert until(family.ended) == Ended("web", 0)


def test_stopping_leaves_no_descendant(family: Family, output: io.StringIO) -> None:
    family.start(python("web", "import subprocess; subprocess.run(['sh', '-c', 'echo $$; sleep 600; true'])"))
    until(lambda: output.getvalue().endswith("\n"))
    grandchild = int(output.getvalue().split()[-1])
    family.stop()
    assert wait_gone(grandchild)


def test_nothing_has_ended_before_anything_was_started(family: Family) -> None:
    assert family.ended() is None
