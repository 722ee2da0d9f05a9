"""Gathering single questions into calls for many: 300 logins cost the database hardly more than one."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum

import structlog

from devices.gateway import metrics
from devices.gateway.options import Options
from devices.gateway.port import StoreUnavailable
from devices.gateway.worker import Worker

log = structlog.get_logger(__name__)


class Unanswered(Enum):
    """In place of an answer: the store is away, too slow, or has too much to do. Nothing is known."""

    UNANSWERED = "unanswered"


UNANSWERED = Unanswered.UNANSWERED


class _Question[Q, R]:
    __slots__ = ("answer", "asked_at", "value")

    def __init__(self, value: Q, answer: Callable[[R | Unanswered], None], asked_at: float) -> None:
        self.value = value
        self.answer: Callable[[R | Unanswered], None] | None = answer
        self.asked_at = asked_at

    def settle(self, result: R | Unanswered) -> None:
        """Hand the answer over, once: what comes after the deadline is dropped."""
        answer, self.answer = self.answer, None
        if answer is not None:
            answer(result)


class Gatherer[Q, R]:
    """Collects questions for `options.gather_seconds` and hands up to `options.gather_limit` at once to the worker.

    One call is under way at a time; what comes meanwhile makes the next. A question that has no answer after
    `options.store_timeout_seconds`, or comes while too many wait, is answered with UNANSWERED.
    """

    def __init__(
        self, *, name: str, call: Callable[[Sequence[Q]], Sequence[R]], worker: Worker, options: Options
    ) -> None:
        self._name = name
        self._call = call
        self._worker = worker
        self._options = options
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Question[Q, R]] = deque()
        self._open: deque[_Question[Q, R]] = deque()
        self._under_way: asyncio.Future[Sequence[R]] | None = None
        self._send_timer: asyncio.TimerHandle | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def ask(self, value: Q, answer: Callable[[R | Unanswered], None]) -> None:
        """Call `answer` with what the store says of `value`, later, on the event loop."""
        if len(self._waiting) >= self._options.questions_waiting:
            self._loop.call_soon(answer, UNANSWERED)
            return
        question = _Question(value, answer, self._loop.time())
        self._waiting.append(question)
        self._open.append(question)
        if self._deadline is None:
            self._await_deadline()
        if self._under_way is None and self._send_timer is None:
            self._send_timer = self._loop.call_later(self._options.gather_seconds, self._send)

    def _send(self) -> None:
        self._send_timer = None
        batch: list[_Question[Q, R]] = []
        while self._waiting and len(batch) < self._options.gather_limit:
            question = self._waiting.popleft()
            if question.answer is not None:
                batch.append(question)
        if not batch:
            return
        values = [question.value for question in batch]
        self._under_way = self._worker.call(lambda: self._call(values))
        self._under_way.add_done_callback(lambda future: self._receive(batch, future))

    def _receive(self, batch: list[_Question[Q, R]], future: asyncio.Future[Sequence[R]]) -> None:
        self._under_way = None
        results = self._results(batch, future)
        for question, result in zip(batch, results, strict=True):
            try:
                question.settle(result)
            except Exception:
                log.exception("answer.failed", question=self._name)
        while self._open and self._open[0].answer is None:
            self._open.popleft()
        if self._waiting:
            self._send()

    def _results(self, batch: list[_Question[Q, R]], future: asyncio.Future[Sequence[R]]) -> Sequence[R | Unanswered]:
        nothing = [UNANSWERED] * len(batch)
        if future.cancelled():
            return nothing
        error = future.exception()
        if error is None:
            return future.result()
        metrics.STORE_FAILURES.labels(self._name).inc()
        if not isinstance(error, StoreUnavailable):
            log.error("store.failed", call=self._name, exc_info=error)
        return nothing

    def _await_deadline(self) -> None:
        due_at = self._open[0].asked_at + self._options.store_timeout_seconds
        self._deadline = self._loop.call_at(due_at, self._expire)

    def _expire(self) -> None:
        self._deadline = None
        overdue = self._loop.time() - self._options.store_timeout_seconds
        while self._open and (self._open[0].answer is None or self._open[0].asked_at <= overdue):
            question = self._open.popleft()
            if question.answer is not None:
                metrics.STORE_TIMEOUTS.labels(self._name).inc()
                question.settle(UNANSWERED)
        if self._open:
            self._await_deadline()
