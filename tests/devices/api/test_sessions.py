"""Provisioning sessions in the API: opened, polled through each step and each end, cancelled."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from console.kit.tokens import TOKEN_PREFIX, digest, hint, is_ours
from console.teams.models import Grant
from devices.actions import activation, devices, logins, sessions, sweeps
from devices.actions.values import Activated, Claim, LiveToken, Login, Refused
from devices.models import AuthToken, Device, ProvisioningSession
from devices.status import Refusal
from templates_app.actions import templates as template_actions
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import Answer, Caller, caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def dan(cast: Cast) -> Caller:
    return caller(cast.dan)


def open_one(who: Caller, template: Template, **headers: str) -> Answer:
    return who.post("provisioning-sessions/", {"template_id": template.template_id}, **headers)


def log_in(token: str) -> LiveToken | Refused:
    (verdict,) = logins.look_up([Login(digest(token), hint(token), "192.0.2.9")])
    return verdict


def activate(token: str) -> int:
    live = log_in(token)
    assert isinstance(live, LiveToken)
    (made,) = activation.activate([Claim(live.token_id, "192.0.2.9")])
    assert isinstance(made, Activated)
    return made.device_id


def poll(who: Caller, session_id: int) -> tuple[str, list[str]]:
    data = who.get(f"provisioning-sessions/{session_id}/").data
    return data["state"], [step["kind"] for step in data["steps"]]


@override_settings(GATEWAY_PUBLIC_HOST="iot.example", GATEWAY_PUBLIC_PORT=8080)
def test_the_answer_has_all_that_a_program_hands_over(dan: Caller, template: Template) -> None:
    answer = open_one(dan, template)
    assert answer.status == 201
    assert set(answer.data) == {
        "id",
        "state",
        "token",
        "expires_at",
        "gateway",
        "hotspot_name_pattern",
        "config_url",
    }
    assert answer.data["state"] == "open"
    assert is_ours(answer.data["token"], TOKEN_PREFIX)
    assert answer.data["gateway"] == {"host": "iot.example", "port": 8080, "tls": None}
    assert answer.data["hotspot_name_pattern"] == "Blynk Soil Sensor-XXXX"
    assert answer.headers["Cache-Control"] == "no-store"
    link = urlsplit(answer.data["config_url"])
    assert (link.scheme, link.netloc, link.path) == ("http", "192.168.4.1", "/config")
    assert parse_qs(link.query, keep_blank_values=True) == {
        "if": ["wifi"],
        "ssid": [""],
        "pass": [""],
        "blynk": [answer.data["token"]],
        "host": ["iot.example"],
        "port": ["8080"],
        "port_ssl": ["8080"],
    }


@override_settings(GATEWAY_TLS_CERT="cert.pem", GATEWAY_PUBLIC_TLS_PORT=9443)
def test_with_a_certificate_the_tls_port_is_told(dan: Caller, template: Template) -> None:
    data = open_one(dan, template).data
    assert data["gateway"]["tls"] == {"port": 9443}
    assert "port_ssl=9443" in data["config_url"]


def test_a_board_without_a_hotspot_has_no_link(dan: Caller, cast: Cast) -> None:
    other = template_actions.create(team=cast.team, name="Script", board="other", description="", by=cast.dan)
    data = open_one(dan, other).data
    assert (data["hotspot_name_pattern"], data["config_url"]) == (None, None)
    assert data["token"]


def test_the_token_is_in_no_later_answer(dan: Caller, template: Template) -> None:
    opened = open_one(dan, template).data
    for path in ("provisioning-sessions/", f"provisioning-sessions/{opened['id']}/"):
        assert opened["token"] not in str(dan.get(path).data)


def test_steps_show_as_they_happen(dan: Caller, template: Template) -> None:
    opened = open_one(dan, template).data
    assert poll(dan, opened["id"]) == ("open", ["waiting"])
    log_in(opened["token"])
    assert poll(dan, opened["id"]) == ("open", ["waiting", "seen"])
    device_id = activate(opened["token"])
    data = dan.get(f"provisioning-sessions/{opened['id']}/").data
    assert (data["state"], data["finding"]) == ("activated", None)
    assert data["device"] == {"id": device_id, "name": Device.objects.get().name}
    assert [step["kind"] for step in data["steps"]] == ["waiting", "seen", "activated"]
    assert "192.0.2.9" in data["steps"][1]["detail"]
    assert all(step["at"] and step["detail"] for step in data["steps"])


def test_a_named_device_ends_the_steps(dan: Caller, template: Template, cast: Cast) -> None:
    opened = open_one(dan, template).data
    activate(opened["token"])
    session = ProvisioningSession.objects.get(pk=opened["id"])
    sessions.name_device(session=session, name="Bed 4", by=cast.dan)
    assert poll(dan, opened["id"]) == ("activated", ["waiting", "seen", "activated", "named"])


def test_a_session_is_expired_before_the_sweep_has_run_and_alike_after(dan: Caller, template: Template) -> None:
    opened = open_one(dan, template).data
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        before = dan.get(f"provisioning-sessions/{opened['id']}/").data
    assert (before["state"], before["finding"]["code"]) == ("expired", "never_seen")
    assert before["steps"][-1] == {
        "kind": "expired",
        "at": opened["expires_at"],
        "detail": before["steps"][-1]["detail"],
    }
    past = timezone.now() - timedelta(seconds=1)
    ProvisioningSession.objects.update(expires_at=past)
    AuthToken.objects.update(expires_at=past)
    assert sweeps.expire_sessions(limit=10) == 1
    after = dan.get(f"provisioning-sessions/{opened['id']}/").data
    assert (after["state"], after["finding"]) == ("expired", before["finding"])


def test_a_failed_session_tells_its_finding(dan: Caller, template: Template) -> None:
    opened = open_one(dan, template).data
    live = log_in(opened["token"])
    assert isinstance(live, LiveToken)
    activation.activate([Claim(live.token_id, "192.0.2.9", "TMPLother1234")])
    data = dan.get(f"provisioning-sessions/{opened['id']}/").data
    assert (data["state"], data["finding"]["code"]) == ("failed", "template_mismatch")
    assert "TMPLother1234" in data["finding"]["evidence"]
    assert data["steps"][-1]["kind"] == "failed"


def test_a_deleted_device_leaves_the_session_readable(dan: Caller, template: Template, cast: Cast) -> None:
    opened = open_one(dan, template).data
    activate(opened["token"])
    devices.delete(device=Device.objects.get(), by=cast.dan)
    data = dan.get(f"provisioning-sessions/{opened['id']}/").data
    assert (data["state"], data["device"]) == ("activated", None)


def test_cancelling_kills_the_token_and_can_be_repeated(dan: Caller, template: Template) -> None:
    opened = open_one(dan, template).data
    path = f"provisioning-sessions/{opened['id']}/"
    assert [dan.delete(path).status for _ in range(2)] == [204, 204]
    assert log_in(opened["token"]) == Refused(Refusal.CANCELLED)
    assert poll(dan, opened["id"]) == ("cancelled", ["waiting", "cancelled"])


def test_a_session_that_ended_otherwise_is_not_cancelled(dan: Caller, template: Template) -> None:
    opened = open_one(dan, template).data
    activate(opened["token"])
    answer = dan.delete(f"provisioning-sessions/{opened['id']}/")
    assert answer.status == 409
    assert "activated" in answer.data["detail"]
    assert Device.objects.count() == 1


def test_an_overdue_session_stays_expired_when_it_is_cancelled(dan: Caller, template: Template) -> None:
    opened = open_one(dan, template).data
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert dan.delete(f"provisioning-sessions/{opened['id']}/").status == 409
        assert poll(dan, opened["id"])[0] == "expired"


def test_a_repeated_request_opens_one_session_and_shows_its_token_once(dan: Caller, template: Template) -> None:
    key = str(uuid4())
    first, second = (open_one(dan, template, Idempotency_Key=key) for _ in range(2))
    assert (first.status, second.status) == (201, 200)
    assert second.data == {**first.data, "token": None, "config_url": None}
    assert ProvisioningSession.objects.count() == 1


def test_a_repeated_key_for_another_template_is_a_conflict(dan: Caller, template: Template, cast: Cast) -> None:
    other = template_actions.create(team=cast.team, name="Pump", board="esp32", description="", by=cast.dan)
    key = str(uuid4())
    assert open_one(dan, template, Idempotency_Key=key).status == 201
    assert open_one(dan, other, Idempotency_Key=key).status == 409


def test_two_members_may_use_the_same_key(dan: Caller, template: Template, cast: Cast) -> None:
    key = str(uuid4())
    answers = [open_one(who, template, Idempotency_Key=key) for who in (dan, caller(cast.ann))]
    assert [answer.status for answer in answers] == [201, 201]


def test_an_installer_with_a_grant_opens_and_cancels_their_own(template: Template, cast: Cast) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    ines = caller(cast.ines)
    opened = open_one(ines, template)
    assert opened.status == 201
    assert ines.delete(f"provisioning-sessions/{opened.data['id']}/").status == 204


def test_the_lifetime_can_be_chosen_within_bounds(dan: Caller, template: Template) -> None:
    body = {"template_id": template.template_id, "lifetime_seconds": 3600}
    data = dan.post("provisioning-sessions/", body).data
    session = ProvisioningSession.objects.get(pk=data["id"])
    assert session.expires_at - session.opened_at == timedelta(hours=1)
    for bad in (0, 29, 10**9, "soon"):
        answer = dan.post("provisioning-sessions/", {**body, "lifetime_seconds": bad})
        assert answer.problem_fields() == {"lifetime_seconds"}


def test_an_archived_template_opens_no_session(dan: Caller, template: Template, cast: Cast) -> None:
    template_actions.archive(template=template, by=cast.alice)
    answer = open_one(dan, template)
    assert (answer.status, answer.problem_fields()) == (400, {"template_id"})
