"""The tables: every pair of state and step is either listed or refused."""

import ast
from itertools import product
from pathlib import Path

import pytest

import devices.wire
from devices.wire.states import (
    CLIENT_TRANSITIONS,
    SERVER_TRANSITIONS,
    ClientState,
    ClientStep,
    OutOfOrderError,
    ServerState,
    ServerStep,
    next_client_state,
    next_server_state,
)

FORBIDDEN = {"django", "asyncio", "socket", "ssl", "redis", "time"}


@pytest.mark.parametrize(("state", "step"), list(product(ServerState, ServerStep)))
def test_server_table_decides_every_step(state: ServerState, step: ServerStep) -> None:
    expected = SERVER_TRANSITIONS[state].get(step)
    if expected is None:
        with pytest.raises(OutOfOrderError):
            next_server_state(state, step)
    else:
        assert next_server_state(state, step) is expected


@pytest.mark.parametrize(("state", "step"), list(product(ClientState, ClientStep)))
def test_client_table_decides_every_step(state: ClientState, step: ClientStep) -> None:
    expected = CLIENT_TRANSITIONS[state].get(step)
    if expected is None:
        with pytest.raises(OutOfOrderError):
            next_client_state(state, step)
    else:
        assert next_client_state(state, step) is expected


def test_closed_is_for_good() -> None:
    assert set(SERVER_TRANSITIONS[ServerState.CLOSED].values()) == {ServerState.CLOSED}
    assert set(CLIENT_TRANSITIONS[ClientState.CLOSED].values()) == {ClientState.CLOSED}


def test_every_open_state_can_be_closed() -> None:
    assert all(steps[ServerStep.CLOSED] is ServerState.CLOSED for steps in SERVER_TRANSITIONS.values())
    assert all(steps[ClientStep.CLOSED] is ClientState.CLOSED for steps in CLIENT_TRANSITIONS.values())


def test_nobody_is_logged_in_without_a_verdict() -> None:
    ways_in = {
        (state, step)
        for state, steps in SERVER_TRANSITIONS.items()
        for step, after in steps.items()
        if after is ServerState.LOGGED_IN
    }
    assert ways_in == {
        (ServerState.AWAITING_VERDICT, ServerStep.ACCEPTED),
        (ServerState.ACTIVATING, ServerStep.ACTIVATED),
    }


@pytest.mark.parametrize("module", sorted(Path(devices.wire.__path__[0]).glob("*.py")), ids=lambda path: path.name)
def test_the_wire_does_no_input_or_output(module: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    assert not imported & FORBIDDEN
