"""A secret for scripts; it acts as the member who made it and dies with the membership."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.teams.models.member import Member
from console.teams.permissions import Permission


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self, *, now: datetime) -> "ApiKeyQuerySet":
        return self.filter(revoked_at=None, member__user__is_active=True).filter(
            Q(expires_at=None) | Q(expires_at__gt=now)
        )


class ApiKey(models.Model):
    """`permissions` are the values of those that were chosen; null means all that the member's role carries.

    What a key may do is what is in both: the chosen ones and the role as it is now.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    permissions = ArrayField(models.CharField(max_length=40), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    last_used_from = models.CharField(max_length=45, blank=True, db_default="", editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=254, blank=True, db_default="", editable=False)

    request_id = models.UUIDField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "request_id"], name="api_key_once_per_request"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def chosen(self) -> frozenset[Permission] | None:
        """The permissions that were chosen, of those that there are; None where all of the role were."""
        if self.permissions is None:
            return None
        return frozenset(permission for permission in Permission if permission.value in self.permissions)

    def acting_member(self) -> Member:
        """The maker, who may do no more than was chosen for this key: what every access function takes."""
        self.member.narrowed_to = self.chosen
        return self.member

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now
