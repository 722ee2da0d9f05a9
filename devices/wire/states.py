"""What may happen when, as tables: what is absent is illegal."""

from enum import StrEnum
from typing import Final


class OutOfOrderError(Exception):
    """Our own code asked for something that is not legal in the connection's state: a bug, never the peer's doing."""


class ServerState(StrEnum):
    """Where a device's connection stands, seen from the gateway."""

    AWAITING_LOGIN = "awaiting_login"
    AWAITING_VERDICT = "awaiting_verdict"
    SEEN = "seen"
    ACTIVATING = "activating"
    LOGGED_IN = "logged_in"
    CLOSED = "closed"


class ServerStep(StrEnum):
    LOGIN_RECEIVED = "login_received"
    ACCEPTED = "accepted"
    ACCEPTED_UNACTIVATED = "accepted_unactivated"
    ACTIVATION_DUE = "activation_due"
    ACTIVATED = "activated"
    REFUSED = "refused"
    FAILED = "failed"
    CLOSED = "closed"


class ClientState(StrEnum):
    """Where the connection stands, seen from a device."""

    NOT_LOGGED_IN = "not_logged_in"
    AWAITING_VERDICT = "awaiting_verdict"
    LOGGED_IN = "logged_in"
    CLOSED = "closed"


class ClientStep(StrEnum):
    LOGIN_SENT = "login_sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    CLOSED = "closed"


# Verdicts on a closed connection are legal and change nothing: the peer may go while a look-up is under way.
SERVER_TRANSITIONS: Final[dict[ServerState, dict[ServerStep, ServerState]]] = {
    ServerState.AWAITING_LOGIN: {
        ServerStep.LOGIN_RECEIVED: ServerState.AWAITING_VERDICT,
        ServerStep.FAILED: ServerState.CLOSED,
        ServerStep.CLOSED: ServerState.CLOSED,
    },
    ServerState.AWAITING_VERDICT: {
        ServerStep.ACCEPTED: ServerState.LOGGED_IN,
        ServerStep.ACCEPTED_UNACTIVATED: ServerState.SEEN,
        ServerStep.REFUSED: ServerState.CLOSED,
        ServerStep.FAILED: ServerState.CLOSED,
        ServerStep.CLOSED: ServerState.CLOSED,
    },
    ServerState.SEEN: {
        ServerStep.ACTIVATION_DUE: ServerState.ACTIVATING,
        ServerStep.REFUSED: ServerState.CLOSED,
        ServerStep.FAILED: ServerState.CLOSED,
        ServerStep.CLOSED: ServerState.CLOSED,
    },
    ServerState.ACTIVATING: {
        ServerStep.ACTIVATED: ServerState.LOGGED_IN,
        ServerStep.REFUSED: ServerState.CLOSED,
        ServerStep.FAILED: ServerState.CLOSED,
        ServerStep.CLOSED: ServerState.CLOSED,
    },
    ServerState.LOGGED_IN: {
        ServerStep.REFUSED: ServerState.CLOSED,
        ServerStep.FAILED: ServerState.CLOSED,
        ServerStep.CLOSED: ServerState.CLOSED,
    },
    ServerState.CLOSED: {
        ServerStep.ACCEPTED: ServerState.CLOSED,
        ServerStep.ACCEPTED_UNACTIVATED: ServerState.CLOSED,
        ServerStep.ACTIVATED: ServerState.CLOSED,
        ServerStep.REFUSED: ServerState.CLOSED,
        ServerStep.CLOSED: ServerState.CLOSED,
    },
}

CLIENT_TRANSITIONS: Final[dict[ClientState, dict[ClientStep, ClientState]]] = {
    ClientState.NOT_LOGGED_IN: {
        ClientStep.LOGIN_SENT: ClientState.AWAITING_VERDICT,
        ClientStep.FAILED: ClientState.CLOSED,
        ClientStep.CLOSED: ClientState.CLOSED,
    },
    ClientState.AWAITING_VERDICT: {
        ClientStep.ACCEPTED: ClientState.LOGGED_IN,
        ClientStep.REFUSED: ClientState.CLOSED,
        ClientStep.FAILED: ClientState.CLOSED,
        ClientStep.CLOSED: ClientState.CLOSED,
    },
    ClientState.LOGGED_IN: {
        ClientStep.REFUSED: ClientState.CLOSED,
        ClientStep.FAILED: ClientState.CLOSED,
        ClientStep.CLOSED: ClientState.CLOSED,
    },
    ClientState.CLOSED: {ClientStep.CLOSED: ClientState.CLOSED},
}


def next_server_state(state: ServerState, step: ServerStep) -> ServerState:
    """The state after `step`. Raises `OutOfOrderError` where the table has none."""
    try:
        return SERVER_TRANSITIONS[state][step]
    except KeyError:
        raise OutOfOrderError(f"{step} is not legal while {state}") from None


def next_client_state(state: ClientState, step: ClientStep) -> ClientState:
    """The state after `step`. Raises `OutOfOrderError` where the table has none."""
    try:
        return CLIENT_TRANSITIONS[state][step]
    except KeyError:
        raise OutOfOrderError(f"{step} is not legal while {state}") from None
