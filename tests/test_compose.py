"""docker-compose.yml and .env.example, held against the settings that read them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')
GIVEN = re.compile(r"^#? ?([A-Z_]+)=", re.MULTILINE)
# Read by the first run or by other images, not by settings.py.
OTHERS = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "WEB_PORT", "GATEWAY_PORT", "GATEWAY_TLS_PORT"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def settings_names() -> set[str]:
    readers = ("settings.py", "kit/outside_accounts.py")
    return {name for reader in readers for name in READ.findall((ROOT / "console" / reader).read_text())}


def test_every_process_of_the_design_is_a_service_with_a_health_check(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"migrate", "web", "gateway", "worker", "beat", "postgres", "redis"}
    assert all("healthcheck" in service for name, service in services.items() if name != "migrate")


def test_services_set_only_what_settings_read(compose: dict[str, Any], settings_names: set[str]) -> None:
    for name, service in compose["services"].items():
        if name not in ("postgres", "redis"):
            assert set(service["environment"]) <= settings_names, name


def test_every_variable_that_is_asked_for_is_known(settings_names: set[str]) -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert asked <= settings_names | OTHERS


def test_commands_start_what_exists(compose: dict[str, Any]) -> None:
    assert (ROOT / "devices" / "management" / "commands" / "gateway.py").is_file()
    for name in ("worker", "beat"):
        assert "--app=console.celery" in compose["services"][name]["command"]
    assert "console.wsgi" in (ROOT / "Dockerfile").read_text()


def test_dependencies_wait_for_healthy_servers(compose: dict[str, Any]) -> None:
    for name in ("web", "gateway", "worker", "beat"):
        conditions = {key: value["condition"] for key, value in compose["services"][name]["depends_on"].items()}
        assert conditions == {
            "postgres": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }


def test_env_example_lists_every_setting_once(settings_names: set[str]) -> None:
    names = GIVEN.findall((ROOT / ".env.example").read_text())
    assert len(names) == len(set(names))
    assert set(names) == settings_names
