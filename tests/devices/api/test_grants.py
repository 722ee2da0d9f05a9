"""Grants and requests for them, by a program."""

from datetime import timedelta

import pytest
from django.utils import timezone

from console.teams.models import Grant, GrantRequest
from devices.actions import activation, sessions
from devices.actions.values import Claim
from devices.models import ProvisioningSession
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import PROBLEM, caller

pytestmark = pytest.mark.django_db


def address(cast: Cast, template: Template | None) -> str:
    return f"grants/{cast.ines.pk}/{template.template_id if template else 'all'}/"


def test_refused_session_says_what_is_missing_who_gives_it_and_how_to_ask(cast: Cast, template: Template) -> None:
    ines = caller(cast.ines)
    refused = ines.post("provisioning-sessions/", {"template_id": template.template_id})
    assert (refused.status, refused.content_type) == (403, PROBLEM)
    assert refused.data["permission"] == "provision new devices"
    assert refused.data["who_may_give"] == ["Alice", "Ann"]
    assert "Ask Alice or Ann." in refused.data["detail"]
    ask = refused.data["request"]
    assert (ask["method"], ask["href"]) == ("POST", "/api/v1/grant-requests/")

    asked = ines.post(ask["href"].removeprefix("/api/v1/"), ask["body"] | {"note": "For bed 4"})
    assert asked.status == 201
    assert (asked.data["template_id"], asked.data["is_granted"]) == (template.template_id, None)
    assert ines.post("grant-requests/", ask["body"]).status == 200

    granted = caller(cast.ann).post(f"grant-requests/{asked.data['id']}/grant/")
    assert (granted.data["is_granted"], granted.data["decided_by"]) == (True, "Ann")
    assert ines.post("provisioning-sessions/", {"template_id": template.template_id}).status == 201


def test_answering_twice_is_a_conflict(cast: Cast, template: Template) -> None:
    asked = GrantRequest.objects.create(member=cast.ines, template_id=template.template_id)
    ann = caller(cast.ann)
    assert ann.post(f"grant-requests/{asked.pk}/decline/").status == 200
    again = ann.post(f"grant-requests/{asked.pk}/grant/")
    assert (again.status, again.data["detail"]) == (409, "Ann has declined this already.")


def test_grant_is_put_read_listed_and_deleted(cast: Cast, template: Template) -> None:
    ann = caller(cast.ann)
    until = (timezone.now() + timedelta(days=2)).isoformat()
    made = ann.send("PUT", address(cast, template), {"until_at": until, "devices_limit": 3, "note": "Bed 4"})
    assert made.status == 201
    assert made.data["member"] == {
        "id": cast.ines.pk,
        "name": "Ines",
        "email": "ines@example.com",
        "role": "installer",
    }
    assert (made.data["devices_left"], made.data["is_usable"], made.data["granted_by"]) == (3, True, "Ann")
    assert ann.send("PUT", address(cast, None), {}).data["template_id"] is None

    ines = caller(cast.ines)
    assert ines.get(address(cast, template)).data == made.data
    assert len(ines.get("grants/").data["results"]) == 2
    assert [row["template_id"] for row in ines.get("grants/?template_id=all").data["results"]] == [None]
    narrowed = ines.get(f"grants/?template_id={template.template_id}&member_id={cast.ines.pk}")
    assert len(narrowed.data["results"]) == 1

    assert ann.send("PUT", address(cast, template), {}).data["until_at"] is None
    assert ann.delete(address(cast, template)).status == 204
    assert ann.delete(address(cast, template)).status == 204
    assert ann.get(address(cast, template)).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"until_at": "2020-01-01T00:00:00Z"}, "until_at"),
        ({"until_at": "soon"}, "until_at"),
        ({"devices_limit": 0}, "devices_limit"),
        ({"devices_limit": 2_000_000}, "devices_limit"),
        ({"note": "nul\0"}, "note"),
        ({"note": "n" * 201}, "note"),
        ({"devices": 3}, "devices"),
    ],
)
def test_unusable_limits_are_named(body: dict[str, object], field: str, cast: Cast, template: Template) -> None:
    answer = caller(cast.ann).send("PUT", address(cast, template), body)
    assert (answer.status, answer.problem_fields()) == (400, {field})
    assert not Grant.objects.exists()


def test_limit_below_what_is_activated_is_refused(cast: Cast, template: Template) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id, devices_limit=5, devices_count=3)
    answer = caller(cast.ann).send("PUT", address(cast, template), {"devices_limit": 2})
    assert (answer.status, answer.problem_fields()) == (400, {"devices_limit"})


def test_grants_do_not_cross_teams(cast: Cast, template: Template, other_template: Template) -> None:
    ann = caller(cast.ann)
    for path in (f"grants/{cast.sam.pk}/all/", f"grants/{cast.ines.pk}/{other_template.template_id}/"):
        assert ann.send("PUT", path, {}).status == 404
        assert ann.delete(path).status == 404
    assert caller(cast.sam).send("PUT", address(cast, template), {}).status == 404
    asked = caller(cast.ines).post("grant-requests/", {"template_id": other_template.template_id})
    assert asked.status == 404
    assert not Grant.objects.exists()
    assert not GrantRequest.objects.exists()


@pytest.mark.parametrize("body", [{}, {"template_id": "TMPL" + "x" * 100}, {"template_id": 5, "notes": "a"}, []])
def test_unusable_requests_are_refused(body: object, cast: Cast) -> None:
    assert caller(cast.ines).post("grant-requests/", body).status in (400, 404)


def test_members_see_their_own_requests_and_managers_all(cast: Cast, template: Template) -> None:
    for member in (cast.ines, cast.vic):
        GrantRequest.objects.create(member=member, template_id=template.template_id)
    assert len(caller(cast.ann).get("grant-requests/").data["results"]) == 2
    assert [row["member"]["name"] for row in caller(cast.vic).get("grant-requests/").data["results"]] == ["Vic"]


def test_finding_of_a_refused_session_carries_the_same(cast: Cast, template: Template) -> None:
    grant = Grant.objects.create(member=cast.ines, template_id=template.template_id)
    session = sessions.open_session(template=template, by=cast.ines).session
    grant.delete()
    activation.activate([Claim(session.token.pk, "192.0.2.7")])
    assert ProvisioningSession.objects.get().state == "failed"
    finding = caller(cast.ines).get(f"provisioning-sessions/{session.pk}/").data["finding"]
    assert (finding["code"], finding["permission"]) == ("no_permission", "provision new devices")
    assert finding["who_may_give"] == ["Alice", "Ann"]
    assert finding["request"]["body"] == {"template_id": template.template_id}
    assert "Ask Alice or Ann for a grant" in finding["next_step"]
