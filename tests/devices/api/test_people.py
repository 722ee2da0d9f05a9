"""Members and invitations in the API: the rules of the pages."""

import pytest

from console.teams.models import Invitation, Member
from console.teams.permissions import Role
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import PROBLEM, caller

GUEST = {"email": "noa@example.com", "role": "viewer"}


def test_members_are_listed(cast: Cast) -> None:
    rows = caller(cast.vic).send("GET", "team/members/").data["results"]

    assert [(row["name"], row["role"]) for row in rows][-1] == ("Alice", "owner")
    assert {row["email"] for row in rows} == {f"{name}@example.com" for name in ("alice", "ann", "dan", "ines", "vic")}


def test_role_is_changed(cast: Cast) -> None:
    answer = caller(cast.ann).send("PATCH", f"team/members/{cast.dan.pk}/", {"role": "viewer"})

    assert (answer.status, answer.data["role"]) == (200, "viewer")


def test_admin_makes_no_owner(cast: Cast) -> None:
    answer = caller(cast.ann).send("PATCH", f"team/members/{cast.dan.pk}/", {"role": "owner"})

    assert (answer.status, answer.data["permission"]) == (403, "manage the team")


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"role": "admin"}), ("DELETE", None)])
def test_last_owner_stays(cast: Cast, method: str, body: dict[str, str] | None) -> None:
    answer = caller(cast.alice).send(method, f"team/members/{cast.alice.pk}/", body)

    assert (answer.status, answer.content_type) == (409, PROBLEM)
    assert Member.objects.get(pk=cast.alice.pk).role == Role.OWNER


def test_invitation_is_sent_seen_sent_again_and_revoked(cast: Cast, template: Template) -> None:
    ann = caller(cast.ann)
    grants = [{"template_id": template.template_id, "devices_limit": 2}]
    made = ann.send("POST", "team/invitations/", {"email": "noa@example.com", "role": "installer", "grants": grants})
    assert (made.status, made.data["state"]) == (201, "not sent"), "In a test no transaction ends, so no mail goes out."
    assert made.data["grants"] == [
        {"template_id": template.template_id, "until_at": None, "devices_limit": 2, "note": ""}
    ]
    path = f"team/invitations/{made.data['id']}/"
    digest = bytes(Invitation.objects.get().digest)

    assert ann.send("GET", path).data["email"] == "noa@example.com"
    assert ann.send("POST", f"{path}resend/").status == 200
    assert bytes(Invitation.objects.get().digest) != digest
    assert [ann.send("DELETE", path).status for _ in range(2)] == [204, 204]
    assert ann.send("POST", f"{path}resend/").status == 409
    assert ann.send("GET", "team/invitations/").data["results"][0]["state"] == "revoked"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a\0@example.com"}, "email"),
        ({"role": "king"}, "role"),
        ({"grants": [{"template_id": ""}]}, "grants"),
        ({"role": "installer", "grants": [{"until_at": "2020-01-01T00:00:00Z"}]}, "until"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_unusable_invitation_names_its_field(cast: Cast, change: dict[str, object], field: str) -> None:
    answer = caller(cast.alice).send("POST", "team/invitations/", {**GUEST, **change})

    assert (answer.status, answer.content_type) == (400, PROBLEM)
    assert field in [error["field"] for error in answer.data["errors"]]
    assert not Invitation.objects.exists()


def test_grant_for_another_teams_template_is_refused(cast: Cast, other_template: Template) -> None:
    grants = [{"template_id": other_template.template_id}]

    answer = caller(cast.alice).send("POST", "team/invitations/", {**GUEST, "role": "installer", "grants": grants})

    assert answer.status == 404
    assert not Invitation.objects.exists()
