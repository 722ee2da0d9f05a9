"""Polls of a session's page that are answered cheaply, and everything that must end that."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from console.kit import server_time
from devices.actions import activation, evidence, sessions
from devices.actions.values import Claim
from devices.models import AuthToken, FailedConnection, ProvisioningSession, RefusedLogin
from devices.models.evidence import EvidenceKind
from devices.status import FailedBecause, Refusal
from devices.views import quiet
from templates_app.models import Template
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.django_db
SEEN = re.compile(r"seen=([0-9a-f]+)")


@pytest.fixture
def session(template: Template, cast: Cast) -> ProvisioningSession:
    return sessions.open_session(template=template, by=cast.alice).session


class Page:
    """An open page of a session: it asks as static/js/live.js does."""

    def __init__(self, client: Client, session: ProvisioningSession) -> None:
        self.client = client
        self.url = reverse("sessions:detail", args=[session.pk])
        self.version = self._version(client.get(self.url))
        self.seal = ""
        self.poll()

    def poll(self, **other: str) -> Any:
        """The answer; what it brings is used for the next one."""
        headers = {"HX-Request": "true"} | ({quiet.HEADER: self.seal} if self.seal else {}) | other
        answer = self.client.get(f"{self.url}?seen={self.version}", headers=headers)
        self.version = self._version(answer) or self.version
        self.seal = answer.headers.get(quiet.HEADER, self.seal)
        return answer

    def is_quiet(self, **other: str) -> bool:
        """Whether the next poll is answered cheaply: full answers carry a new seal."""
        answer = self.poll(**other)
        return answer.status_code == 204 and quiet.HEADER not in answer.headers

    def _version(self, answer: Any) -> str:
        found = SEEN.search(answer.content.decode())
        return found[1] if found else ""


@pytest.fixture
def page(session: ProvisioningSession, cast: Cast) -> Page:
    page = Page(signed_in(cast.alice), session)
    assert page.is_quiet()
    return page


def login_seen(session: ProvisioningSession) -> None:
    ProvisioningSession.objects.filter(pk=session.pk).update(seen_at=timezone.now(), seen_from="192.0.2.7")


def activated(session: ProvisioningSession) -> None:
    activation.activate([Claim(session.token.pk, "192.0.2.7")])


def cancelled(session: ProvisioningSession) -> None:
    sessions.cancel(session=session)


def led_told(session: ProvisioningSession) -> None:
    evidence.record(session=session, kind=EvidenceKind.LED, value="dark")


def refused(_session: ProvisioningSession, *, token: AuthToken | None = None) -> None:
    now = timezone.now()
    RefusedLogin.objects.create(
        token=token, hint="lfd_abcd", address="192.0.2.7", reason=Refusal.UNKNOWN, first_at=now, last_at=now
    )


def refused_with_its_token(session: ProvisioningSession) -> None:
    refused(session, token=session.token)


def failed_handshake(session: ProvisioningSession) -> None:
    now = timezone.now()
    FailedConnection.objects.create(address="192.0.2.7", reason=next(iter(FailedBecause)), first_at=now, last_at=now)


@pytest.mark.parametrize(
    "event", [login_seen, activated, cancelled, led_told, refused, refused_with_its_token, failed_handshake]
)
def test_whatever_happens_is_answered_in_full_at_once(
    page: Page, session: ProvisioningSession, event: Callable[[ProvisioningSession], None]
) -> None:
    event(session)
    assert not page.is_quiet()


def test_news_are_in_the_very_next_answer(page: Page, session: ProvisioningSession) -> None:
    activated(session)
    answer = page.poll()
    assert answer.status_code == 200
    assert "The device is activated." in answer.content.decode()


def test_what_the_board_tells_of_itself_after_activation_is_seen(page: Page, session: ProvisioningSession) -> None:
    activated(session)
    page.poll()
    assert page.is_quiet()
    session.refresh_from_db()
    assert session.device is not None
    session.device.hotspot_name = "Blynk Soil Sensor-9A4R"
    session.device.save()
    assert not page.is_quiet()


def test_a_quiet_poll_costs_one_query(page: Page, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert page.is_quiet()


def test_that_its_owner_watches_does_not_end_it(page: Page, session: ProvisioningSession) -> None:
    ProvisioningSession.objects.filter(pk=session.pk).update(watched_at=timezone.now())
    assert page.is_quiet()


def test_it_is_not_kept_by_anybody_on_the_way(page: Page) -> None:
    assert page.poll()["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "seal", ["", "x", "1.2", "99999999999." + "0" * 64, "٣." + "0" * 64, "9" * 400 + "." + "0" * 64, "\x00", "é" * 80]
)
def test_seals_that_nobody_gave_are_worth_nothing(page: Page, seal: str) -> None:
    assert not page.is_quiet(**{quiet.HEADER: seal})


def test_seal_runs_out(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    now = server_time.now()
    monkeypatch.setattr(server_time, "now", lambda: now + timedelta(seconds=quiet.LASTS_SECONDS[1]))
    assert not page.is_quiet()
    assert page.is_quiet()


def test_seal_ends_with_the_session(session: ProvisioningSession, cast: Cast) -> None:
    deadline = server_time.now() + timedelta(seconds=2)
    ProvisioningSession.objects.filter(pk=session.pk).update(expires_at=deadline)
    page = Page(signed_in(cast.alice), session)
    assert int(page.seal.split(".")[0]) <= deadline.timestamp()


def test_seal_is_no_use_to_another_login(page: Page, session: ProvisioningSession, cast: Cast) -> None:
    for other in (signed_in(cast.alice), signed_in(cast.sam), Client()):
        answer = other.get(page.url, {"seen": page.version}, headers={"HX-Request": "true", quiet.HEADER: page.seal})
        assert answer.status_code != 204 or quiet.HEADER in answer.headers


def test_seal_is_no_use_for_another_session_or_another_version(page: Page, template: Template, cast: Cast) -> None:
    other = Page(page.client, sessions.open_session(template=template, by=cast.alice).session)
    assert not other.is_quiet(**{quiet.HEADER: page.seal})
    page.version = "0" * 16
    assert page.poll().status_code == 200


def test_who_has_left_the_team_sees_nothing_once_the_seal_has_run_out(
    page: Page, cast: Cast, monkeypatch: pytest.MonkeyPatch, session: ProvisioningSession
) -> None:
    viewer = Page(signed_in(cast.vic), session)
    cast.vic.delete()
    now = server_time.now()
    monkeypatch.setattr(server_time, "now", lambda: now + timedelta(seconds=quiet.LASTS_SECONDS[1]))
    answer = viewer.poll()
    assert (answer.headers["HX-Redirect"], answer.content) == (reverse("teams:start"), b"")


def test_post_is_never_answered_so(page: Page) -> None:
    answer = page.client.post(f"{page.url}?seen={page.version}", headers={quiet.HEADER: page.seal})
    assert answer.status_code == 405


def test_without_a_database_it_is_the_full_answer_that_says_so(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_session_id: int) -> str:
        raise OperationalError("gone")

    whole = quiet.mark_of
    monkeypatch.setattr(quiet, "mark_of", away)
    page.client.raise_request_exception = False
    assert page.poll().status_code >= 500
    monkeypatch.setattr(quiet, "mark_of", whole)
    assert page.poll().status_code == 204


def test_callers_all_the_time_make_a_page_dear_every_two_seconds_at_most(
    page: Page, session: ProvisioningSession
) -> None:
    refused(session)
    even = timezone.now().replace(microsecond=0)
    even += timedelta(seconds=int(even.timestamp()) % 2)
    RefusedLogin.objects.update(last_at=even)
    assert not page.is_quiet()
    RefusedLogin.objects.update(last_at=even + timedelta(seconds=0.4))
    assert page.is_quiet()
    RefusedLogin.objects.update(last_at=even + timedelta(seconds=2))
    assert not page.is_quiet()
