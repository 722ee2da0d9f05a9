"""Two things at once on one real PostgreSQL: threads with connections of their own, and a look at who waits."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

from django.db import OperationalError, connection, transaction

PATIENCE_SECONDS = 10.0
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def _alone[T](act: Callable[[], T]) -> T:
    """`act` on a connection that is closed after it, as a thread of its own needs."""
    try:
        return act()
    finally:
        connection.close()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start all `acts` at the same moment; their results, in order. Raises what any of them raised."""
    barrier = Barrier(len(acts))

    def start(act: Callable[[], Any]) -> Any:
        barrier.wait(PATIENCE_SECONDS)
        return _alone(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        futures = [pool.submit(start, act) for act in acts]
        return [future.result() for future in futures]


def _lock(table: str, row_id: int, suffix: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE id = %s FOR UPDATE {suffix}", [row_id])  # noqa: S608 - our tables


def is_free(table: str, row_id: int) -> bool:
    """Whether nobody else has the row locked."""
    try:
        with transaction.atomic():
            _lock(table, row_id, "NOWAIT")
            transaction.set_rollback(True)
    except OperationalError:
        return False
    return True


@contextmanager
def held_up(act: Callable[[], Any], *, table: str, row_id: int) -> Iterator[Future[Any]]:
    """Within, another thread does `act` and has come as far as this row's lock, or to its end where it needs none.

    The lock is released at the end; after that the future has its result.
    """
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        _lock(table, row_id)
        future = pool.submit(partial(_alone, act))
        _until_it_waits(future)
        yield future


def one_behind_the_other(first: Callable[[], Any], then: Callable[[], Any]) -> tuple[Any, Any]:
    """Do `first`, and before its transaction ends start `then` in another thread; what both gave."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            given = first()
            future = pool.submit(partial(_alone, then))
            _until_it_waits(future)
        return given, future.result()


def _until_it_waits(future: Future[Any]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not future.done() and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.01)
