"""The owner of templates and devices."""

from django.db import models
from django.db.models.functions import Now


class Team(models.Model):
    name = models.CharField(max_length=80)
    timeline_days = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the installation's default.")
    readings_days = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the installation's default.")
    audit_days = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: the installation's default.")
    requires_two_factors = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.name
