"""Facts about running processes, from /proc."""

import os
import resource
from pathlib import Path

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def memory_bytes(pid: int) -> int:
    """A process's own memory in bytes: heap and stacks, without programs and libraries, which are shared."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == "Anonymous":
            return int(rest.split()[0]) * 1024
    raise ValueError(f"process {pid} tells no memory")


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used since it started, all threads, user and system."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / CLOCK_TICKS


def pin(pid: int, *, core: int) -> None:
    """Keep a process on one core (counted among those we may use), where there is more than one."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(pid, {cores[core % len(cores)]})


def raise_open_files() -> int:
    """Allow ourselves, and whatever we start, as many open files as the machine lets us; returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard != resource.RLIM_INFINITY else 1_000_000
