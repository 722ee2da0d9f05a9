"""A team that requires two factors: who has one goes on, who has not can only set it up."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from console.teams.models import AuditEntry, Member, Team
from console.teams.permissions import Role
from tests.cast import PASSWORD, Cast, note_sign_in, signed_in
from tests.console.api.caller import caller
from tests.selectors import one, texts, words

PLACE = "/team/settings/two-factors/"


def protect(member: Member) -> None:
    TOTP.activate(member.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")


@pytest.fixture
def strict(cast: Cast) -> Cast:
    Team.objects.filter(pk=cast.team.pk).update(requires_two_factors=True)
    return cast


def test_owner_with_a_factor_requires_them_and_leaves_it_again(cast: Cast) -> None:
    protect(cast.alice)
    browser = signed_in(cast.alice)
    browser.post(PLACE, {"required": "yes"})
    cast.team.refresh_from_db()
    assert cast.team.requires_two_factors
    browser.post(PLACE, {"required": "no"})
    cast.team.refresh_from_db()
    assert not cast.team.requires_two_factors
    kinds = [kind for kind in AuditEntry.objects.order_by("pk").values_list("kind", flat=True) if "two" in kind]
    assert kinds == ["two_factors.required", "two_factors.optional"]


def test_owner_without_a_factor_cannot_require_them(cast: Cast) -> None:
    response = signed_in(cast.alice).post(PLACE, {"required": "yes"}, follow=True)
    assert "Set up a second factor for yourself first" in texts(response, ".toast")[0]
    assert not Team.objects.filter(requires_two_factors=True).exists()


def test_admin_cannot_require_them(cast: Cast) -> None:
    protect(cast.ann)
    assert signed_in(cast.ann).post(PLACE, {"required": "yes"}).status_code == 403


def test_requiring_them_asks_for_the_password_after_a_while_and_then_goes_on(cast: Cast) -> None:
    protect(cast.alice)
    browser = signed_in(cast.alice)
    note_sign_in(browser, cast.alice.user, at=time.time() - 600)
    asked = browser.post(PLACE, {"required": "yes"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": PLACE})
    cast.team.refresh_from_db()
    assert cast.team.requires_two_factors


@pytest.mark.parametrize("page", ["/overview/", "/devices/", "/templates/new/", "/team/", "/palette/?q=a"])
def test_member_without_a_factor_is_sent_to_set_one_up(strict: Cast, page: str) -> None:
    response = signed_in(strict.dan).get(page)
    assert response["Location"] == "/accounts/2fa/"
    told = signed_in(strict.dan).get("/accounts/2fa/")
    assert words(one(told, ".notice-title")) == "Greenhouse requires two factors"


def test_fragment_sends_the_whole_page_to_set_one_up(strict: Cast) -> None:
    response = signed_in(strict.dan).get("/palette/?q=a", headers={"hx-request": "true"})
    assert response["HX-Redirect"] == "/accounts/2fa/"


def test_nothing_is_changed_without_a_factor(strict: Cast) -> None:
    response = signed_in(strict.alice).post(PLACE, {"required": "no"})
    assert response["Location"] == "/accounts/2fa/"
    assert Team.objects.get(pk=strict.team.pk).requires_two_factors


def test_member_with_a_factor_goes_on(strict: Cast) -> None:
    protect(strict.dan)
    assert signed_in(strict.dan).get("/devices/").status_code == 200


def test_recovery_codes_are_no_factor(strict: Cast) -> None:
    RecoveryCodes.activate(strict.dan.user)
    assert signed_in(strict.dan).get("/devices/")["Location"] == "/accounts/2fa/"


def test_other_teams_of_the_person_stay_open(strict: Cast) -> None:
    other = Member.objects.create(team=strict.sam.team, user=strict.dan.user, role=Role.VIEWER.value)
    browser = signed_in(strict.dan)
    assert browser.get("/team/switch/").status_code == 200
    browser.post("/team/switch/", {"team": other.team_id})
    assert browser.get("/devices/").status_code == 200


def test_key_of_a_member_without_a_factor_is_refused(strict: Cast) -> None:
    refused = caller(strict.dan).get("devices/")
    assert refused.status == 403
    assert refused.data["type"] == "urn:landfall:problem:two_factors_required"
    assert "under Account, Two factors" in refused.data["detail"]
    protect(strict.dan)
    assert caller(strict.dan).get("devices/").status == 200


def test_signed_out_visitor_is_sent_to_sign_in_as_ever(strict: Cast) -> None:
    assert Client().get("/devices/")["Location"].startswith("/accounts/login/")
