"""A member's request to those who can give it: permission to provision a template, or all of them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.teams.models.member import Member


class GrantRequestQuerySet(models.QuerySet["GrantRequest"]):
    def waiting(self) -> "GrantRequestQuerySet":
        """Those nobody has decided yet."""
        return self.filter(decided_at=None)

    def to_tell(self) -> "GrantRequestQuerySet":
        """Those with mail to send: to those who decide, or once decided to who asked."""
        return self.filter(mail_due_at__lte=Now()).order_by("mail_due_at", "pk")


class GrantRequest(models.Model):
    """`template_id` is empty where all templates are asked for, as it is on a grant.

    `mail_due_at` is when mail about it is to be sent: to those who can decide while it waits, to who asked once it is
    decided; null when there is none to send.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grant_requests")
    template_id = models.CharField(max_length=13, blank=True)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=254, blank=True)
    is_granted = models.BooleanField(null=True)
    mail_due_at = models.DateTimeField(null=True, editable=False)

    objects = GrantRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="request_mail_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "template_id"], condition=Q(decided_at=None), name="request_once_per_template"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, is_granted=None) | Q(decided_at__isnull=False, is_granted__isnull=False),
                name="request_decided_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} asks for {self.template_id or 'all templates'}"
