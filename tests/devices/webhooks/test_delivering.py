"""From what happens to what the receiver gets, through the tasks that the worker runs."""

import hashlib
import hmac
import json
from typing import Any

from django.db import transaction

from console.kit.outgoing import Answer
from console.teams.models import AuditEntry
from devices import tasks
from devices.actions import activation, deliveries, failures, presence, sessions, webhooks
from devices.actions import devices as device_actions
from devices.actions.values import Attach, Claim, Detach
from devices.models import Delivery, Device, OutboxEvent, Webhook
from devices.webhooks import RETRY_AFTER
from templates_app.models import Template
from tests.cast import Cast, make_device
from tests.devices.webhooks.receiver import Call, Receiver


def told(there: Receiver) -> list[Call]:
    """What the receiver has got once the worker has done its round."""
    tasks.send_webhooks()
    return there.calls


def events_of(calls: list[Call]) -> list[str]:
    return sorted(call.body["event"] for call in calls)


def overdue(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at="2020-01-01T00:00:00Z")


def test_activation_is_told_with_its_device_session_and_template(
    webhook: Webhook, there: Receiver, template: Template, cast: Cast
) -> None:
    device = make_device(template, cast.alice)
    (call,) = told(there)
    assert call.body["event"] == call.headers["Landfall-Event"] == "device.activated"
    assert call.body["device"] == {"id": device.pk, "name": device.name, "template_id": template.template_id}
    assert call.body["session"]["id"] == device.activation_id
    assert call.body["by"] == "Alice"
    assert call.body["id"] == call.headers["Landfall-Delivery"]


def test_signature_is_made_of_time_and_body_with_the_secret(webhook: Webhook, there: Receiver, device: Device) -> None:
    (call,) = told(there)
    moment, found = (part.partition("=")[2] for part in call.headers["Landfall-Signature"].split(","))
    made = hmac.new(webhooks.secret_of(webhook).encode(), f"{moment}.".encode() + call.raw, hashlib.sha256)
    assert hmac.compare_digest(found, made.hexdigest())


def test_every_event_that_can_be_chosen_is_told(
    webhook: Webhook, there: Receiver, template: Template, cast: Cast
) -> None:
    device = make_device(template, cast.alice)
    presence.attach([Attach(device.pk, 7, "g", "192.0.2.7", 60)])
    presence.detach([Detach(device.pk, 7, "it left")])
    device_actions.rename(device=device, name="Tap", by=cast.dan)
    again = sessions.open_session(template=template, by=cast.alice, device=device)
    activation.activate([Claim(again.session.token.pk, "192.0.2.7")])
    wrong = sessions.open_session(template=template, by=cast.alice)
    activation.activate([Claim(wrong.session.token.pk, "192.0.2.7", "TMPLother0000")])
    late = sessions.open_session(template=template, by=cast.alice).session
    with transaction.atomic():
        failures.expire(late)
    sessions.cancel(session=sessions.open_session(template=template, by=cast.alice).session)
    device_actions.delete(device=device, by=cast.alice)
    found = events_of(told(there))
    assert found == [
        "device.activated",
        "device.deleted",
        "device.offline",
        "device.online",
        "device.reconfigured",
        "device.renamed",
        "session.cancelled",
        "session.expired",
        "session.failed",
    ]
    deleted = next(call.body for call in there.calls if call.body["event"] == "device.deleted")
    assert deleted["device"]["name"] == "Tap"
    failed = next(call.body for call in there.calls if call.body["event"] == "session.failed")
    assert failed["finding"]["code"] == "template_mismatch"


def test_only_chosen_events_of_the_own_team_are_told(
    webhook: Webhook, there: Receiver, template: Template, other_template: Template, cast: Cast
) -> None:
    webhooks.change(webhook=webhook, by=cast.alice, events=["device.deleted"])
    make_device(template, cast.alice)
    make_device(other_template, cast.sam)
    assert not OutboxEvent.objects.exists()
    assert told(there) == []


def test_a_transaction_that_fails_tells_nothing(webhook: Webhook, there: Receiver, device: Device, cast: Cast) -> None:
    told(there).clear()
    with transaction.atomic():
        device_actions.rename(device=device, name="Tap", by=cast.alice)
        transaction.set_rollback(True)
    assert told(there) == []


