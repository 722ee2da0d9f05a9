"""One look at every connection each second, in place of timers per connection."""

import asyncio
from typing import TYPE_CHECKING

import structlog

from devices.gateway import metrics
from devices.gateway.endings import Ending
from devices.wire.states import ServerState

if TYPE_CHECKING:
    from devices.gateway.connection import Connection
    from devices.gateway.gateway import Gateway

log = structlog.get_logger(__name__)


async def run(gateway: "Gateway") -> None:
    """Sweep until cancelled."""
    while True:
        await asyncio.sleep(gateway.options.sweep_seconds)
        sweep(gateway, gateway.time())


def sweep(gateway: "Gateway", now: float) -> None:
    """Look at every connection; a fault with one spares the others."""
    for connection in gateway.registry:
        try:
            _look_at(connection, now)
        except Exception:
            log.exception("sweep.failed")
            connection.abort()
    metrics.CONNECTIONS.set(len(gateway.registry))
    metrics.ONLINE.set(gateway.registry.device_count)


def _look_at(connection: "Connection", now: float) -> None:
    """What is due: goodbyes, deadlines, cut-offs. What was heard since the last look counts as heard now."""
    options = connection.gateway.options
    if connection.ending is not None:
        if now - connection.ended_at > options.linger_seconds:
            connection.abort()
        return
    if connection.is_heard:
        connection.is_heard = False
        connection.heard_at = now
    if connection.paused_at is not None and now - connection.paused_at > options.stuck_seconds:
        connection.end(Ending.NOT_READING)
        connection.abort()
    elif _is_flooding(connection):
        connection.end(Ending.FLOODED)
    else:
        _look_at_stage(connection, now)


def _look_at_stage(connection: "Connection", now: float) -> None:
    options = connection.gateway.options
    match connection.wire.state:
        case ServerState.AWAITING_LOGIN:
            if now - connection.since > options.login_deadline_seconds:
                connection.end(Ending.NO_LOGIN)
        case ServerState.SEEN:
            if now - connection.since >= options.settle_seconds:
                connection.settle()
        case ServerState.LOGGED_IN:
            if now - connection.heard_at > connection.wire.cutoff_seconds:
                connection.end(Ending.SILENT)
            elif not connection.wire.has_info and now - connection.since >= options.settle_seconds:
                connection.settle()


def _is_flooding(connection: "Connection") -> bool:
    """Whether far more came since the last look than a device may send; what is only too much was answered with 1."""
    count, connection.throttled_count = connection.throttled_count, 0
    options = connection.gateway.options
    return count > options.limits.messages_per_second * options.flood_factor
