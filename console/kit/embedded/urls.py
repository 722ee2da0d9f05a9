"""Where the embedded servers listen, worked out from the data folder alone.

Settings, the supervisor and the tests all ask here, so a second terminal finds the servers of a running `make run`
without any state being passed around.
"""

import hashlib
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

DATABASE_NAME = "landfall"
DATABASE_USER = "landfall"
POSTGRES_SOCKET_NAME = ".s.PGSQL.5432"
REDIS_SOCKET_NAME = "redis.sock"

# A socket path is cut off at 104 bytes on macOS and 108 on Linux (`sun_path`), its closing zero included.
LONGEST_SOCKET_PATH = 100

# Not tempfile.gettempdir(): TMPDIR may differ between the terminal that starts the servers and one that looks for them.
SHORT_PARENT = Path("/tmp")  # noqa: S108 - `make_private` refuses it where it is a stranger's


def socket_dir(data_dir: Path) -> Path:
    """The folder of both sockets: `run` in the data folder, or a short one where that path is too long for a socket."""
    resolved = data_dir.resolve()
    usual = resolved / "run"
    if len(bytes(usual / POSTGRES_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return usual
    digest = hashlib.sha256(bytes(resolved)).hexdigest()[:16]
    return SHORT_PARENT / f"landfall-{digest}"


def default_database_url(data_dir: Path) -> str:
    """The embedded PostgreSQL's address, in the form that libpq, psycopg and django-environ all read."""
    return database_url(socket_dir(data_dir), name=DATABASE_NAME)


def database_url(sockets: Path, *, name: str) -> str:
    """The address of database `name` on the server whose socket is in the folder `sockets`."""
    # The host goes into the query: as a URL's host its letters would be lowered.
    return f"postgresql://{DATABASE_USER}@/{quote(name)}?{urlencode({'host': str(sockets)})}"


def default_redis_url(data_dir: Path) -> str:
    """The embedded Redis's address, as redis-py and Django's cache read it."""
    return redis_url(socket_dir(data_dir))


def redis_url(sockets: Path) -> str:
    """The address of the Redis whose socket is in the folder `sockets`."""
    return f"unix://{quote(str(sockets / REDIS_SOCKET_NAME))}?db=0"


def celery_broker_url(redis_url: str) -> str:
    """The same Redis as Celery names it: kombu wants `redis+socket://…?virtual_host=N` where redis-py wants `unix://…?db=N`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = parts.query.replace("db=", "virtual_host=")
    return f"redis+socket://{parts.netloc}{parts.path}?{query}"
