"""`python -m bench`: measure activations, pings, memory, lists and checks beside their floors, and print the ratios.

The exit status is 0 when the bench ran, whatever it measured, and 1 with one sentence when it could not.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django

from bench.processes import raise_open_files
from bench.programs import BenchError, Programs, compile_programs
from bench.servers import Bench
from console.kit.embedded.errors import EmbeddedServerError

if TYPE_CHECKING:
    from bench.report import Figure

type Measured = tuple[list[Figure], list[Figure]]

# What a server and its load keep open besides the connections.
OTHER_FILES = 200
WITHIN = ("templates", "sketch", "audit", "grants", "funnel", "waiting")
"""What is measured within this process, without a gateway."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: `activations` tokens a round in each way, pings at each of `connections`, `pages`.

    `entries` are those of the longer audit log, `sessions` those of the funnel; `waiting` pages wait
    for `logins` devices.
    """

    rounds: int
    activations: int
    connections: tuple[int, ...]
    ping_seconds: float
    settle_seconds: float
    pages: int
    entries: int
    sessions: int
    waiting: int
    logins: int


FULL = Size(
    rounds=5,
    activations=2400,
    connections=(100, 1000, 10_000),
    ping_seconds=2.0,
    settle_seconds=3.0,
    pages=100,
    entries=1_000_000,
    sessions=1_000_000,
    waiting=200,
    logins=100,
)
QUICK = Size(
    rounds=1,
    activations=128,
    connections=(100,),
    ping_seconds=0.3,
    settle_seconds=0.3,
    pages=5,
    entries=5_000,
    sessions=5_000,
    waiting=4,
    logins=4,
)


def main() -> int:
    """Run what the command line asks for."""
    words = _words()
    if sys.platform != "linux":
        return _refuse("The bench reads /proc and uses epoll: it runs on Linux only.")
    try:
        with Bench() as bench:
            django.setup()
            print(_run(bench, QUICK if words.quick else FULL, words))
    except (BenchError, EmbeddedServerError) as error:
        return _refuse(str(error))
    return 0


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Figures and ratios: see docs/bench.md.")
    parser.add_argument("--quick", action="store_true", help="a smoke run: tiny counts, figures that mean nothing")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    parser.add_argument("--only", choices=["activation", "pings", *WITHIN], help="measure one of them")
    return parser.parse_args()


def _run(bench: Bench, size: Size, words: argparse.Namespace) -> str:
    # These import models, which only works once Django is set up, and that needs the addresses of the servers.
    from bench import audit, funnel, grants, report, sketch, templates, waiting

    machine = report.machine()
    lists: list[report.Figure] = []
    if words.only in (None, "templates"):
        lists = report.list_figures(templates.measure(rounds=size.rounds, requests=size.pages))
    texts: list[report.Figure] = []
    if words.only in (None, "sketch"):
        texts = report.sketch_figures(sketch.measure(rounds=size.rounds, requests=size.pages))
    logs: list[report.Figure] = []
    if words.only in (None, "audit"):
        logs = report.audit_figures(audit.measure(rounds=size.rounds, requests=size.pages, many=size.entries))
    permissions: list[report.Figure] = []
    if words.only in (None, "grants"):
        permissions = report.grant_figures(grants.measure(rounds=size.rounds, requests=size.pages))
    funnels: list[report.Figure] = []
    if words.only in (None, "funnel"):
        funnels = report.funnel_figures(funnel.measure(rounds=size.rounds, sessions=size.sessions))
    waits: list[report.Figure] = []
    if words.only in (None, "waiting"):
        waits = report.waiting_figures(waiting.measure(bench, pages=size.waiting, logins=size.logins))
    gateway: Measured = ([], [])
    if words.only not in WITHIN:
        gateway = _gateway(bench, compile_programs(bench.folder), size, words)
    if words.json:
        return report.as_json(
            machine, [*gateway[0], *gateway[1], *lists, *texts, *logs, *permissions, *funnels, *waits]
        )
    return report.as_table(machine, *gateway, lists, texts, logs, permissions, funnels, waits)


def _gateway(bench: Bench, programs: Programs, size: Size, words: argparse.Namespace) -> Measured:
    """The figures of activations, and those of pings."""
    from bench import activation, pings, report
    from bench.load import write_tokens

    # Pings need active tokens, and a round of activations is how they come about.
    rounds = 1 if words.only == "pings" else size.rounds
    limit = _connections(size.connections, words)
    count = max(size.activations, max(limit) // (2 * rounds) + 1)
    activated = activation.measure(bench, programs, rounds=rounds, count=count)
    harness = pings.Harness(
        bench,
        programs,
        write_tokens(bench.folder / "active.txt", activated.active),
        pings.Timing(rounds=size.rounds, seconds=size.ping_seconds, settle=size.settle_seconds),
    )
    counts = () if words.only == "activation" else limit
    ping_figures = report.ping_figures([pings.measure(harness, connections=count) for count in counts])
    activation_figures = [] if words.only == "pings" else report.activation_figures(activated)
    return activation_figures, ping_figures


def _connections(wanted: Sequence[int], words: argparse.Namespace) -> tuple[int, ...]:
    """The numbers of connections that the limit of open files lets us have; says so where it cuts them."""
    most = raise_open_files() - OTHER_FILES
    if most < max(wanted) and words.only != "activation":
        sys.stderr.write(
            f"This machine allows {most + OTHER_FILES} open files: at most {most} connections are tried.\n"
        )
    return tuple(sorted({min(count, most) for count in wanted}))


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
