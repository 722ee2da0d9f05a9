"""Servers that somebody else runs."""

import os

import pytest

from console.supervisor import outside
from console.supervisor.refusal import RefusedError

DATABASE = "postgresql://landfall:hunter2@127.0.0.1:1/landfall?password=hunter2"
REDIS = "redis://:hunter2@127.0.0.1:1/0"


def test_servers_that_answer_are_accepted() -> None:
    outside.check_database(os.environ["DATABASE_URL"])
    outside.check_redis(os.environ["REDIS_URL"])


def test_a_database_that_does_not_answer_is_refused_without_its_password() -> None:
    with pytest.raises(RefusedError, match=r"DATABASE_URL names, .*127\.0\.0\.1:1/landfall, does not answer") as caught:
        outside.check_database(DATABASE)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_redis_that_does_not_answer_is_refused_without_its_password() -> None:
    with pytest.raises(RefusedError, match=r"REDIS_URL names, .*127\.0\.0\.1:1/0, does not answer") as caught:
        outside.check_redis(REDIS)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "mysql://root@localhost/x", "nonsense"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(RefusedError, match="does not name a PostgreSQL"):
        outside.check_database(url)


@pytest.mark.parametrize("url", ["postgresql://user:hun%ter2@host/db", "postgresql://user:hunter2@[host/db"])
def test_an_address_that_cannot_be_read_is_not_quoted(url: str) -> None:
    with pytest.raises(RefusedError, match="DATABASE_URL cannot be read") as caught:
        outside.check_database(url)
    assert "ter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["amqp://localhost", "localhost:6379"])
def test_another_queue_is_refused(url: str) -> None:
    with pytest.raises(RefusedError, match="does not name a Redis"):
        outside.check_redis(url)


def test_a_redis_address_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(RefusedError, match="REDIS_URL cannot be read"):
        outside.check_redis("redis://:hunter2@host:port/0")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (DATABASE, "postgresql://landfall:***@127.0.0.1:1/landfall"),
        (REDIS, "redis://:***@127.0.0.1:1/0"),
        ("redis://cache:6379/0", "redis://cache:6379/0"),
        ("unix:///run/redis.sock?password=hunter2", "unix:///run/redis.sock"),
    ],
)
def test_addresses_are_shown_without_passwords(url: str, shown: str) -> None:
    assert outside.masked(url) == shown
