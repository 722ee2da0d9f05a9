"""Every bound and address of one gateway, as one value."""

from dataclasses import dataclass, field
from pathlib import Path

from devices.wire.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Times are seconds. Port 0 takes any free one; without `tls_cert` nothing listens for TLS.

    A connection that stays paused for `stuck_seconds` because its peer does not read is cut. `recheck_seconds` bounds
    what a lost message on the bus costs. `refusals_per_hint` and `refusals_per_address` are counted by the minute.
    """

    host: str = "127.0.0.1"
    port: int = 0
    tls_port: int = 0
    tls_cert: Path | None = None
    tls_key: Path | None = None
    metrics_port: int | None = None
    backlog: int = 4096

    limits: Limits = field(default_factory=Limits)
    max_connections: int = 20_000
    connections_per_address: int = 2000
    refusals_per_address: int = 120
    refusals_per_hint: int = 20
    flood_factor: int = 10
    events_per_second: float = 1.0
    event_burst: int = 30

    login_deadline_seconds: float = 5.0
    settle_seconds: float = 2.0
    store_timeout_seconds: float = 4.0
    stuck_seconds: float = 10.0
    linger_seconds: float = 2.0
    drain_seconds: float = 5.0

    gather_seconds: float = 0.002
    gather_limit: int = 300
    questions_waiting: int = 50_000

    sweep_seconds: float = 1.0
    flush_seconds: float = 1.0
    urgent_flush_seconds: float = 0.1
    heard_seconds: float = 3.0
    recheck_seconds: float = 30.0
    recheck_batch: int = 1000
    readings_waiting: int = 20_000
    events_waiting: int = 5000
    failures_waiting: int = 1000
