"""A gateway on the real store. What needs the settings is imported inside: pytest loads this before they are there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.devices.gateway.harness import RunningGateway


@pytest.fixture
def running(transactional_db: None) -> Iterator["RunningGateway"]:
    from devices.gateway.store import DjangoStore
    from tests.devices.gateway.harness import RunningGateway, quick

    with RunningGateway(DjangoStore(), quick()) as running:
        yield running
    assert running.faults == []
