"""The programs of a run: those that prepare it and those that stay."""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.supervisor.options import Options

WEB_THREADS = 8
WEB_DRAIN_SECONDS = 5
WORKER_CONCURRENCY = 2
BEAT_SCHEDULE = "beat-schedule"
MANAGE = (sys.executable, "manage.py")

# The system checks import every page, which costs a second a time; `make check` runs them.
SKIP_CHECKS = "--skip-checks"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One program: the label of its log lines and its command line."""

    label: str
    arguments: Sequence[str]


def environment(options: Options, *, secret_key: str, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of every program of the run; settings work out the embedded servers from DATA_DIR themselves."""
    return {
        **inherited,
        "DATA_DIR": str(options.data_dir),
        "SECRET_KEY": secret_key,
        "DJANGO_SETTINGS_MODULE": "console.settings",
        # Lines are shown when they are written, not when a buffer is full.
        "PYTHONUNBUFFERED": "1",
    }


def first_run() -> Command:
    """Bring the tables up to date, and make the developer's account at the first run; prints one line of JSON."""
    return Command(label="first_run", arguments=(*MANAGE, "first_run", SKIP_CHECKS))


def collect_static() -> Command:
    """Gather static files under the names the pages use."""
    return Command(label="static", arguments=(*MANAGE, "collectstatic", "--noinput", "--verbosity=0", SKIP_CHECKS))


def worker_name() -> str:
    """The name this run's worker answers to; another run on the same Redis has another."""
    return f"worker-{os.getpid()}@{socket.gethostname()}"


def lasting(options: Options) -> list[Command]:
    """The programs that stay until the run ends."""
    commands = [_web(options), Command(label="gateway", arguments=(*MANAGE, "gateway")), _worker(), _beat(options)]
    if options.is_embedded:
        commands.append(Command(label="virtual", arguments=(*MANAGE, "virtual_devices")))
    return commands


def _web(options: Options) -> Command:
    arguments = [sys.executable, "-m", "gunicorn", "console.wsgi", f"--bind={options.web.bind}"]
    arguments += ["--worker-class=gthread", f"--threads={WEB_THREADS}", f"--graceful-timeout={WEB_DRAIN_SECONDS}"]
    # The control socket would be one more file to place, and nothing here uses it; Django logs requests itself.
    arguments += ["--no-control-socket", "--log-level=warning"]
    return Command(label="web", arguments=arguments)


def _celery(*arguments: str) -> tuple[str, ...]:
    level = f"--loglevel={os.environ.get('LOG_LEVEL', 'INFO')}"
    return (sys.executable, "-m", "celery", "--app=console.celery", "--quiet", *arguments, level)


def _worker() -> Command:
    # One worker has nobody to gossip with, and asking for others delays its start by a second.
    quiet = ("--without-gossip", "--without-mingle")
    name = ("--hostname", worker_name())
    return Command(label="worker", arguments=_celery("worker", f"--concurrency={WORKER_CONCURRENCY}", *quiet, *name))


def _beat(options: Options) -> Command:
    # The schedule's file is beat's memory of what ran when; no pid file, for the run's own lock keeps a second away.
    return Command(
        label="beat", arguments=_celery("beat", f"--schedule={options.data_dir / BEAT_SCHEDULE}", "--pidfile=")
    )
