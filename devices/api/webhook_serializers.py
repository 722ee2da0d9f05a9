"""Webhooks and their deliveries as JSON."""

from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from devices.models import Delivery, Webhook
from devices.presenters.webhooks import state_of
from devices.webhooks import MEANINGS

WEBHOOK_EVENTS = [(event.value, meaning) for event, meaning in MEANINGS.items()]
DELIVERY_STATES = [(state, state) for state in ("delivered", "waiting", "failed")]


class NewWebhookSerializer(StrictSerializer):
    """What to make."""

    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20)


class WebhookChangeSerializer(StrictSerializer):
    """What to change; what is left out stays."""

    name = serializers.CharField(max_length=80, required=False)
    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, required=False)
    is_active = serializers.BooleanField(required=False)


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """One webhook; its secret is in the answer that made it only."""

    events = serializers.ListField(child=serializers.ChoiceField(choices=WEBHOOK_EVENTS))

    class Meta:
        model = Webhook
        fields = ("id", "name", "url", "events", "is_active", "created_by", "created_at")


class MadeWebhookSerializer(WebhookSerializer):
    """A webhook just made, with the secret that signs its deliveries."""

    secret = serializers.SerializerMethodField()

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")  # type: ignore[assignment]

    def get_secret(self, webhook: Webhook) -> str:
        return str(self.context["secret"])


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One telling of one event: what was sent, how often it was tried, and what came of it."""

    state = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = (
            "id",
            "event_id",
            "kind",
            "state",
            "attempts_count",
            "created_at",
            "last_tried_at",
            "next_try_at",
            "delivered_at",
            "status",
            "error",
            "took_ms",
            "payload",
        )

    def get_state(self, delivery: Delivery) -> str:
        return state_of(delivery)
