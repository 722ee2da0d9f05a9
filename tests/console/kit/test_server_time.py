"""One clock decides what has expired: the database's, whatever the clock of a process says."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from console.kit import server_time
from console.teams.models import Grant
from devices.actions import sessions
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller

HOUR = timedelta(hours=1)
right_now = timezone.now


@pytest.fixture(params=[HOUR, -HOUR], ids=["fast", "slow"])
def wrong_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process's clock is off by an hour, which it notes at its next connection."""
    monkeypatch.setattr(timezone, "now", lambda: right_now() + request.param)
    server_time.compare(connection)
    yield
    monkeypatch.undo()
    server_time.compare(connection)


def test_same_clock_is_left_alone(db: None) -> None:
    server_time.compare(connection)
    assert abs(server_time.now() - timezone.now()) < timedelta(milliseconds=100)


def test_page_and_api_agree_with_the_gateway_on_an_open_session(
    cast: Cast, template: Template, wrong_clock: None
) -> None:
    alice, browser = caller(cast.alice), signed_in(cast.alice)
    session = sessions.open_session(template=template, by=cast.alice, lifetime_seconds=60).session
    assert alice.get(f"provisioning-sessions/{session.pk}/").data["state"] == "open"
    assert 'data-session-ended="true"' not in browser.get(f"/sessions/{session.pk}/").text
    assert sessions.cancel(session=session)
    session.refresh_from_db()
    assert session.state == "cancelled"


def test_key_and_grant_end_when_the_database_says(cast: Cast, template: Template, wrong_clock: None) -> None:
    Grant.objects.create(member=cast.ines, until_at=right_now() + timedelta(minutes=1))
    ines = caller(cast.ines)
    body = {"template_id": template.template_id}
    assert ines.post("provisioning-sessions/", body).status == 201
    Grant.objects.update(until_at=right_now() - timedelta(minutes=1))
    assert ines.post("provisioning-sessions/", body).status == 403
    cast.ines.api_keys.update(expires_at=right_now() - timedelta(minutes=1))
    assert ines.get("devices/").status == 401
