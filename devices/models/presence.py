"""Whether a device is connected, and when it was last heard: one narrow row a device, written often."""

from django.db import models

from devices.models.device import Device


class Presence(models.Model):
    """`last_seen_at` is in no index and the table is 80% filled, so that its updates stay in place (HOT)."""

    device = models.OneToOneField(Device, on_delete=models.CASCADE, primary_key=True, related_name="presence")
    is_connected = models.BooleanField(default=False)
    connection_id = models.BigIntegerField()
    gateway = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    silence_seconds = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["device"], condition=models.Q(is_connected=True), name="presence_connected")]

    def __str__(self) -> str:
        return f"presence of {self.pk}"
