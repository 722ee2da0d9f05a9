"""Logins the gateway refused: evidence for findings."""

from django.db import models
from django.db.models import Q

from devices.models.token import AuthToken
from devices.status import Refusal


class RefusedLogin(models.Model):
    """One row for each token hint, address and reason; repeats only count up, and the oldest rows are trimmed."""

    hint = models.CharField(max_length=8)
    address = models.CharField(max_length=45)
    reason = models.CharField(max_length=32, choices=[(reason.value, reason.value) for reason in Refusal])
    token = models.ForeignKey(AuthToken, on_delete=models.SET_NULL, null=True, related_name="refused_logins")
    team_id = models.BigIntegerField(null=True)
    attempts_count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hint", "address", "reason"], name="refusal_once"),
        ]
        indexes = [
            models.Index(fields=["last_at"], name="refusal_oldest_first"),
            models.Index(fields=["team_id", "-last_at"], condition=Q(team_id__isnull=False), name="refusal_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.hint}… refused: {self.reason}"
