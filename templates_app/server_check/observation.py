"""What was seen on the way to the gateway, one step after the other. Values only."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from templates_app.gateway import GatewayAddress
from templates_app.server_check.handshake import Answer


class Step(StrEnum):
    """The steps of a check, in their order."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate of the chain that the server sent."""

    subject: str
    issuer: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """The server's own certificate: the DNS names that it is good for, and from when until when."""

    names: tuple[str, ...]
    starts_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Tls:
    """A finished handshake. `anchor` names the pinned root that the chain ends in, else `refusal` says why none."""

    version: str
    chain: tuple[Certificate, ...]
    leaf: Leaf | None
    anchor: str
    refusal: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything that one check saw. `failed` is the step that went wrong, `reason` how; no later one was made."""

    address: GatewayAddress
    at: datetime
    resolved: tuple[str, ...] = field(default=())
    connected_to: str = ""
    tls: Tls | None = None
    failed: Step | None = None
    reason: str = ""
