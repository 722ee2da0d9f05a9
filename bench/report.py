"""The figures of a run, as a table for people and as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import grants
from bench.activation import BATCH, PGBENCH_CLIENTS, Activations
from bench.audit import FEW as FEW_ENTRIES
from bench.audit import Page
from bench.funnel import Funnels
from bench.pings import Pings
from bench.sketch import LINES, Checks
from bench.templates import FEW, MANY, Lists
from bench.waiting import Waits

ACTIVATION_AIM = 0.5
PING_AIM = 0.6
LIST_AIM = 1.2
"""This one is a ceiling: ours is what more rows cost."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity, ours beside its floor; one item a round, where item n of both was measured in the same round."""

    name: str
    ours: Sequence[float]
    floor: Sequence[float]
    aim: float | None = None

    @property
    def ratios(self) -> list[float]:
        """Ours over the floor, round by round."""
        return [ours / floor for ours, floor in zip(self.ours, self.floor, strict=True)]

    def row(self) -> list[str]:
        """The cells of the table: medians, and how far the ratio moved between rounds."""
        ratios = self.ratios
        moved = f"{min(ratios):.2f} to {max(ratios):.2f}" if len(ratios) > 1 else ""
        aim = f"{self.aim:.1f}" if self.aim else ""
        return [
            self.name,
            f"{median(self.ours):,.0f}",
            f"{median(self.floor):,.0f}",
            f"{median(ratios):.2f}",
            moved,
            aim,
        ]


def activation_figures(found: Activations) -> list[Figure]:
    """Beside pgbench."""
    return [
        Figure("activations per second, gateway", found.gateway, found.pgbench, ACTIVATION_AIM),
        Figure(f"activations per second, {BATCH} at a time", found.function, found.pgbench),
    ]


def ping_figures(found: Sequence[Pings]) -> list[Figure]:
    """Beside the C server."""
    figures = []
    for at in found:
        count = f"{at.connections:,}"
        ours, floor = at.gateway, at.floor
        figures += [
            Figure(f"pings per second, {count} connections", ours.per_second, floor.per_second, PING_AIM),
            Figure(f"pings per processor second, {count}", ours.per_cpu_second, floor.per_cpu_second),
            Figure(f"bytes per idle connection, {count}", [ours.bytes_per_connection], [floor.bytes_per_connection]),
        ]
    return figures


def list_figures(found: Lists) -> list[Figure]:
    """Beside a short list."""
    return [Figure(f"microseconds a page, {MANY:,} templates", found.many, found.few, LIST_AIM)]


def audit_figures(found: Sequence[Page]) -> list[Figure]:
    """Beside a short log."""
    return [Figure(f"microseconds a page, {page.name}", page.many, page.few, LIST_AIM) for page in found]


def grant_figures(found: grants.Checks) -> list[Figure]:
    """Beside one grant in one team."""
    what = f"{grants.GRANTS:,} grants in {grants.TEAMS} teams"
    return [
        Figure(f"microseconds a permission check, {what}", found.many, found.few, LIST_AIM),
        Figure(f"queries a permission check, {what}", [found.many_queries], [found.few_queries]),
    ]


def sketch_figures(found: Checks) -> list[Figure]:
    """Beside the C preprocessor."""
    return [Figure(f"microseconds for the findings of {LINES:,} lines", found.ours, found.preprocessor)]


def funnel_figures(found: Funnels) -> list[Figure]:
    """Beside counting the sessions themselves."""
    return [Figure(f"database milliseconds for a funnel of {found.sessions:,}", found.sealed, found.anew)]


def waiting_figures(found: Waits) -> list[Figure]:
    """Beside what asking every so often costs by itself: 95% of the time between two questions."""
    floor = 0.95 * found.poll_ms
    return [Figure(f"milliseconds from login to page, p95, {found.pages} pages", [found.p95], [floor])]


def as_table(
    machine: str,
    activations: Sequence[Figure],
    pings: Sequence[Figure],
    lists: Sequence[Figure] = (),
    texts: Sequence[Figure] = (),
    logs: Sequence[Figure] = (),
    permissions: Sequence[Figure] = (),
    funnels: Sequence[Figure] = (),
    waits: Sequence[Figure] = (),
) -> str:
    """Machine facts and the tables, each with what its floor is."""
    floors = (
        f"pgbench, {PGBENCH_CLIENTS} clients",
        "C server",
        f"{FEW} templates",
        "C preprocessor",
        f"{FEW_ENTRIES:,} entries",
        "1 grant",
        "counted anew",
        "polling alone",
    )
    measured = zip(floors, (activations, pings, lists, texts, logs, permissions, funnels, waits), strict=True)
    tables = [_table(floor, figures) for floor, figures in measured if figures]
    return "\n\n".join([f"make bench on {machine}", *tables])


def _table(floor: str, figures: Sequence[Figure]) -> str:
    rows = [["", "Landfall", floor, "ratio", "in rounds", "aim"], *[figure.row() for figure in figures]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = [
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join([first, *rest]).rstrip()


def as_json(machine: str, figures: Sequence[Figure]) -> str:
    """The same figures for programs: lists have one item a round."""
    rows = [
        {"name": figure.name, "ours": list(figure.ours), "floor": list(figure.floor), "ratios": figure.ratios}
        for figure in figures
    ]
    return json.dumps({"machine": machine, "figures": rows}, indent=2)


def machine() -> str:
    """The facts without which a figure says nothing; asked before the run, the load average tells who else was busy."""
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cores} cores ({_processor()}), Linux {platform.release()}, Python {platform.python_version()}, "
        f"load average {os.getloadavg()[0]:.1f} at the start"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
