"""Ports for servers that a test starts itself.

Taken from below the range that the system gives to outgoing connections (32768 and up on Linux): a port of that range
that was free a moment ago may be some client's own by the time the server listens. Each worker of a test run has ports
of its own and goes through them in turn, so that nobody is given what another is about to listen on.
"""

import os
import random
import socket
from collections.abc import Iterator
from itertools import cycle

LOWEST, SHARE, SHARES = 20_000, 1_500, 8


def free_ports(count: int) -> list[int]:
    """`count` ports of 127.0.0.1 that nobody listens on. Raises AssertionError where none are to be had."""
    found: list[int] = []
    for _ in range(SHARE):
        if len(found) == count:
            return found
        port = next(_turn)
        if _is_free(port):
            found.append(port)
    raise AssertionError(f"no {count} free ports among this worker's {SHARE}")


def _ports_of(worker: str) -> Iterator[int]:
    """Each port of the worker (gw0, gw1, …; "" for a run without workers) in turn, from any of them on."""
    first = LOWEST + int(worker.removeprefix("gw") or 0) % SHARES * SHARE
    # Runs side by side begin elsewhere, though they may share a seed.
    start = random.SystemRandom().randrange(SHARE)
    return cycle([first + (start + number) % SHARE for number in range(SHARE)])


_turn = _ports_of(os.environ.get("PYTEST_XDIST_WORKER", ""))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
