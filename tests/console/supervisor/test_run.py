"""`make run` on real parts, in a temporary data folder and on free ports.

A start costs seconds, so one first run is made for all the tests here, and the folder it leaves serves the later runs.
"""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis

from console.kit.embedded.urls import default_redis_url
from console.supervisor.options import ROOT
from tests.ports import free_ports
from tests.servers import folder_for_servers

pytestmark = pytest.mark.xdist_group("supervisor")

# Of the test run's environment nothing may reach the run under test.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "DEVELOPER_PASSWORD")


@dataclass(frozen=True)
class Place:
    """Where runs are made: a data folder and ports that were free when it was chosen."""

    data_dir: Path
    web_port: int
    gateway_port: int

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a run here."""
        own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        own |= {"DATA_DIR": str(self.data_dir), "DEVELOPER_EMAIL": "dev@example.com"}
        own |= {"WEB_PORT": str(self.web_port), "GATEWAY_PORT": str(self.gateway_port)}
        return own | dict(more or {})


class Run:
    """A supervisor that was started."""

    def __init__(self, place: Place) -> None:
        """Start it."""
        self.place = place
        self.output = ""
        self.child = subprocess.Popen(
            [sys.executable, "-m", "console.supervisor"],
            cwd=ROOT,
            env=place.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def read_until(self, words: str) -> str:
        """Everything said up to the line that holds `words`; fails with it when the run ends first."""
        assert self.child.stdout
        for line in self.child.stdout:
            self.output += line
            if words in line:
                return self.output
        raise AssertionError(f"the run ended before it said {words!r}:\n{self.output}")

    def end(self, number: signal.Signals) -> int:
        """Send a signal, read the rest and return the exit status."""
        self.child.send_signal(number)
        return self.finish()

    def finish(self) -> int:
        """Read the rest and return the exit status."""
        rest, _ = self.child.communicate()
        self.output += rest
        return self.child.returncode


@contextmanager
def running(place: Place) -> Iterator[Run]:
    """A run that answers."""
    run = Run(place)
    try:
        run.read_until("Stop  ")
        yield run
    finally:
        if run.child.poll() is None:
            run.end(signal.SIGTERM)
        if run.child.stdout:
            run.child.stdout.close()


@dataclass(frozen=True)
class FirstRun:
    """What was seen of the first run in an empty folder."""

    place: Place
    output: str
    health: int
    second_in_folder: subprocess.CompletedProcess[str]
    second_on_ports: subprocess.CompletedProcess[str]
    exit_status: int
    left: list[int]


@pytest.fixture(scope="module")
def first() -> Iterator[FirstRun]:
    with folder_for_servers() as folder:
        place = free_place(folder / "var")
        with running(place) as run:
            health = status_of(place, "/healthz")
            in_folder = start_in_vain(place)
            on_ports = start_in_vain(place, {"DATA_DIR": str(folder / "other")})
            exit_status = run.end(signal.SIGTERM)
        yield FirstRun(place, run.output, health, in_folder, on_ports, exit_status, processes_of(place))


def free_place(data_dir: Path) -> Place:
    return Place(data_dir, *free_ports(2))


def status_of(place: Place, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", place.web_port, timeout=10)
    connection.request("GET", path)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def start_in_vain(place: Place, more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "console.supervisor"],
        cwd=ROOT,
        env=place.environment(more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def processes_of(place: Place) -> list[int]:
    """Every process that has the data folder in its command line or environment."""
    needle = bytes(place.data_dir)
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if mentions(entry, needle)]


def mentions(process: Path, needle: bytes) -> bool:
    try:
        return any(needle in (process / name).read_bytes() for name in ("cmdline", "environ"))
    except OSError:
        return False


def assert_one_sentence(done: subprocess.CompletedProcess[str], pattern: str) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1
    assert re.search(pattern, done.stderr), done.stderr


def test_the_first_run_prints_address_account_and_gateway(first: FirstRun) -> None:
    assert f"http://127.0.0.1:{first.place.web_port}/" in first.output
    assert re.search(r"Account +dev@example\.com", first.output)
    assert re.search(r"Password +\S{10,}  \(shown this once\)", first.output)
    assert f"127.0.0.1 port {first.place.gateway_port}" in first.output
    assert first.health == 200


def test_sigterm_ends_the_run_in_good_order_and_leaves_no_process(first: FirstRun) -> None:
    assert first.exit_status == 0
    assert first.left == []


def test_a_second_run_in_the_same_folder_is_refused(first: FirstRun) -> None:
    assert_one_sentence(first.second_in_folder, r"is in use by another run \(process \d+\): stop that one")


def test_a_taken_port_is_refused(first: FirstRun) -> None:
    assert_one_sentence(first.second_on_ports, rf"^Port {first.place.web_port} on 127.0.0.1 is taken: .* set WEB_PORT")


def test_a_second_run_keeps_the_account_and_survives_kill_9(first: FirstRun) -> None:
    with running(first.place) as second:
        assert "changepassword dev@example.com" in second.output
        with Redis.from_url(default_redis_url(first.place.data_dir)) as redis:
            redis.set("kept", "yes")
            redis.bgsave()
        started = processes_of(first.place)
        assert second.end(signal.SIGKILL) == -signal.SIGKILL
    assert len(started) > 8
    # Started at once, while the guard may still be ending what was left.
    with running(first.place) as third:
        assert not set(started) & set(processes_of(first.place))
        assert "changepassword dev@example.com" in third.output


def test_a_program_that_dies_ends_the_run_with_its_name(first: FirstRun) -> None:
    with running(first.place) as run:
        os.kill(process_running(first.place, b"manage.py\0gateway"), signal.SIGKILL)
        assert run.finish() == 1
    assert "gateway was ended by SIGKILL, so everything was stopped" in run.output
    assert processes_of(first.place) == []


def process_running(place: Place, words: bytes) -> int:
    return next(pid for pid in processes_of(place) if words in Path(f"/proc/{pid}/cmdline").read_bytes())


def test_ctrl_c_during_the_start_leaves_no_process(first: FirstRun) -> None:
    run = Run(first.place)
    run.read_until("Preparing")
    assert run.end(signal.SIGINT) == 0
    assert processes_of(first.place) == []


@pytest.mark.parametrize(
    ("variables", "pattern"),
    [
        ({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x", "SECRET_KEY": "k"}, "DATABASE_URL names, .*start it"),
        ({"REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"}, "REDIS_URL names, .* does not answer .*: start it"),
        ({"DATA_DIR": "/dev/null/var"}, "The data folder /dev/null/var cannot be written .*set DATA_DIR to another"),
        ({"DEBUG": "0"}, "SECRET_KEY is not set, which DEBUG=0 asks for"),
        ({"GATEWAY_PORT": "gateway"}, "GATEWAY_PORT is 'gateway', which is not a port"),
    ],
)
def test_a_start_that_cannot_be_is_refused_in_one_sentence(variables: dict[str, str], pattern: str) -> None:
    with folder_for_servers() as folder:
        place = free_place(folder / "var")
        done = start_in_vain(place, variables)
        assert_one_sentence(done, pattern)
        assert "hunter2" not in done.stdout + done.stderr
        assert processes_of(place) == []
