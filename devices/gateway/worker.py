"""One thread for blocking calls, so that the event loop never waits for the database."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue

type _Job = Callable[[], None]


class Worker:
    """Makes calls one after the other, in the order given.

    The thread is a daemon: a call that hangs in a stopped database does not keep the process from ending, as the
    threads of `concurrent.futures` would.
    """

    def __init__(self, *, name: str, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def call[T](self, function: Callable[[], T]) -> asyncio.Future[T]:
        """Make the call after those before it; the future carries its result or its exception."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(lambda: self._make(function, future))
        return future

    def stop(self, *, last: Callable[[], None], seconds: float) -> bool:
        """Let the thread end after `last`. False where it is still busy after `seconds`."""
        self._jobs.put(last)
        self._jobs.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _make[T](self, function: Callable[[], T], future: asyncio.Future[T]) -> None:
        try:
            result = function()
        except Exception as error:
            self._tell(partial(_fail, future, error))
        else:
            self._tell(partial(_succeed, future, result))

    def _tell(self, settle: _Job) -> None:
        # The loop may have been closed while the call hung; nobody waits for the answer then.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(settle)


def _succeed[T](future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail[T](future: asyncio.Future[T], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
