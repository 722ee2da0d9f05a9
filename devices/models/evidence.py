"""What was observed while a session was open, and connections that never became a login: evidence for findings."""

from enum import StrEnum

from django.db import models
from django.db.models.functions import Now

from devices.models.session import ProvisioningSession


class EvidenceKind(StrEnum):
    """Where a piece of evidence comes from."""

    BOARD_INFO = "board_info"
    LAST_ERROR = "last_error"
    SERIAL = "serial"
    LED = "led"
    ANSWER = "answer"


class SessionEvidence(models.Model):
    """One observation about a session, told by the page or the API; secrets are masked before it is kept."""

    session = models.ForeignKey(ProvisioningSession, on_delete=models.CASCADE, related_name="evidence")
    at = models.DateTimeField(db_default=Now(), editable=False)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in EvidenceKind])
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["session", "id"], name="evidence_of_session")]

    def __str__(self) -> str:
        return f"{self.kind} of session {self.session_id}"


class FailedConnection(models.Model):
    """A connection to the gateway that never became a login; one row for each address and reason, which counts up."""

    address = models.CharField(max_length=45)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=200, blank=True)
    attempts_count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "reason"], name="failed_connection_once")]
        indexes = [models.Index(fields=["last_at"], name="failed_connection_oldest")]

    def __str__(self) -> str:
        return f"{self.address}: {self.reason}"
