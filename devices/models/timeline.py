"""The append-only list of what happened to a device."""

from enum import StrEnum

from django.db import models
from django.db.models.functions import Now


class EventKind(StrEnum):
    """What a timeline row is about."""

    ACTIVATED = "activated"
    RECONFIGURED = "reconfigured"
    RENAMED = "renamed"
    ONLINE = "online"
    OFFLINE = "offline"
    EVENT = "event"
    PIN_WRITTEN = "pin_written"
    FIRMWARE = "firmware"
    REBOOT = "reboot"
    SETUP_MODE = "setup_mode"
    ORDER_LOST = "order_lost"
    ERASED = "erased"
    ROTATED = "rotated"
    RETIRED = "retired"
    REVOKED = "revoked"
    RETURNED = "returned"


class TimelineEvent(models.Model):
    """One row. It holds no foreign key, so that nothing it names can change it.

    The table is partitioned by month of `at` (see `devices.actions.partitions`).
    """

    pk = models.CompositePrimaryKey("at", "id")
    id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    device_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in EventKind])
    actor = models.CharField(max_length=254, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["device_id", "-at", "-id"], name="timeline_newest_first"),
            models.Index(fields=["team_id", "-at", "-id"], name="timeline_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of device {self.device_id}"
