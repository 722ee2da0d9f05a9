"""Questions become calls for many; every question is answered once, in time."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from devices.gateway.gather import UNANSWERED, Gatherer, Unanswered
from devices.gateway.options import Options
from devices.gateway.port import StoreUnavailable
from devices.gateway.worker import Worker


class Doubler:
    """A call that doubles numbers, and can hang or fail."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None

    def __call__(self, values: Sequence[int]) -> list[int]:
        self.calls.append(list(values))
        self.gate.wait(20)
        if self.error:
            raise self.error
        return [value * 2 for value in values]


@pytest.fixture
def doubler() -> Doubler:
    return Doubler()


@pytest.fixture
async def worker(doubler: Doubler) -> AsyncIterator[Worker]:
    worker = Worker(name="test", loop=asyncio.get_running_loop())
    yield worker
    doubler.gate.set()
    assert worker.stop(last=lambda: None, seconds=10)


async def answers(gatherer: Gatherer[int, int], values: Sequence[int]) -> list[int | Unanswered]:
    """Ask all at once, and await every answer."""
    loop = asyncio.get_running_loop()
    futures: list[asyncio.Future[int | Unanswered]] = [loop.create_future() for _ in values]
    for value, future in zip(values, futures, strict=True):
        gatherer.ask(value, future.set_result)
    return await asyncio.wait_for(asyncio.gather(*futures), 20)


async def test_questions_at_once_make_few_calls(doubler: Doubler, worker: Worker) -> None:
    gatherer = Gatherer(name="double", call=doubler, worker=worker, options=Options(gather_limit=300))
    assert await answers(gatherer, range(1000)) == [value * 2 for value in range(1000)]
    assert [len(call) for call in doubler.calls] == [300, 300, 300, 100]


async def test_what_comes_during_a_call_makes_the_next(doubler: Doubler, worker: Worker) -> None:
    gatherer = Gatherer(name="double", call=doubler, worker=worker, options=Options())
    doubler.gate.clear()
    first = asyncio.ensure_future(answers(gatherer, [1]))
    while not doubler.calls:
        await asyncio.sleep(0)
    rest = [asyncio.ensure_future(answers(gatherer, [value])) for value in (2, 3, 4)]
    await asyncio.sleep(0)
    doubler.gate.set()
    assert await first == [2]
    assert [await answer for answer in rest] == [[4], [6], [8]]
    assert doubler.calls == [[1], [2, 3, 4]]


@pytest.mark.parametrize("error", [StoreUnavailable(), ValueError("a bug")])
async def test_a_failed_call_leaves_questions_unanswered(doubler: Doubler, worker: Worker, error: Exception) -> None:
    gatherer = Gatherer(name="double", call=doubler, worker=worker, options=Options())
    doubler.error = error
    assert await answers(gatherer, [1, 2]) == [UNANSWERED, UNANSWERED]
    doubler.error = None
    assert await answers(gatherer, [3]) == [6]


async def test_a_hanging_call_leaves_questions_unanswered_in_time(doubler: Doubler, worker: Worker) -> None:
    gatherer = Gatherer(name="double", call=doubler, worker=worker, options=Options(store_timeout_seconds=0.05))
    doubler.gate.clear()
    assert await answers(gatherer, [1, 2]) == [UNANSWERED, UNANSWERED]
    assert await answers(gatherer, [3]) == [UNANSWERED]
    doubler.gate.set()
    await asyncio.wait_for(worker.call(lambda: None), 10)
    assert await answers(gatherer, [4]) == [8]
    assert doubler.calls == [[1, 2], [4]]


async def test_too_many_waiting_questions_are_unanswered_at_once(doubler: Doubler, worker: Worker) -> None:
    gatherer = Gatherer(name="double", call=doubler, worker=worker, options=Options(questions_waiting=2))
    assert await answers(gatherer, [1, 2, 3]) == [2, 4, UNANSWERED]


async def test_a_fault_in_one_answer_spares_the_others(doubler: Doubler, worker: Worker) -> None:
    gatherer = Gatherer(name="double", call=doubler, worker=worker, options=Options())

    def fail(_answer: object) -> None:
        raise RuntimeError

    gatherer.ask(0, fail)
    assert await answers(gatherer, [1]) == [2]
