"""Servers that somebody else runs: whether they can be reached."""

from urllib.parse import urlsplit

import psycopg
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from console.supervisor.refusal import RefusedError

CONNECT_SECONDS = 5
DATABASE_SCHEMES = ("postgres", "postgresql")
REDIS_SCHEMES = ("redis", "rediss", "unix")


def masked(url: str) -> str:
    """The address for people to read: without password, and without options, which may hold one too."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{url.partition('://')[0]}://…"
    host = parts.netloc.rpartition("@")[2]
    user = (parts.username or "") + (":***" if parts.password else "")
    return f"{parts.scheme}://{user}{'@' if user else ''}{host}{parts.path}"


def check_database(url: str) -> None:
    """Connect to the database once; raises RefusedError with the reason."""
    if url.partition("://")[0] not in DATABASE_SCHEMES:
        raise RefusedError(
            "DATABASE_URL does not name a PostgreSQL: set it to postgresql://user:password@host:port/name."
        )
    try:
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.OperationalError as error:
        raise _unreachable("DATABASE_URL", url, "PostgreSQL", _last_words(error)) from None
    except psycopg.Error:
        # A complaint about the address itself would quote it, password included.
        raise RefusedError(
            "DATABASE_URL cannot be read: set it to postgresql://user:password@host:port/name, with special "
            "characters percent-encoded."
        ) from None


def check_redis(url: str) -> None:
    """Ping the Redis once; raises RefusedError with the reason."""
    if url.partition("://")[0] not in REDIS_SCHEMES:
        raise RefusedError("REDIS_URL does not name a Redis: set it to redis://:password@host:port/0.")
    try:
        with Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS) as client:
            client.set_retry(Retry(NoBackoff(), 0))
            client.ping()
    except (RedisError, OSError) as error:
        raise _unreachable("REDIS_URL", url, "Redis", _last_words(error)) from None
    except ValueError:
        raise RefusedError("REDIS_URL cannot be read: set it to redis://:password@host:port/0.") from None


def _unreachable(setting: str, url: str, server: str, reason: str) -> RefusedError:
    return RefusedError(
        f"The {server} that {setting} names, {masked(url)}, does not answer ({reason}): start it or correct "
        f"{setting}, or unset it to use the embedded one."
    )


def _last_words(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else type(error).__name__
