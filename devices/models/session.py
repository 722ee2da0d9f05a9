"""One try at bringing one device online."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from console.teams.models import Member, Team
from devices.models.batch import Batch
from devices.status import Route, SessionState, session_state
from templates_app.models import Template


class SessionQuerySet(models.QuerySet["ProvisioningSession"]):
    def open(self, *, now: datetime) -> "SessionQuerySet":
        return self.filter(state=SessionState.OPEN, expires_at__gt=now)

    def in_state(self, state: str, *, now: datetime) -> "SessionQuerySet":
        """Sessions whose state at `now` is `state`, expiry included; all of them for any other text."""
        if state not in set(SessionState):
            return self
        if state == SessionState.OPEN:
            return self.open(now=now)
        if state == SessionState.EXPIRED:
            return self.filter(Q(state=state) | Q(state=SessionState.OPEN, expires_at__lte=now))
        return self.filter(state=state)

    def unfinished(self) -> "SessionQuerySet":
        """Sessions that are not closed yet, those past their deadline among them."""
        return self.filter(state=SessionState.OPEN)

    def overdue(self) -> "SessionQuerySet":
        """Sessions past their deadline by the database's clock that are not closed yet."""
        return self.filter(state=SessionState.OPEN, expires_at__lte=Now())


class ProvisioningSession(models.Model):
    """`finding` is why it ended, and the first of `findings`, which go by how sure they are.

    `planned_…` are what a batch's list says of the device that is to come. `opened_from` is its opener's address.
    `board_at`, `network_at` and `cloud_at` are when the board was first met (over its hotspot or USB), when it said
    that it had joined the network, and when it reached the gateway; `seen_at` is its login. `overlap_seconds` is how
    long a device's older token lives on after this one's first use; null: not at all. `watched_at` is when its owner's
    page last asked for it, `told_at` when it was settled whether its owner is written to about how it ended.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="sessions")
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="sessions")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="sessions")
    opened_by = models.CharField(max_length=254)
    request_id = models.UUIDField(null=True)
    device = models.ForeignKey("devices.Device", on_delete=models.SET_NULL, null=True, related_name="sessions")
    is_reconfigure = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, default=SessionState.OPEN, choices=[(s.value, s.value) for s in SessionState]
    )
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_from = models.CharField(max_length=45, blank=True)
    ended_at = models.DateTimeField(null=True)
    named_at = models.DateTimeField(null=True)
    reported_template_id = models.CharField(max_length=64, blank=True)
    finding = models.JSONField(null=True)
    findings = models.JSONField(default=list, db_default=[])
    route = models.CharField(
        max_length=8, blank=True, db_default="", default="", choices=[(route.value, route.label) for route in Route]
    )
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, related_name="sessions")
    batch_row = models.PositiveIntegerField(null=True)
    planned_name = models.CharField(max_length=60, blank=True, db_default="")
    planned_mac = models.CharField(max_length=17, blank=True, db_default="")
    planned_tags = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    board_at = models.DateTimeField(null=True)
    network_at = models.DateTimeField(null=True)
    cloud_at = models.DateTimeField(null=True)
    reported_board = models.CharField(max_length=128, blank=True, db_default="")
    library_version = models.CharField(max_length=128, blank=True, db_default="")
    overlap_seconds = models.PositiveIntegerField(null=True)
    watched_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    opened_from = models.CharField(max_length=45, blank=True, db_default="", default="")

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-opened_at", "-id"], name="session_newest_first"),
            models.Index(fields=["expires_at"], condition=Q(state=SessionState.OPEN), name="session_overdue"),
            models.Index(fields=["member"], condition=Q(state=SessionState.OPEN), name="session_open_of_member"),
            models.Index(
                fields=["team", "planned_mac"],
                condition=Q(state=SessionState.OPEN) & ~Q(planned_mac=""),
                name="session_waits_for_mac",
            ),
            models.Index(
                fields=["ended_at"], condition=Q(told_at=None, ended_at__isnull=False), name="session_to_tell_of"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["member", "request_id"], name="session_once_per_request"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in SessionState]), name="session_state_known"),
            models.CheckConstraint(
                condition=Q(state=SessionState.OPEN, ended_at=None)
                | (~Q(state=SessionState.OPEN) & Q(ended_at__isnull=False)),
                name="session_ended_when_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"

    def state_at(self, now: datetime) -> SessionState:
        """The state at `now`, expiry included."""
        return session_state(stored=SessionState(self.state), expires_at=self.expires_at, now=now)
