"""Transactions that PostgreSQL may end for the sake of another, and that are then done again."""

from collections.abc import Callable
from functools import wraps

from django.db import DatabaseError, transaction

TRIES = 4
# SQLSTATE codes (PostgreSQL manual, appendix A).
DEADLOCK = "40P01"
UNIQUE_VIOLATION = "23505"


def atomic_again[**P, T](*codes: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """One transaction, done again from its beginning, four times at most, when it ends with one of these SQLSTATEs.

    What it does must rest on what it reads inside: nothing that a first try left in Python may matter to the second.
    """

    def decorate(act: Callable[P, T]) -> Callable[P, T]:
        @wraps(act)
        def acting(*args: P.args, **kwargs: P.kwargs) -> T:
            for _ in range(TRIES - 1):
                try:
                    with transaction.atomic():
                        return act(*args, **kwargs)
                except DatabaseError as error:
                    if getattr(error.__cause__, "sqlstate", None) not in codes:
                        raise
            with transaction.atomic():
                return act(*args, **kwargs)

        return acting

    return decorate
