"""Faults of the servers behind the console: what people and programs are answered meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings

from console.kit import gateway_bus
from console.teams.models import User
from devices.models import Device
from templates_app.models import Template
from tests.cast import PASSWORD, Cast, signed_in
from tests.console.api.caller import PROBLEM, caller
from tests.selectors import one


@contextmanager
def database_away(*, only: str = "") -> Iterator[None]:
    """No statement is answered, or none that contains `only`."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if only in sql:
            raise OperationalError("the connection is lost")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


def browser_of(cast: Cast) -> Client:
    browser = signed_in(cast.alice)
    browser.raise_request_exception = False
    return browser


@pytest.mark.parametrize(
    "url", ["/", "/overview/", "/devices/", "/sessions/new/", "/templates/", "/team/", "/accounts/email/", "/admin/"]
)
def test_pages_say_so_while_the_database_is_away(url: str, cast: Cast) -> None:
    browser = browser_of(cast)
    with database_away():
        response = browser.get(url)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert one(response, "h1")


def test_page_says_so_when_only_the_session_cannot_be_kept(cast: Cast) -> None:
    browser = browser_of(cast)
    with database_away(only='"django_session"'):
        assert browser.get("/accounts/login/").status_code in {200, 503}
        response = browser.post("/accounts/logout/")
    assert response.status_code == 503


def test_session_that_cannot_be_saved_after_the_page_is_a_503_too(cast: Cast, device: Device) -> None:
    browser = browser_of(cast)
    with database_away(only='UPDATE "django_session"'):
        response = browser.post(f"/devices/{device.pk}/write/", {"pin": "1", "value": "2"})
    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.parametrize("path", ["devices/", "provisioning-sessions/", "templates/", "nothing/"])
def test_programs_get_a_problem_while_the_database_is_away(path: str, cast: Cast) -> None:
    alice = caller(cast.alice)
    with database_away():
        answer = alice.get(path)
    assert (answer.status, answer.content_type) == ((404 if path == "nothing/" else 503), PROBLEM)


def test_health_is_503_while_the_database_is_away(client: Client, db: None) -> None:
    client.raise_request_exception = False
    with database_away():
        assert client.get("/healthz").status_code == 503


@pytest.fixture
def redis_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Redis client of the console finds nobody at its socket."""
    nowhere = "unix:///nowhere/redis.sock"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    settings.REDIS_URL = nowhere
    monkeypatch.setattr(gateway_bus, "_client", None)


@pytest.mark.usefixtures("redis_away")
def test_people_work_on_while_redis_is_away(
    client: Client, cast: Cast, template: Template, device: Device, django_capture_on_commit_callbacks: Any
) -> None:
    assert client.post("/accounts/login/", {"login": cast.alice.user.email, "password": PASSWORD}).status_code == 302
    assert client.get("/devices/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/devices/{device.pk}/rename/", {"name": "Pump"}).status_code == 302
        assert client.post(f"/devices/{device.pk}/write/", {"pin": "1", "value": "2"}).status_code == 302
        assert client.post("/sessions/new/", {"template": template.template_id}).status_code == 200
        assert client.post(f"/devices/{device.pk}/delete/", {"confirm": "Pump"}).status_code == 302
    assert not Device.objects.exists()
    assert client.get("/healthz").json() == {"database": "ok", "redis": "away"}


@pytest.mark.usefixtures("redis_away")
def test_programs_work_on_while_redis_is_away(cast: Cast, template: Template) -> None:
    alice = caller(cast.alice)
    assert alice.get("devices/").status == 200
    assert alice.post("provisioning-sessions/", {"template_id": template.template_id}).status == 201


@pytest.mark.usefixtures("redis_away")
def test_redis_is_asked_once_and_not_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that tries again by itself makes each page wait for each of its tries."""
    from redis.connection import UnixDomainSocketConnection

    tries = []

    def connect(self: UnixDomainSocketConnection) -> None:
        tries.append(self)
        raise OSError("nobody there")

    monkeypatch.setattr(UnixDomainSocketConnection, "_connect", connect)
    cache.set("key", "value")
    assert len(tries) == 1
    assert not gateway_bus.drop_tokens([1])
    assert len(tries) == 2


def test_admin_signs_in_where_everybody_does(client: Client, db: None) -> None:
    """The admin's own form would know nothing of the limit on failed sign-ins."""
    response = client.get("/admin/login/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_signed_in_person_who_is_no_staff_is_refused_by_the_admin(cast: Cast) -> None:
    assert signed_in(cast.alice).get("/admin/", follow=True).status_code == 403
    staff = User.objects.get(pk=cast.alice.user_id)
    staff.is_staff = staff.is_superuser = True
    staff.save()
    assert signed_in(cast.alice).get("/admin/", follow=True).status_code == 200
