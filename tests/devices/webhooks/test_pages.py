"""Pages of webhooks, and of the mails a member gets."""

import pytest
from django.test import Client

from console.teams.models import AuditEntry, Member
from devices.actions import webhooks
from devices.models import Delivery, Webhook
from tests.cast import Cast, signed_in
from tests.devices.webhooks.receiver import Receiver

NEW = {"name": "Stock system", "url": "https://93.184.215.14/hook", "events": ["device.activated"]}


def make(browser: Client, **changes: object) -> Webhook:
    response = browser.post("/team/webhooks/new/", NEW | changes)
    assert response.status_code == 200, response.text
    return Webhook.objects.get()


def test_secret_is_shown_once(cast: Cast) -> None:
    browser = signed_in(cast.alice)
    response = browser.post("/team/webhooks/new/", NEW)
    webhook = Webhook.objects.get()
    assert webhooks.secret_of(webhook) in response.text
    assert "no-store" in response["Cache-Control"]
    assert webhooks.secret_of(webhook) not in browser.get(f"/team/webhooks/{webhook.pk}/").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Give the webhook a name"),
        ({"name": "a" * 81}, "1 to 80 characters"),
        ({"name": "a\x00b"}, "characters"),
        ({"url": "http://127.0.0.1/"}, "private network"),
        ({"url": "nothing"}, "starts with https://"),
        ({"events": []}, "Choose at least one event"),
        ({"events": ["webhook.test"]}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(cast: Cast, changes: dict[str, object], sentence: str) -> None:
    response = signed_in(cast.alice).post("/team/webhooks/new/", NEW | changes)
    assert response.status_code == 422
    assert sentence in response.text
    assert not Webhook.objects.exists()


def test_edit_changes_and_tells_the_audit_log_which_fields(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    webhook = make(browser)
    browser.post(f"/team/webhooks/{webhook.pk}/edit/", NEW | {"name": "Other"})
    webhook.refresh_from_db()
    assert (webhook.name, webhook.is_active) == ("Other", False)
    entry = AuditEntry.objects.get(kind="webhook.changed")
    assert entry.detail == {"webhook": webhook.pk, "changed": ["is_active", "name"]}


def test_delete_asks_for_the_name(cast: Cast) -> None:
    browser = signed_in(cast.alice)
    webhook = make(browser)
    assert browser.post(f"/team/webhooks/{webhook.pk}/delete/", {"confirm": "stock"}).status_code == 422
    assert browser.post(f"/team/webhooks/{webhook.pk}/delete/", {"confirm": webhook.name}).status_code == 302
    assert not Webhook.objects.exists()


def test_log_refreshes_itself_and_equals_the_page(webhook: Webhook, there: Receiver, cast: Cast) -> None:
    webhooks.send_test(webhook=webhook, by=cast.alice)
    browser = signed_in(cast.alice)
    whole = browser.get(f"/team/webhooks/{webhook.pk}/").text
    piece = browser.get(f"/team/webhooks/{webhook.pk}/", headers={"hx-request": "true"}).text
    assert "webhook.test" in piece
    without_tokens = [line for line in piece.splitlines() if "csrf" not in line and line.strip()]
    assert all(line in whole for line in without_tokens)


def test_resend_makes_another_delivery(webhook: Webhook, cast: Cast) -> None:
    delivery = webhooks.send_test(webhook=webhook, by=cast.alice)
    response = signed_in(cast.dan).post(f"/team/webhooks/{webhook.pk}/deliveries/{delivery.pk}/resend/")
    assert response.status_code == 302
    assert Delivery.objects.count() == 2


def test_limit_of_a_team(cast: Cast, settings: object) -> None:
    settings.WEBHOOKS_PER_TEAM = 1  # type: ignore[attr-defined]
    browser = signed_in(cast.alice)
    make(browser)
    response = browser.post("/team/webhooks/new/", NEW)
    assert "at most 1 webhooks" in response.text
    assert Webhook.objects.count() == 1


@pytest.mark.parametrize("name", ["ines", "vic"])
def test_who_may_not_is_told_the_permission(webhook: Webhook, cast: Cast, name: str) -> None:
    browser = signed_in(cast.member(name))
    for page in ("", "new/", f"{webhook.pk}/", f"{webhook.pk}/edit/"):
        response = browser.get(f"/team/webhooks/{page}")
        assert response.status_code == 403
        assert "manage webhooks" in response.text
    assert browser.post(f"/team/webhooks/{webhook.pk}/test/").status_code == 403
    assert not Delivery.objects.exists()


def test_stranger_finds_no_delivery_of_another_webhook(webhook: Webhook, cast: Cast) -> None:
    delivery = webhooks.send_test(webhook=webhook, by=cast.alice)
    browser = signed_in(cast.sam)
    assert browser.post("/team/webhooks/new/", NEW).status_code == 200
    own = Webhook.objects.get(team=cast.sam.team)
    assert browser.post(f"/team/webhooks/{own.pk}/deliveries/{delivery.pk}/resend/").status_code == 404
    assert browser.get(f"/team/webhooks/{webhook.pk}/").status_code == 404


def test_member_chooses_their_mails(cast: Cast) -> None:
    browser = signed_in(cast.vic)
    browser.post("/team/webhooks/mails/", {})
    assert not Member.objects.get(pk=cast.vic.pk).mails_session_ends
    browser.post("/team/webhooks/mails/", {"mails": "on"})
    assert Member.objects.get(pk=cast.vic.pk).mails_session_ends
