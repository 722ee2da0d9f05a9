"""Running until a signal says stop."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from ipaddress import ip_address
from typing import Any


def run_until_stopped[T](work: Coroutine[Any, Any, T]) -> T | None:
    """The result of `work`, or None when SIGTERM or SIGINT ended it; it is cancelled at once and may clean up."""
    with contextlib.suppress(asyncio.CancelledError):
        return asyncio.run(_cancelled_by_signals(work))
    return None


async def _cancelled_by_signals[T](work: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    return await task


def local_host(bound: str) -> str:
    """The host by which this machine reaches a gateway bound to `bound`."""
    try:
        return "127.0.0.1" if not bound or ip_address(bound).is_unspecified else bound
    except ValueError:
        return bound
