"""Activations per second: through the gateway, through the function it calls, and as pgbench runs the same statement.

Each of `rounds` measures all three one after the other, on the same server and on tables of the same size.
"""

import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from bench.load import Load, write_tokens
from bench.programs import BenchError, Programs
from bench.servers import Bench
from bench.tokens import Pending, make_pending, make_template
from console.kit.embedded.postgres import program
from devices.actions import activation
from devices.actions.logins import ROLES
from devices.actions.values import Activated, Claim
from devices.models import Device

BATCH = 200
PGBENCH_CLIENTS = 8
SPEED = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
PROCESSED = re.compile(r"^number of transactions actually processed: (\d+)/(\d+)$", re.MULTILINE)


@dataclass(slots=True)
class Activations:
    """Activations per second of each round, and the tokens of the devices they made."""

    gateway: list[float] = field(default_factory=list)
    function: list[float] = field(default_factory=list)
    pgbench: list[float] = field(default_factory=list)
    active: list[str] = field(default_factory=list)


def measure(bench: Bench, programs: Programs, *, rounds: int, count: int) -> Activations:
    """Activate `count` tokens in each of the three ways, `rounds` times."""
    template, owner = make_template()
    found = Activations()
    with bench.gateway() as (_, port):
        for _ in range(rounds):
            pending = [make_pending(count, template=template, owner=owner) for _ in range(3)]
            found.pgbench.append(_in_pgbench(bench.folder, pending[0]))
            found.function.append(_by_function(pending[1]))
            found.gateway.append(_through_gateway(programs, bench.folder, port, pending[2]))
            found.active += [token for made in pending[1:] for token in made.tokens]
    return found


def _in_pgbench(folder: Path, pending: Pending) -> float:
    """One token a transaction, on `PGBENCH_CLIENTS` connections, prepared once on each."""
    script = folder / "activate.sql"
    script.write_text(_script())
    each = len(pending.ids) // PGBENCH_CLIENTS
    done = subprocess.run(
        [
            program("pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={script}",
            f"--client={PGBENCH_CLIENTS}", "--jobs=2", f"--transactions={each}",
            f"--define=next={pending.ids[0] - 1}", f"--define=each={each}", "--define=done=0",
            f"--dbname={settings.DATABASE_URL}",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    speed, processed = SPEED.search(done.stdout), PROCESSED.search(done.stdout)
    if done.returncode or not speed or not processed or processed[1] != processed[2]:
        raise BenchError(f"pgbench failed: {(done.stderr or done.stdout).strip()}")
    _expect_devices(pending.ids[: each * PGBENCH_CLIENTS])
    return float(speed[1])


def _script() -> str:
    """The statement of `devices.actions.activation` for the next token of this client's share."""
    roles = ", ".join(f"'{role}'" for role in ROLES["by_role"])
    statement = activation.ACTIVATE % {
        "token_ids": "ARRAY[:token_id]",
        "addresses": "ARRAY['127.0.0.1']",
        "roles": f"ARRAY[{roles}]",
    }
    # Each client keeps its variables from one transaction to the next, and so counts through a share of its own.
    return f"\\set done :done + 1\n\\set token_id :next + :client_id * :each + :done\n{statement.strip()};\n"


def _by_function(pending: Pending) -> float:
    """`activation.activate` on one connection, `BATCH` tokens at a time."""
    claims = [Claim(token_id, "127.0.0.1") for token_id in pending.ids]
    start = time.monotonic()
    made = [
        result
        for first in range(0, len(claims), BATCH)
        for result in activation.activate(claims[first : first + BATCH])
    ]
    seconds = time.monotonic() - start
    if not all(isinstance(result, Activated) for result in made):
        raise BenchError("Not every token was activated by the function.")
    return len(made) / seconds


def _through_gateway(programs: Programs, folder: Path, port: int, pending: Pending) -> float:
    """Connections that log in with a pending token and send an info block, until each block was answered."""
    tokens = write_tokens(folder / "pending.txt", pending.tokens)
    with Load(programs.load, port=port, tokens=tokens, count=len(pending.tokens)) as load:
        speed = load.opened.per_second
    _expect_devices(pending.ids)
    return speed


def _expect_devices(token_ids: list[int]) -> None:
    """Raise BenchError unless each token has a device: a fast answer counts only where the work was done."""
    made = Device.objects.filter(tokens__in=token_ids).count()
    if made != len(token_ids):
        raise BenchError(f"{len(token_ids)} tokens made {made} devices.")
