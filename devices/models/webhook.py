"""Webhooks: where a team is told what happened, and each telling of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.teams.models import Team


class Webhook(models.Model):
    """The secret it signs with is worked out from `salt` and the installation's key (`devices.actions.webhooks`)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    salt = models.BinaryField(max_length=16, editable=False)
    events = ArrayField(models.CharField(max_length=40), default=list)
    is_active = models.BooleanField(default=True)
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="webhook_newest_first")]

    def __str__(self) -> str:
        return self.name


class OutboxEvent(models.Model):
    """Something that happened and has to be told, written in the transaction in which it happened."""

    team_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.kind} of team {self.team_id}"


class Delivery(models.Model):
    """One event for one webhook: tried until it is taken, or given up. `next_try_at` is null once it is settled."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    next_try_at = models.DateTimeField(null=True)
    attempts_count = models.PositiveIntegerField(default=0)
    last_tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    took_ms = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event_id"], name="delivery_once_per_event")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="delivery_due"),
            models.Index(fields=["webhook", "-id"], name="delivery_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to webhook {self.webhook_id}"
