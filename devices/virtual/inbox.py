"""Reading orders from Redis as they come, whether Redis is there or not."""

import asyncio
from collections.abc import Callable
from typing import cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from devices.virtual.orders import ORDERS

WAIT_SECONDS = 5
HUNG_SECONDS = WAIT_SECONDS + 5
PAUSE_SECONDS = 1.0
log = structlog.get_logger(__name__)


async def follow(redis_url: str, take: Callable[[bytes], None], *, pause_seconds: float = PAUSE_SECONDS) -> None:
    """Hand every order to `take`, until cancelled. While Redis is away it asks again every `pause_seconds`."""
    # Retries are ours, so that an absence is logged once and not asked for at the library's pace.
    client = Redis.from_url(
        redis_url, socket_timeout=HUNG_SECONDS, socket_connect_timeout=WAIT_SECONDS, retry=Retry(NoBackoff(), 0)
    )
    is_away = False
    async with client:
        while True:
            try:
                raw = await _next(client)
            except (RedisError, OSError) as error:
                if not is_away:
                    log.warning("orders.unreachable", error=type(error).__name__)
                is_away = True
                await asyncio.sleep(pause_seconds)
                continue
            is_away = False
            if raw is not None:
                take(raw)


async def _next(client: Redis) -> bytes | None:
    """The next order, None when none came for a while."""
    found = await client.blpop([ORDERS], timeout=WAIT_SECONDS)
    return None if found is None else cast("bytes", found[1])
