"""A member's permission to provision: all templates or one, optionally until a date, optionally up to N devices."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from console.teams.models.member import Member

ALL_TEMPLATES = ""
"""What a grant for every template of the team has as its template's id."""


class GrantQuerySet(models.QuerySet["Grant"]):
    def usable(self, *, now: datetime) -> "GrantQuerySet":
        """Grants neither past their date nor used up."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=now)).filter(
            Q(devices_limit=None) | Q(devices_count__lt=F("devices_limit"))
        )

    def count_device(self) -> int:
        """One more device was activated under these grants."""
        return self.update(devices_count=F("devices_count") + 1)


class Grant(models.Model):
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grants")
    template_id = models.CharField(max_length=13, blank=True, help_text="TMPL… of one template; empty: all templates.")
    until_at = models.DateTimeField(null=True, blank=True)
    devices_limit = models.PositiveIntegerField(null=True, blank=True)
    devices_count = models.PositiveIntegerField(default=0, editable=False)
    note = models.CharField(max_length=200, blank=True)
    granted_by = models.CharField(max_length=254, blank=True, db_default="", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "template_id"], name="grant_once_per_template"),
            models.CheckConstraint(
                condition=Q(devices_limit=None) | Q(devices_count__lte=F("devices_limit")), name="grant_not_overdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.template_id or 'all templates'}"

    @property
    def left_count(self) -> int | None:
        """How many devices may still be activated under it; None where it sets no limit."""
        return None if self.devices_limit is None else max(0, self.devices_limit - self.devices_count)

    def is_usable(self, now: datetime) -> bool:
        """Whether it permits anything at `now`: neither past its date nor used up."""
        return not self.is_over(now) and self.left_count != 0

    def is_over(self, now: datetime) -> bool:
        return self.until_at is not None and self.until_at <= now
