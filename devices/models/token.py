"""The secret a device logs in with; only its digest is stored."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.teams.models import Team
from devices.models.session import ProvisioningSession
from devices.status import RevokedBecause

_ACTIVE_NOW = Q(activated_at__isnull=False) & (Q(retires_at=None) | Q(retires_at__gt=Now()))


class TokenQuerySet(models.QuerySet["AuthToken"]):
    def live(self) -> "TokenQuerySet":
        """Active tokens whose overlap is not over, and pending ones within their deadline, by the database's clock."""
        return self.filter(Q(revoked_at=None) & (_ACTIVE_NOW | Q(activated_at=None, expires_at__gt=Now())))

    def active(self) -> "TokenQuerySet":
        """Tokens that devices log in with now: each device's one, and those that a rotation lets live on."""
        return self.filter(Q(revoked_at=None) & _ACTIVE_NOW)

    def pending(self) -> "TokenQuerySet":
        return self.filter(activated_at=None, revoked_at=None)


class AuthToken(models.Model):
    """Pending until its first login, active from then on, dead once revoked.

    A pending token belongs to an open session and has a deadline; an active one belongs to a device and has none. One
    that a rotation replaced is active until `retires_at`, beside the device's new one. `device_name` is what a deleted
    device was called, for refused logins that still come with its token.
    """

    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    session = models.OneToOneField(ProvisioningSession, on_delete=models.CASCADE, null=True, related_name="token")
    device = models.ForeignKey("devices.Device", on_delete=models.SET_NULL, null=True, related_name="tokens")
    device_name = models.CharField(max_length=60, blank=True, db_default="", default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    retires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(
        max_length=16, blank=True, choices=[(reason.value, reason.value) for reason in RevokedBecause]
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["retires_at"],
                condition=Q(retires_at__isnull=False, revoked_at=None),
                name="token_retiring",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(activated_at__isnull=False, revoked_at=None, retires_at=None),
                name="device_has_one_active_token",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=False)
                | Q(activated_at=None, session__isnull=False, expires_at__isnull=False)
                | Q(activated_at__isnull=False, device__isnull=False, expires_at=None),
                name="token_pending_or_active_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hint}…"
