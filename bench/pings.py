"""Ping round trips per second and memory per idle connection, of a gateway and of the C server, turn and turn about."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.load import Load
from bench.processes import cpu_seconds, memory_bytes, pin
from bench.programs import Programs
from bench.servers import Bench

SERVER_CORE, LOAD_CORE = 0, 1


@dataclass(slots=True)
class Side:
    """What was measured of one server; the lists have one item a round."""

    bytes_per_connection: float = 0.0
    per_second: list[float] = field(default_factory=list)
    per_cpu_second: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Pings:
    """Both servers at `connections` connections."""

    connections: int
    gateway: Side = field(default_factory=Side)
    floor: Side = field(default_factory=Side)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take: `settle` is quiet before memory is read, `seconds` the length of one of `rounds` runs."""

    rounds: int
    seconds: float
    settle: float


@dataclass(frozen=True, slots=True)
class Harness:
    """What every measurement needs; `tokens` is a file of active tokens."""

    bench: Bench
    programs: Programs
    tokens: Path
    timing: Timing

    def load(self, port: int, count: int) -> Load:
        """`count` connections to the server at `port`, from a core that is not the server's."""
        return Load(self.programs.load, port=port, tokens=self.tokens, count=count, core=LOAD_CORE)


def measure(harness: Harness, *, connections: int) -> Pings:
    """Start both servers afresh, connect, read their memory, and ping them alternately."""
    found = Pings(connections)
    servers = ((found.gateway, harness.bench.gateway()), (found.floor, harness.bench.floor(harness.programs.echo)))
    with ExitStack() as stack:
        running = []
        for side, server in servers:
            pid, port = stack.enter_context(server)
            pin(pid, core=SERVER_CORE)
            before = _memory_at_rest(harness, pid, port)
            load = stack.enter_context(harness.load(port, connections))
            time.sleep(harness.timing.settle)
            side.bytes_per_connection = (memory_bytes(pid) - before) / connections
            running.append((side, pid, load))
        for _ in range(harness.timing.rounds):
            for side, pid, load in running:
                _ping(side, pid, load, harness.timing.seconds)
    return found


def _memory_at_rest(harness: Harness, pid: int, port: int) -> int:
    """The server's memory before the connections, in bytes.

    One has come and gone: what a server makes at its first login (a database connection, say) belongs to no device.
    """
    with harness.load(port, 1):
        pass
    time.sleep(harness.timing.settle)
    return memory_bytes(pid)


def _ping(side: Side, pid: int, load: Load, seconds: float) -> None:
    cpu_before = cpu_seconds(pid)
    counted = load.ping(seconds)
    used = cpu_seconds(pid) - cpu_before
    side.per_second.append(counted.per_second)
    side.per_cpu_second.append(counted.count / max(used, 0.01))
