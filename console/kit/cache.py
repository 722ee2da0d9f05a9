"""A Redis cache that forgets instead of failing while Redis is away."""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from prometheus_client import Counter
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
UNAVAILABLE = Counter("landfall_cache_unavailable_total", "Cache calls let through because Redis was away", ["call"])


class ForgivingClient(RedisCacheClient):
    """Answers as an empty cache would when Redis is away, logs it and counts it."""

    def _or[T](self, default: T, call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError):
            UNAVAILABLE.labels(call.__name__).inc()
            log.warning("cache.unavailable", call=call.__name__)
            return default

    def add(self, *args: Any) -> bool:
        return self._or(True, super().add, *args)

    def get(self, key: Any, default: Any) -> Any:
        return self._or(default, super().get, key, default)

    def set(self, *args: Any) -> None:
        self._or(None, super().set, *args)

    def touch(self, *args: Any) -> bool:
        return self._or(False, super().touch, *args)

    def delete(self, *args: Any) -> bool:
        return self._or(False, super().delete, *args)

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        return self._or({}, super().get_many, keys)

    def has_key(self, *args: Any) -> bool:
        return self._or(False, super().has_key, *args)

    def incr(self, key: Any, delta: int) -> int:
        return self._or(delta, super().incr, key, delta)

    def set_many(self, *args: Any) -> None:
        self._or(None, super().set_many, *args)

    def delete_many(self, *args: Any) -> None:
        self._or(None, super().delete_many, *args)


class ForgivingRedisCache(RedisCache):
    """The cache backend of CACHES; see ForgivingClient."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
