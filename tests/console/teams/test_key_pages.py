"""API keys, made and revoked by pages and by the API."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from console.kit import server_time
from console.teams.actions import api_keys
from console.teams.models import ApiKey, AuditEntry, Grant, Member
from console.teams.permissions import Permission, Role
from tests.cast import Cast, signed_in
from tests.console.api.caller import Caller, caller
from tests.selectors import has, one, text_of, texts

pytestmark = pytest.mark.django_db
NEW = reverse("teams:key-new")
LIST = reverse("teams:keys")
SENT = {"name": "Line 2", "permissions": ["view templates and devices"], "days": "30"}


def made_by_page(member: Member, **changes: Any) -> str:
    """Make a key; returns the secret that the answer shows."""
    response = signed_in(member).post(NEW, SENT | changes)
    assert response.status_code == 200, text_of(response)
    assert "no-store" in response["Cache-Control"]
    return str(one(response, "#copy-api-key")["value"])


def test_secret_is_shown_once_with_a_call_to_try(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    response = browser.post(NEW, SENT)
    secret = str(one(response, "#copy-api-key")["value"])
    assert re.fullmatch(r"lfk_[0-9A-Za-z]{28}", secret)
    assert f"Bearer {secret}" in text_of(response, "#key-curl")
    assert Caller(secret).send("GET", "devices/").status == 200
    listed = browser.get(LIST).text
    assert secret not in listed
    assert secret[:8] in listed


def test_key_does_what_was_chosen_and_no_more(cast: Cast) -> None:
    key = Caller(made_by_page(cast.dan))
    refused = key.send("POST", "templates/", {"name": "Pump", "board": "esp32"})
    assert (refused.status, refused.data["permission"]) == (403, "edit templates")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Give the key a name"),
        ({"name": "a" * 81}, "1 to 80 characters"),
        ({"permissions": []}, "Choose at least one permission"),
        ({"permissions": ["manage members"]}, "not one of the available choices"),
        ({"days": "0"}, "not one of the available choices"),
        ({"days": "date", "expires_on": ""}, "Give the last day"),
        ({"days": "date", "expires_on": "2020-01-01"}, "expires in the future"),
        ({"days": "date", "expires_on": "x"}, "year, month and day"),
        ({"days": "date", "expires_on": "9999-12-31"}, "expires in the future"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    response = signed_in(cast.dan).post(NEW, SENT | changes)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not ApiKey.objects.exists()


def test_key_works_through_its_last_day(cast: Cast) -> None:
    day = (server_time.now() + timedelta(days=5)).date()
    made_by_page(cast.dan, days="date", expires_on=day.isoformat())
    after = day + timedelta(days=1)
    assert ApiKey.objects.get().expires_at == datetime(after.year, after.month, after.day, tzinfo=UTC)


def test_form_offers_what_the_maker_may_and_90_days(cast: Cast) -> None:
    page = signed_in(cast.dan).get(NEW)
    offered = {str(box["value"]) for box in one(page, "form.form").select("[name=permissions]")}
    assert offered == {permission.value for permission in Permission if cast.dan.may(permission)}
    assert one(page, "[name=days] option[selected]")["value"] == "90"


def test_submitting_twice_makes_one_key(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    sent = SENT | {"request_id": str(uuid4())}
    browser.post(NEW, sent)
    assert browser.post(NEW, sent)["Location"] == LIST
    assert ApiKey.objects.count() == 1


def test_revoked_key_is_refused_at_its_next_call(cast: Cast) -> None:
    key = Caller(made_by_page(cast.dan))
    assert key.send("GET", "devices/").status == 200
    browser, address = signed_in(cast.dan), reverse("teams:key-revoke", args=[ApiKey.objects.get().pk])
    assert "cannot be undone" in text_of(browser.get(address))
    assert browser.post(address)["Location"] == LIST
    assert key.send("GET", "devices/").status == 401
    browser.post(address)
    assert "revoked already" in text_of(browser.get(LIST))
    assert AuditEntry.objects.filter(kind="api_key.revoked", actor="Dan").count() == 1


def test_keys_of_others_are_revoked_by_who_manages_members(cast: Cast) -> None:
    key = api_keys.create(member=cast.alice, name="Alice's").key
    own = api_keys.create(member=cast.dan, name="Dan's").key
    page = signed_in(cast.dan).get(LIST)
    assert has(page, f'a[href="{reverse("teams:key-revoke", args=[own.pk])}"]')
    assert not has(page, f'a[href="{reverse("teams:key-revoke", args=[key.pk])}"]')
    assert signed_in(cast.dan).post(reverse("teams:key-revoke", args=[key.pk])).status_code == 403
    assert signed_in(cast.ann).post(reverse("teams:key-revoke", args=[key.pk])).status_code == 302


def test_list_tells_where_a_key_was_last_used(cast: Cast) -> None:
    Caller(made_by_page(cast.dan)).send("GET", "devices/")
    row = text_of(signed_in(cast.ann).get(LIST), "tbody tr")
    assert "127.0.0.1" in row
    assert "view templates and devices" in row


def test_key_dies_with_its_makers_membership_and_role(cast: Cast) -> None:
    key = Caller(made_by_page(cast.dan, permissions=["view templates and devices", "edit templates"]))
    Member.objects.filter(pk=cast.dan.pk).update(role=Role.VIEWER)
    assert key.send("POST", "templates/", {"name": "Pump", "board": "esp32"}).status == 403
    assert key.send("GET", "devices/").status == 200
    cast.dan.delete()
    assert key.send("GET", "devices/").status == 401


class TestApi:
    def test_key_makes_a_key_no_wider_than_itself(self, cast: Cast) -> None:
        narrow = api_keys.create(
            member=cast.dan, name="n", permissions=[Permission.MANAGE_KEYS.value, Permission.VIEW.value]
        ).secret
        assert narrow is not None
        key = Caller(narrow)
        refused = key.send("POST", "api-keys/", {"name": "wide", "permissions": ["edit templates"]})
        assert (refused.status, refused.data["errors"][0]["field"]) == (400, "permissions")
        made = key.send("POST", "api-keys/", {"name": "same"})
        assert made.status == 201
        assert set(made.data["permissions"]) == {"manage API keys", "view templates and devices"}
        assert Caller(made.data["secret"]).send("GET", "devices/").status == 200

    def test_repeated_request_answers_without_the_secret(self, cast: Cast) -> None:
        dan, name = caller(cast.dan), str(uuid4())
        first = dan.send("POST", "api-keys/", {"name": "a"}, idempotency_key=name)
        again = dan.send("POST", "api-keys/", {"name": "a"}, idempotency_key=name)
        assert (first.status, again.status) == (201, 200)
        assert again.data["secret"] is None
        assert again.data["id"] == first.data["id"]

    def test_key_that_manages_keys_alone_lists_them(self, cast: Cast) -> None:
        key = Caller(api_keys.create(member=cast.dan, name="k", permissions=["manage API keys"]).secret)
        assert key.send("GET", "api-keys/").status == 200
        assert key.send("GET", "devices/").status == 403

    def test_list_shows_no_secret_and_tells_the_state(self, cast: Cast) -> None:
        answer = caller(cast.dan).send("GET", "api-keys/")
        (row,) = answer.data["results"]
        assert row["state"] == "active"
        assert "secret" not in row

    def test_revoking_itself_ends_it(self, cast: Cast) -> None:
        dan = caller(cast.dan)
        assert dan.send("DELETE", f"api-keys/{ApiKey.objects.get().pk}/").status == 204
        assert dan.send("GET", "devices/").status == 401

    @pytest.mark.parametrize("days", [0, -1, 3651, 10**12])
    def test_lifetime_has_bounds(self, cast: Cast, days: int) -> None:
        answer = caller(cast.dan).send("POST", "api-keys/", {"name": "a", "days": days})
        assert (answer.status, answer.data["errors"][0]["field"]) == (400, "days")


def test_installers_key_provisions_with_the_installers_grant(cast: Cast, template: Any) -> None:
    secret = api_keys.create(member=cast.ines, name="i", permissions=[Permission.PROVISION.value]).secret
    assert secret is not None
    key = Caller(secret)
    body = {"template_id": template.template_id}
    assert key.send("POST", "provisioning-sessions/", body).status == 403
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    assert key.send("POST", "provisioning-sessions/", body).status == 201


def test_list_is_paged_and_costs_the_same_for_many(
    cast: Cast, settings: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    settings.PAGE_SIZE = 3
    for number in range(8):
        api_keys.create(member=cast.dan, name=f"Line {number}", permissions=[Permission.VIEW.value], days=30)
    browser = signed_in(cast.dan)
    with django_assert_max_num_queries(7):
        first = browser.get(LIST)
    assert "8 keys" in text_of(first)
    assert texts(first, "tbody th") == ["Line 7", "Line 6", "Line 5"]
    older = browser.get(LIST + str(one(first, 'a[rel="next"]')["href"]))
    assert texts(older, "tbody th") == ["Line 4", "Line 3", "Line 2"]
