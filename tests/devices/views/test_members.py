"""The page of a member, and what is done there."""

import pytest
from django.test import Client
from pytest_django.asserts import assertRedirects

from console.teams.models import Member
from console.teams.permissions import Role
from tests.cast import Cast, make_user, signed_in
from tests.selectors import has, one, texts, words


def page(member: Member, act: str = "") -> str:
    return f"/team/members/{member.pk}/{act}"


def role_of(member: Member) -> str | None:
    return Member.objects.filter(pk=member.pk).values_list("role", flat=True).first()


@pytest.mark.parametrize("name", ["alice", "ann", "dan", "ines", "vic"])
def test_every_teammate_sees_who_it_is(cast: Cast, name: str) -> None:
    response = signed_in(cast.member(name)).get(page(cast.dan))

    assert "dan@example.com" in texts(response, "dd")
    assert "May view templates and devices" in words(one(response, ".card-foot"))
    assert has(response, "input[name=role]") == (name in {"alice", "ann"})


def test_roles_to_choose_are_those_one_may_give(cast: Cast) -> None:
    def values(by: Member) -> list[str]:
        return [str(found) for found in texts(signed_in(by).get(page(cast.dan)), "input[name=role] + span .strong")]

    assert values(cast.alice) == ["Owner", "Admin", "Developer", "Installer", "Viewer"]
    assert values(cast.ann) == ["Admin", "Developer", "Installer", "Viewer"]


def test_admin_is_offered_nothing_for_an_owner(cast: Cast) -> None:
    response = signed_in(cast.ann).get(page(cast.alice))

    assert not has(response, "input[name=role], .btn-danger, [href$='transfer/']")


def test_role_is_changed_and_said(cast: Cast) -> None:
    response = signed_in(cast.ann).post(page(cast.dan, "role/"), {"role": "installer"}, follow=True)

    assert role_of(cast.dan) == Role.INSTALLER
    assert "Dan is an installer now." in words(one(response, ".toast"))


@pytest.mark.parametrize("role", ["", "king", "\0", "OWNER", "😀" * 200])
def test_unknown_role_is_refused(cast: Cast, role: str) -> None:
    response = signed_in(cast.alice).post(page(cast.dan, "role/"), {"role": role})

    assert response.status_code == 422
    assert role_of(cast.dan) == Role.DEVELOPER


def test_last_owner_is_told_what_to_do_first(cast: Cast) -> None:
    browser = signed_in(cast.alice)

    demoted = browser.post(page(cast.alice, "role/"), {"role": "admin"})
    left = browser.post("/team/members/leave/", {"confirm": "Greenhouse"})

    assert (demoted.status_code, left.status_code) == (409, 409)
    assert "Make somebody else an owner first" in words(one(demoted, "[role=alert]"))
    assert "Make somebody else an owner first" in words(one(left, ".field-error"))
    assert role_of(cast.alice) == Role.OWNER


@pytest.mark.parametrize(
    ("name", "target", "act", "sent"),
    [
        ("ann", "alice", "role/", {"role": "viewer"}),
        ("ann", "dan", "role/", {"role": "owner"}),
        ("ann", "alice", "remove/", {"confirm": "alice@example.com"}),
        ("ann", "dan", "transfer/", {"confirm": "dan@example.com"}),
        ("dan", "vic", "role/", {"role": "installer"}),
        ("dan", "vic", "remove/", {"confirm": "vic@example.com"}),
        ("vic", "vic", "role/", {"role": "owner"}),
    ],
)
def test_those_who_may_not_are_refused_by_name(
    cast: Cast, name: str, target: str, act: str, sent: dict[str, str]
) -> None:
    response = signed_in(cast.member(name)).post(page(cast.member(target), act), sent)

    assert response.status_code == 403
    missing = "manage members" if name in {"dan", "vic"} else "manage the team"
    assert missing in words(one(response, ".plain-lead"))
    assert role_of(cast.member(target)) == cast.member(target).role


@pytest.mark.parametrize("act", ["", "role/", "remove/", "transfer/"])
def test_member_of_another_team_is_404(cast: Cast, act: str) -> None:
    method = "post" if act == "role/" else "get"

    assert getattr(signed_in(cast.sam), method)(page(cast.dan, act)).status_code == 404
    assert getattr(signed_in(cast.alice), method)(page(cast.sam, act)).status_code == 404


def test_removal_says_what_goes_and_asks_for_the_address(cast: Cast) -> None:
    browser = signed_in(cast.ann)
    asked = browser.get(page(cast.dan, "remove/"))
    assert len(texts(asked, ".confirm-goes li")) == 4
    assert len(texts(asked, ".confirm-list:not(.confirm-goes) li")) == 3

    refused = browser.post(page(cast.dan, "remove/"), {"confirm": "Dan"})
    assert (refused.status_code, role_of(cast.dan)) == (422, Role.DEVELOPER)

    assertRedirects(browser.post(page(cast.dan, "remove/"), {"confirm": " dan@example.com "}), "/team/")
    assert role_of(cast.dan) is None
    assert browser.post(page(cast.dan, "remove/"), {"confirm": "dan@example.com"}).status_code == 404


def test_removing_oneself_is_leaving(cast: Cast) -> None:
    assertRedirects(signed_in(cast.ann).get(page(cast.ann, "remove/")), "/team/members/leave/")


def test_leaving_asks_for_the_teams_name(cast: Cast) -> None:
    browser = signed_in(cast.vic)

    assert browser.post("/team/members/leave/", {"confirm": "greenhouse"}).status_code == 422
    assert role_of(cast.vic) == Role.VIEWER

    page_after = browser.post("/team/members/leave/", {"confirm": "Greenhouse"}, follow=True)
    assert role_of(cast.vic) is None
    assert words(one(page_after, "h1")) == "Start a team"


def test_team_is_handed_over_once_the_address_is_typed(cast: Cast) -> None:
    browser = signed_in(cast.alice)
    assert browser.post(page(cast.dan, "transfer/"), {"confirm": "no"}).status_code == 422

    assertRedirects(browser.post(page(cast.dan, "transfer/"), {"confirm": "dan@example.com"}), "/team/")
    assert (role_of(cast.dan), role_of(cast.alice)) == (Role.OWNER, Role.ADMIN)
    assert browser.get(page(cast.ann, "transfer/")).status_code == 403


def test_closed_account_is_not_handed_the_team(cast: Cast) -> None:
    cast.dan.user.is_active = False
    cast.dan.user.save()

    response = signed_in(cast.alice).post(page(cast.dan, "transfer/"), {"confirm": "dan@example.com"})

    assert response.status_code == 400
    assert "account is closed" in words(one(response, ".field-error"))


def test_forms_carry_their_token(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.alice.user)

    assert browser.post(page(cast.dan, "role/"), {"role": "viewer"}).status_code == 403
    assert browser.post("/team/switch/", {"team": cast.team.pk}).status_code == 403
    assert role_of(cast.dan) == Role.DEVELOPER


def test_name_of_a_person_stays_text(cast: Cast) -> None:
    cast.dan.user.name = "<b>Dan</b>"
    cast.dan.user.save()

    assert not has(signed_in(cast.alice).get(page(cast.dan)), "main b")
    assert make_user("other").label == "Other"
