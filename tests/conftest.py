"""What every test has: servers of its own, and settings that point at them."""

import os
from collections.abc import Iterator

import django
import pytest
from django.core.cache import cache
from django.test.utils import override_settings
from hypothesis import HealthCheck, settings

from tests.servers import TestServers

LONGEST_ID = 120

# No test asserts a time: a busy machine is slow, not wrong. The fixtures of a property test serve all of its examples.
settings.register_profile(
    "landfall",
    parent=settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("landfall")

servers = TestServers(worker=os.environ.get("PYTEST_XDIST_WORKER", ""))


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before pytest-django loads the settings, which read their addresses.

    Settings are named here and not in pyproject.toml: pytest-django would load those before any conftest.
    """
    servers.start()
    os.environ["DATA_DIR"] = str(servers.folder / "data")
    static_root = servers.folder / "static"
    static_root.mkdir(parents=True, exist_ok=True)
    os.environ["STATIC_ROOT"] = str(static_root)
    os.environ["SECRET_KEY"] = "only-for-tests-" * 4
    for name in ("DEBUG", "PUBLIC_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "console.settings"
    django.setup()
    # A worker that inherited it would load the settings before it has a Redis of its own to name in them.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    config.pluginmanager.import_plugin("tests.cast")


def pytest_unconfigure() -> None:
    """Stop the servers when the last test is done."""
    servers.stop()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long text by its length: pytest puts a test's name into the environment, which has no room for 100 kB."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_ID:
        return f"{argname}-of-{len(val)}"
    return None


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Static files by their own names: the hashed names exist only after `collectstatic`."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test inherits what another has counted against a limit."""
    cache.clear()
