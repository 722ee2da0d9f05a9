"""An invitation by e-mail to join a team; only the invited address can accept it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from console.teams.models.member import Member
from console.teams.models.team import Team
from console.teams.permissions import Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked, whether past their date or not."""
        return self.filter(accepted_at=None, revoked_at=None)

    def live(self, *, now: datetime) -> "InvitationQuerySet":
        """Those that can be accepted at `now`."""
        return self.pending().filter(expires_at__gt=now)


class Invitation(models.Model):
    """`grants` are what the member is given on joining: {template_id, until_at, devices_limit, note} each."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=12, choices=[(role.value, role.label) for role in Role])
    grants = models.JSONField(default=list)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    inviter = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    invited_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["email"], name="invitation_of_email")]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_once_per_address",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.team}"
