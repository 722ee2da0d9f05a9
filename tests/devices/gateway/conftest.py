"""Gateways on the real store and on the one in memory, and tokens to log in with.

What needs the settings is imported inside: pytest loads this file before they are there.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from devices.actions.sessions import Opened
    from templates_app.models import Template
    from tests.cast import Cast
    from tests.devices.gateway.fake_store import FakeStore
    from tests.devices.gateway.harness import RunningGateway


@pytest.fixture
def running(transactional_db: None) -> Iterator["RunningGateway"]:
    """A gateway on PostgreSQL."""
    from devices.gateway.store import DjangoStore
    from tests.devices.gateway.harness import RunningGateway, quick

    with RunningGateway(DjangoStore(), quick()) as running:
        yield running
    assert running.faults == []


@pytest.fixture
def fake() -> "FakeStore":
    from tests.devices.gateway.fake_store import FakeStore

    return FakeStore()


@pytest.fixture
def start(fake: "FakeStore") -> Iterator[Callable[..., "RunningGateway"]]:
    """Starts a gateway on the store in memory, with options of the test's own."""
    from tests.devices.gateway.harness import RunningGateway, quick

    started: list[RunningGateway] = []

    def start(**changes: object) -> RunningGateway:
        started.append(RunningGateway(fake, quick(**changes)).__enter__())
        return started[-1]

    yield start
    fake.gate.set()
    for running in started:
        running.stop()
        assert running.faults == []


@pytest.fixture
def open_session(transactional_db: None, template: "Template", cast: "Cast") -> Callable[[], "Opened"]:
    from devices.actions import sessions

    return lambda: sessions.open_session(template=template, by=cast.alice)


@pytest.fixture
def token(open_session: Callable[[], "Opened"]) -> str:
    opened = open_session()
    assert opened.token is not None
    return opened.token