def test_refused_delivery_is_tried_again_with_longer_waits_and_then_given_up(
    webhook: Webhook, there: Receiver, device: Device
) -> None:
    there.status = 500
    told(there)
    delivery = Delivery.objects.get()
    waits = []
    for _ in RETRY_AFTER:
        assert delivery.next_try_at is not None
        assert delivery.last_tried_at is not None
        waits.append(round((delivery.next_try_at - delivery.last_tried_at).total_seconds()))
        overdue(delivery)
        tasks.send_webhooks()
        delivery.refresh_from_db()
    assert delivery.next_try_at is None
    assert delivery.delivered_at is None
    assert (delivery.status, delivery.error) == (500, "The server answered 500.")
    assert delivery.attempts_count == len(there.calls) == len(RETRY_AFTER) + 1
    assert all(abs(wait - again.total_seconds()) <= 2 for wait, again in zip(waits, RETRY_AFTER, strict=True))
    assert {call.headers["Landfall-Delivery"] for call in there.calls} == {str(delivery.event_id)}


def test_delivery_that_is_taken_at_last_is_settled(webhook: Webhook, there: Receiver, device: Device) -> None:
    there.status = 503
    told(there)
    there.status = 204
    overdue(Delivery.objects.get())
    tasks.send_webhooks()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.error, delivery.next_try_at) == (204, "", None)
    assert delivery.delivered_at is not None
    tasks.send_webhooks()
    assert len(there.calls) == 2


def test_worker_that_dies_between_claim_and_answer_leaves_the_delivery_to_the_next(
    webhook: Webhook, there: Receiver, device: Device
) -> None:
    deliveries.fan_out(limit=10)
    (claimed,) = deliveries.claim(limit=10)
    assert deliveries.claim(limit=10) == []
    overdue(claimed)
    (call,) = told(there)
    assert call.body["event"] == "device.activated"
    deliveries.settle([(claimed, Answer(None, "late", 1))])
    assert Delivery.objects.get().delivered_at is not None


def test_redirects_are_not_followed(webhook: Webhook, there: Receiver, device: Device) -> None:
    there.status, there.location = 302, f"http://127.0.0.1:{there.port}/elsewhere"
    told(there)
    assert len(there.calls) == 1
    assert Delivery.objects.get().error == "The server answered 302, a redirect, which is not followed."


def test_server_that_never_answers_costs_its_time_and_no_more(
    webhook: Webhook, there: Receiver, device: Device, settings: Any
) -> None:
    settings.WEBHOOK_TIMEOUT_SECONDS = 0.2
    there.is_mute = True
    told(there)
    assert Delivery.objects.get().error == "No answer in time."


def test_switched_off_webhook_forgets_what_waited(
    webhook: Webhook, there: Receiver, device: Device, cast: Cast
) -> None:
    deliveries.fan_out(limit=10)
    webhooks.change(webhook=webhook, by=cast.alice, is_active=False)
    assert told(there) == []
    make_device(device.template, cast.alice)
    assert not OutboxEvent.objects.exists()
    webhooks.send_test(webhook=webhook, by=cast.alice)
    assert events_of(told(there)) == ["webhook.test"]


def test_resent_delivery_has_the_body_of_the_first(
    webhook: Webhook, there: Receiver, device: Device, cast: Cast
) -> None:
    told(there)
    webhooks.resend(delivery=Delivery.objects.select_related("webhook__team").get(), by=cast.ann)
    first, second = told(there)
    assert second.body["id"] == first.body["id"]
    assert second.body["delivery"] != first.body["delivery"]
    assert AuditEntry.objects.filter(kind="webhook.resent", actor="Ann").exists()


def test_another_secret_signs_from_then_on(webhook: Webhook, there: Receiver, device: Device, cast: Cast) -> None:
    before = webhooks.secret_of(webhook)
    made = webhooks.rotate_secret(webhook=webhook, by=cast.alice)
    assert made.secret != before
    (call,) = told(there)
    moment, found = (part.partition("=")[2] for part in call.headers["Landfall-Signature"].split(","))
    signed = hmac.new(made.secret.encode(), f"{moment}.".encode() + call.raw, hashlib.sha256)
    assert found == signed.hexdigest()


def test_no_secret_is_in_the_body_or_in_the_database(webhook: Webhook, there: Receiver, device: Device) -> None:
    (call,) = told(there)
    secret = webhooks.secret_of(webhook)
    assert secret not in json.dumps(call.body) + json.dumps(call.headers)
    assert secret.encode() not in bytes(Webhook.objects.get().salt)
