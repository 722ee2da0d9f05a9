"""Where the embedded servers listen."""

from pathlib import Path

import environ
import pytest
from redis import Redis

from console.kit.embedded import urls

DEEP = Path("/srv") / ("a" * 60) / ("b" * 60)


def test_sockets_are_kept_in_the_data_folder() -> None:
    assert urls.socket_dir(Path("/srv/landfall")) == Path("/srv/landfall/run")


def test_a_deep_data_folder_gets_a_short_socket_folder_of_its_own() -> None:
    short = urls.socket_dir(DEEP)
    assert len(bytes(short / urls.POSTGRES_SOCKET_NAME)) < urls.LONGEST_SOCKET_PATH
    assert short == urls.socket_dir(DEEP)
    assert short != urls.socket_dir(DEEP / "other")


def test_a_relative_data_folder_means_the_same_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert urls.default_database_url(Path("var")) == urls.default_database_url(tmp_path / "var")


@pytest.mark.parametrize("folder", ["/srv/landfall", "/srv/Großes Haus/50% off"])
def test_settings_read_the_socket_folder_back_from_the_database_url(folder: str) -> None:
    config = environ.Env.db_url_config(urls.default_database_url(Path(folder)))
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["USER"], config["NAME"]) == ("landfall", "landfall")
    assert config["OPTIONS"]["host"] == f"{folder}/run"


@pytest.mark.parametrize("folder", ["/srv/landfall", "/srv/Großes Haus/50% off"])
def test_redis_reads_the_socket_back_from_its_url(folder: str) -> None:
    arguments = Redis.from_url(urls.default_redis_url(Path(folder))).connection_pool.connection_kwargs
    assert arguments["path"] == f"{folder}/run/redis.sock"


def test_celery_is_given_the_socket_in_its_own_words() -> None:
    assert urls.celery_broker_url("unix:///srv/run/redis.sock?db=3") == (
        "redis+socket:///srv/run/redis.sock?virtual_host=3"
    )


def test_celery_is_given_a_network_address_unchanged() -> None:
    assert urls.celery_broker_url("rediss://:secret@cache:6380/1") == "rediss://:secret@cache:6380/1"
