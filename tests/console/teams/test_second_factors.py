"""Authenticator apps, recovery codes and passkeys, as far as no browser is needed: set up, sign in, misuse."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from console.teams import factors
from console.teams.actions import factors as actions
from console.teams.models import AuditEntry, User
from tests.cast import PASSWORD, Cast, note_sign_in, signed_in
from tests.selectors import has, one, texts, words

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(step: int, secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, step)))


def step_now() -> int:
    return int(time.time()) // 30


def with_app(user: User) -> Authenticator:
    authenticator: Authenticator = TOTP.activate(user, SECRET).instance
    return authenticator


def with_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def past_the_password(user: User) -> Client:
    browser = Client()
    response = browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response["Location"] == "/accounts/2fa/authenticate/"
    return browser


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.mark.django_db(transaction=True)
def test_app_is_set_up_with_a_code_and_gives_recovery_codes_once(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    page = browser.get("/accounts/2fa/totp/activate/")
    secret = str(one(page, "#copy-totp-secret")["value"])
    assert has(page, ".qr svg")

    shown = browser.post("/accounts/2fa/totp/activate/", {"code": code_at(step_now(), secret)}, follow=True)

    codes = one(shown, "#recovery-codes").get_text().split()
    assert len(codes) == 10
    assert factors.has_two_factors(cast.dan.user)
    assert not has(browser.get("/accounts/2fa/recovery-codes/"), "#recovery-codes")
    assert browser.get("/accounts/2fa/recovery-codes/download/").status_code == 403
    kinds = set(AuditEntry.objects.filter(team_id=cast.team.pk).values_list("kind", "subject"))
    assert {("factor.added", "Authenticator app"), ("factor.added", "Recovery codes")} <= kinds


@pytest.mark.django_db(transaction=True)
def test_code_that_set_the_app_up_does_not_sign_in(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    secret = str(one(browser.get("/accounts/2fa/totp/activate/"), "#copy-totp-secret")["value"])
    code = code_at(step_now(), secret)
    browser.post("/accounts/2fa/totp/activate/", {"code": code})
    second = past_the_password(cast.dan.user)

    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert not is_signed_in(second)


def test_wrong_code_sets_up_nothing(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    response = browser.post("/accounts/2fa/totp/activate/", {"code": "abc"})
    assert "That code does not fit" in words(one(response, "#id_code_note"))
    assert not factors.has_two_factors(cast.dan.user)


def test_password_alone_signs_nobody_in_who_has_an_app(cast: Cast) -> None:
    with_app(cast.dan.user)
    browser = past_the_password(cast.dan.user)
    assert not is_signed_in(browser)
    assert browser.get("/overview/")["Location"].startswith("/accounts/login/")


def test_code_signs_in_and_not_twice(cast: Cast) -> None:
    with_app(cast.dan.user)
    first, second = past_the_password(cast.dan.user), past_the_password(cast.dan.user)
    code = code_at(step_now())

    assert first.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/overview/"
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert not is_signed_in(second)


def test_code_is_spent_even_without_the_cache(cast: Cast) -> None:
    authenticator = with_app(cast.dan.user)
    step = step_now()
    assert actions.spend(authenticator=authenticator, code=code_at(step))
    assert not actions.spend(authenticator=authenticator, code=code_at(step))
    assert not actions.spend(authenticator=authenticator, code=code_at(step - 1))


def test_recovery_code_signs_in_once(cast: Cast) -> None:
    with_app(cast.dan.user)
    code = with_codes(cast.dan.user)[0]
    first, second = past_the_password(cast.dan.user), past_the_password(cast.dan.user)

    assert first.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/overview/"
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert not is_signed_in(second)
    assert AuditEntry.objects.filter(kind="recovery_code.used", actor=cast.dan.label).exists()


def test_new_recovery_codes_end_the_old_ones(cast: Cast) -> None:
    with_app(cast.dan.user)
    old = with_codes(cast.dan.user)[0]
    browser = signed_in(cast.dan)
    shown = browser.post("/accounts/2fa/recovery-codes/generate/", follow=True)
    assert old not in one(shown, "#recovery-codes").get_text()
    second = past_the_password(cast.dan.user)
    assert second.post("/accounts/2fa/authenticate/", {"code": old}).status_code == 200


def test_sixth_wrong_code_has_to_wait(cast: Cast) -> None:
    with_app(cast.dan.user)
    browser = past_the_password(cast.dan.user)
    for _ in range(6):
        response = browser.post("/accounts/2fa/authenticate/", {"code": "000000x"})
    assert (response.status_code, response["Retry-After"]) == (429, "300")


def test_secrets_of_factors_are_sealed_in_the_database(cast: Cast) -> None:
    kept = json.dumps(with_app(cast.dan.user).data)
    assert SECRET not in kept


def test_secret_sealed_with_an_old_key_stays_readable_while_that_is_told(cast: Cast, settings: object) -> None:
    sealed = factors.sealed(SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"  # type: ignore[attr-defined]
    assert factors.unsealed(sealed) == SECRET
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert factors.unsealed(sealed) != SECRET


def test_changing_factors_asks_whoever_signed_in_a_while_ago(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    note_sign_in(browser, cast.dan.user, at=time.time() - 600)
    place = "/accounts/2fa/totp/activate/"
    asked = browser.get(place)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    done = browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": place})
    assert done["Location"] == place
    assert browser.get(place).status_code == 200


NONSENSE = [
    "", "[]", "null", "5", '"text"', "{}", "{", '{"response": 5}', '{"response": {"userHandle": 5}}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {"userHandle": "QQ"}}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "AA", "attestationObject": "AA"}}',
    '{"id": "a", "rawId": "a", "response": {"clientDataJSON": "AA", "authenticatorData": "AA", "userHandle": "enp6"}}',
    '{"id": "\\u0000", "rawId": "\\ud83d", "type": 1, "response": []}',
    "[" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_instead_of_a_passkey_is_refused(cast: Cast, credential: str) -> None:
    with_app(cast.vic.user)
    sent = {"credential": credential}
    out = Client(headers={"accept": "application/json"})
    out.get("/accounts/2fa/webauthn/login/")
    assert out.post("/accounts/2fa/webauthn/login/", sent).status_code == 302
    browser = signed_in(cast.dan)
    browser.get("/accounts/2fa/webauthn/add/")
    assert browser.post("/accounts/2fa/webauthn/add/", sent | {"name": "Mine"}).status_code == 200
    waiting = past_the_password(cast.vic.user)
    assert waiting.post("/accounts/2fa/authenticate/", sent).status_code == 200
    assert not is_signed_in(out)
    assert not is_signed_in(waiting)
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("localhost:8000", ""),
        ("127.0.0.1:8000", "Open http://localhost:8000"),
        ("[::1]:8000", "Open http://localhost:8000"),
        ("testserver", "HTTPS"),
    ],
)
def test_page_says_where_passkeys_cannot_work(cast: Cast, host: str, told: str) -> None:
    page = signed_in(cast.dan).get("/accounts/2fa/webauthn/", headers={"host": host})
    assert told in " ".join(texts(page, ".notice")) if told else not has(page, ".notice")


def test_lost_factors_are_removed_by_whoever_runs_it(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with_app(cast.dan.user)
    call_command("remove_factors", email="DAN@example.com")
    assert "Removed 1 factors" in capsys.readouterr().out
    assert not factors.has_two_factors(cast.dan.user)
    with pytest.raises(CommandError):
        call_command("remove_factors", email="nobody@example.com")


def test_staff_do_not_see_anybodys_factors_in_the_admin(cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.user_id).update(is_staff=True, is_superuser=True)
    with_app(cast.dan.user)
    assert signed_in(cast.alice).get("/admin/mfa/authenticator/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_one_code_given_in_ten_times_at_once_counts_once(cast: Cast) -> None:
    authenticator, code = with_app(cast.dan.user), code_at(step_now())

    def give_in(_: int) -> bool:
        try:
            return actions.spend(authenticator=Authenticator.objects.get(pk=authenticator.pk), code=code)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(give_in, range(10))) == 1
