"""Whether each program answers."""

import http.client
import socket
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from celery import Celery

from console.supervisor import commands
from console.supervisor.options import Listener, Options

PROBE_SECONDS = 2.0
ASK_SECONDS = 0.5


def probes(options: Options, *, started_at: float) -> Mapping[str, Callable[[], bool]]:
    """What to ask of each program, by its label; `started_at` is the time of day in seconds since 1970."""
    gateway = [options.gateway, *([options.gateway_tls] if options.gateway_tls else [])]
    return {
        "web": lambda: web_answers(options.web),
        "gateway": lambda: all(accepts(listener) for listener in gateway),
        "worker": worker_answers,
        "beat": lambda: beat_has_scheduled(options.data_dir, started_at=started_at),
    }


def web_answers(listener: Listener) -> bool:
    """Whether the console says that it is healthy."""
    connection = http.client.HTTPConnection(listener.local_host, listener.port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/healthz")
        # A console that is reached by HTTPS sends plain requests there, which is an answer as well.
        return connection.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def accepts(listener: Listener) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((listener.local_host, listener.port), timeout=PROBE_SECONDS).close()
    except OSError:
        return False
    return True


@cache
def broker() -> Celery:
    """Celery as settings configure it; settings are read at the first use, when the environment is complete."""
    app = Celery("supervisor", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    return app


def worker_answers() -> bool:
    """Whether this run's worker answers a ping through the broker."""
    try:
        # One answer is all there can be: without the limit, the ping waits its whole time for others.
        asked = broker().control.inspect(destination=[commands.worker_name()], timeout=ASK_SECONDS, limit=1)
        return bool(asked.ping())
    except OSError:
        return False


def beat_has_scheduled(data_dir: Path, *, started_at: float) -> bool:
    """Whether beat has written its schedule since the start."""
    # Some database modules of Python add a suffix of their own to the name.
    written = data_dir.glob(f"{commands.BEAT_SCHEDULE}*")
    return any(file.stat().st_mtime >= started_at - 1 for file in written)
