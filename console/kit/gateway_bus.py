"""How the console reaches gateways: one Redis channel, JSON messages. Loss is tolerated: truth is in PostgreSQL."""

import json
from collections.abc import Collection
from typing import Any

import structlog
from django.conf import settings
from prometheus_client import Counter
from redis import Redis
from redis.exceptions import RedisError

CHANNEL = "landfall:gateway"
LOST = Counter("landfall_bus_lost_total", "Messages to gateways that Redis did not take", ["kind"])
log = structlog.get_logger(__name__)
_client: Redis | None = None


def client() -> Redis:
    """A shared connection with short timeouts, so that no page waits for Redis."""
    global _client
    if _client is None:
        _client = Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
    return _client


def _publish(kind: str, **fields: Any) -> bool:
    return _publish_to(kind, **fields) is not None


def _publish_to(kind: str, **fields: Any) -> int | None:
    """How many gateways hear the message; None when Redis is away."""
    try:
        return int(client().publish(CHANNEL, json.dumps({"kind": kind, **fields})))
    except (RedisError, OSError):
        LOST.labels(kind).inc()
        log.warning("bus.lost", kind=kind)
        return None


def drop_tokens(token_ids: Collection[int]) -> bool:
    """Close every connection that logged in with one of these tokens. False when Redis is away."""
    return _publish("drop_tokens", token_ids=sorted(token_ids))


def drop_connection(*, gateway: str, connection_id: int) -> bool:
    """Close one connection of one gateway, which a newer one replaced. False when Redis is away."""
    return _publish("drop_connection", gateway=gateway, connection_id=connection_id)


def move_device(*, token_id: int, device_id: int) -> bool:
    """Have the connection of this token speak for another device. False when Redis is away."""
    return _publish("move_device", token_id=token_id, device_id=device_id)


def write_pin(*, device_id: int, pin: int, values: list[str]) -> bool:
    """Send a virtual write to the device, wherever it is connected. False when Redis is away."""
    return _publish("write_pin", device_id=device_id, pin=pin, values=values)


def console_command(*, device_id: int, command: str) -> bool:
    """Type `command` on the board's console, wherever it is connected. False when no gateway hears it."""
    return bool(_publish_to("console_command", device_id=device_id, command=command))


def rename(*, device_id: int, name: str) -> bool:
    """Tell the device its new name as metadata `Device Name`. False when Redis is away."""
    return _publish("meta", device_id=device_id, name="Device Name", value=name)
