"""Limits of sign-in and password reset: 429 with Retry-After, before any password is hashed; none without Redis."""

from unittest.mock import patch

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as RedisAway

from console.kit.cache import UNAVAILABLE
from tests.cast import PASSWORD, Cast
from tests.selectors import one, words

WRONG = {"login": "alice@example.com", "password": "wrong"}


def fail(times: int, sent: dict[str, str] = WRONG) -> None:
    for _ in range(times):
        Client().post("/accounts/login/", sent)


def test_account_that_failed_too_often_waits_even_with_the_right_password(cast: Cast) -> None:
    fail(5)
    response = Client().post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert words(one(response, "h1")) == "That was too often"


def test_other_accounts_do_not_wait(cast: Cast) -> None:
    fail(5)
    assert Client().post("/accounts/login/", {"login": "dan@example.com", "password": PASSWORD}).status_code == 302


def test_unknown_account_waits_just_as_a_known_one(cast: Cast) -> None:
    unknown = {"login": "nobody@example.com", "password": "wrong"}
    fail(5, unknown)
    assert Client().post("/accounts/login/", unknown).status_code == 429


def test_address_that_failed_with_many_accounts_waits(cast: Cast, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/300s/ip,5/300s/key"}
    for number in range(3):
        fail(1, {"login": f"nobody{number}@example.com", "password": "wrong"})
    sent = {"login": "dan@example.com", "password": PASSWORD}
    assert Client().post("/accounts/login/", sent).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.9").post("/accounts/login/", sent).status_code == 302


def test_password_is_hashed_only_once_the_limit_let_the_attempt_pass(cast: Cast) -> None:
    fail(5)
    with patch.object(Argon2PasswordHasher, "encode") as encode, patch.object(Argon2PasswordHasher, "verify") as verify:
        Client().post("/accounts/login/", WRONG)
        Client().post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    assert not encode.called
    assert not verify.called


def test_unknown_account_costs_a_hash_as_a_known_one_does(cast: Cast) -> None:
    with patch.object(Argon2PasswordHasher, "encode", return_value="argon2$x") as encode:
        Client().post("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"})
    assert encode.call_count == 1


def test_sixth_reset_of_an_account_waits(cast: Cast) -> None:
    for _ in range(5):
        assert Client().post("/accounts/password/reset/", {"email": "alice@example.com"}).status_code == 302
    response = Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert "Wait 15 minutes" in words(one(response, ".plain-lead"))


def test_resets_from_one_address_wait(cast: Cast, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "2/900s/ip,5/900s/key"}
    for number in range(2):
        Client().post("/accounts/password/reset/", {"email": f"nobody{number}@example.com"})
    assert Client().post("/accounts/password/reset/", {"email": "alice@example.com"}).status_code == 429


def test_without_redis_attempts_pass_and_are_counted(cast: Cast) -> None:
    before = _let_pass()
    with patch("redis.Redis.execute_command", side_effect=RedisAway):
        fail(6)
        response = Client().post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    assert response.status_code == 302
    assert _let_pass() > before


def _let_pass() -> float:
    return sum(sample.value for metric in UNAVAILABLE.collect() for sample in metric.samples)
