"""What the isolation matrix (tests/isolation) does not ask: teams in sessions, proxies, foreign hosts, ways onward."""

import pytest
from django.test import Client
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import Settings

from console.teams.access import TEAM_SESSION_KEY
from console.teams.models import Grant, Member
from console.teams.permissions import Role
from devices.actions import sessions
from devices.models import Device, ProvisioningSession
from templates_app.models import Template
from tests.cast import PASSWORD, Cast, signed_in


def test_team_in_the_session_opens_no_other_team(cast: Cast, device: Device) -> None:
    browser = signed_in(cast.sam)
    session = browser.session
    session[TEAM_SESSION_KEY] = cast.team.pk
    session.save()
    assert browser.get(f"/devices/{device.pk}/").status_code == 404


def test_session_of_another_team_is_not_opened_by_a_template_in_the_body(
    cast: Cast, template: Template, other_template: Template
) -> None:
    browser = signed_in(cast.alice)
    assert browser.post("/sessions/new/", {"template": other_template.template_id}).status_code == 404
    assert not ProvisioningSession.objects.exists()


def test_member_of_two_teams_reaches_one_team_at_a_time(cast: Cast, device: Device) -> None:
    Member.objects.create(team=cast.team, user=cast.sam.user, role=Role.VIEWER.value)
    browser = signed_in(cast.sam)
    assert browser.get(f"/devices/{device.pk}/").status_code == 404
    session = browser.session
    session[TEAM_SESSION_KEY] = cast.team.pk
    session.save()
    assert browser.get(f"/devices/{device.pk}/").status_code == 200


def test_opener_who_became_a_viewer_cancels_but_names_nothing(cast: Cast, template: Template, device: Device) -> None:
    ProvisioningSession.objects.filter(pk=device.activation_id).update(member=cast.dan)
    waiting = sessions.open_session(template=template, by=cast.dan).session
    Member.objects.filter(pk=cast.dan.pk).update(role=Role.VIEWER)
    browser = signed_in(cast.dan)
    assert browser.post(f"/sessions/{device.activation_id}/name/", {"name": "Mine"}).status_code == 403
    assert not browser.get(f"/sessions/{device.activation_id}/").text.count('name="name"')
    assert browser.post(f"/sessions/{waiting.pk}/cancel/").status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_choosing_a_template_costs_the_same_for_an_installer_with_many(
    cast: Cast, template: Template, django_assert_max_num_queries: object
) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    for number in range(20):
        Template.objects.create(team=cast.team, name=f"Template {number}", board="esp32")
    browser = signed_in(cast.ines)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        response = browser.get("/sessions/new/")
    assert response.text.count('name="template"') == 1


@pytest.mark.parametrize(
    "headers", [{"x-forwarded-for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"}, {"via": "1.1 a"}]
)
def test_metrics_are_not_for_those_who_come_through_a_proxy(db: None, headers: dict[str, str]) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client().get("/metrics", headers=headers).status_code == 404
    assert Client().get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "a b"])
def test_foreign_host_names_are_refused_with_a_page(db: None, host: str) -> None:
    response = Client().get("/accounts/login/", headers={"host": host})
    assert response.status_code == 400
    assert "evil" not in response.text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"]
)
def test_sign_in_and_out_lead_nowhere_else(cast: Cast, target: str) -> None:
    sent = {"login": cast.alice.user.email, "password": PASSWORD, "next": target}
    assertRedirects(Client().post("/accounts/login/", sent), "/overview/", fetch_redirect_response=False)
    out = signed_in(cast.alice).post("/accounts/logout/", {"next": target})
    assertRedirects(out, "/", fetch_redirect_response=False)


def test_forged_addresses_do_not_lift_the_limit_on_failed_sign_ins(cast: Cast, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "4/300s/ip,5/300s/key"}
    for number in range(5):
        sent = {"login": f"nobody{number}@example.com", "password": "wrong"}
        response = Client().post("/accounts/login/", sent, headers={"x-forwarded-for": f"198.51.100.{number}"})
    assert response.status_code == 429
