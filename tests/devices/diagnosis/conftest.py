"""What needs the settings is imported inside: pytest loads this before they are there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from templates_app.models import Template
    from tests.cast import Cast
    from tests.devices.diagnosis.stage import Stage
    from tests.devices.gateway.certificates import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> "Authority":
    from tests.devices.gateway.certificates import authority

    return authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def stage(transactional_db: None, authority: "Authority", template: "Template", cast: "Cast") -> Iterator["Stage"]:
    from tests.devices.diagnosis.stage import stage_of

    stage = stage_of(authority, template, cast)
    yield stage
    stage.close()
