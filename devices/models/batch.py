"""Provisioning sessions opened together, for a list of devices."""

from django.db import models
from django.db.models.functions import Now

from console.teams.models import Member, Team
from templates_app.models import Template


class Batch(models.Model):
    """`devices_count` sessions of one template, with one deadline."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="batches")
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="batches")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="batches")
    opened_by = models.CharField(max_length=254)
    request_id = models.UUIDField(null=True)
    note = models.CharField(max_length=200, blank=True)
    devices_count = models.PositiveIntegerField()
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "-id"], name="batch_newest_first")]
        constraints = [models.UniqueConstraint(fields=["member", "request_id"], name="batch_once_per_request")]

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.devices_count} devices"

    @property
    def label(self) -> str:
        """What people call it."""
        return f"Batch {self.pk}"
