"""Values that devices wrote to virtual pins."""

from django.db import models
from django.db.models.functions import Now

from devices.models.device import Device

VALUE_LENGTH = 1024


class PinValue(models.Model):
    """The latest value of one pin. Several values written at once are kept in one text, separated by U+001F."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pins")
    pin = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=VALUE_LENGTH)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "pin"], name="pin_once_per_device"),
            models.CheckConstraint(condition=models.Q(pin__lte=255), name="pin_in_range"),
        ]

    def __str__(self) -> str:
        return f"V{self.pin} of device {self.device_id}"


class Reading(models.Model):
    """Every value, for history; partitioned by month of `at`, without a foreign key."""

    pk = models.CompositePrimaryKey("at", "id")
    id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    device_id = models.BigIntegerField()
    pin = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=VALUE_LENGTH)

    class Meta:
        indexes = [models.Index(fields=["device_id", "pin", "-at", "-id"], name="reading_newest_first")]

    def __str__(self) -> str:
        return f"V{self.pin} of device {self.device_id}"
