"""An activated thing."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from console.teams.models import Team
from devices.models import drift
from devices.models.session import ProvisioningSession
from devices.status import SILENCE_GRACE_SECONDS
from templates_app.drift import ANY, VERSION_KEY_LENGTH
from templates_app.models import Template


def _heard_in_time(now: datetime) -> models.Q:
    """`status.online_state` as a condition on the presence row."""
    silence = models.ExpressionWrapper(
        models.F("presence__silence_seconds") * models.Value(timedelta(seconds=1)), models.DurationField()
    )
    silent_since = models.ExpressionWrapper(
        models.Value(now - timedelta(seconds=SILENCE_GRACE_SECONDS), models.DateTimeField()) - silence,
        models.DateTimeField(),
    )
    return models.Q(presence__is_connected=True, presence__last_seen_at__gt=silent_since)


class DeviceQuerySet(models.QuerySet["Device"]):
    def online(self, now: datetime) -> "DeviceQuerySet":
        """Devices that are online at `now`, as `status.online_state` works it out."""
        return self.filter(_heard_in_time(now))

    def offline(self, now: datetime) -> "DeviceQuerySet":
        """The others, those that never connected among them."""
        return self.exclude(_heard_in_time(now))

    def with_evidence(self) -> "DeviceQuerySet":
        """Each device with what `devices.presenters.drift.verdict_of` needs, in the same query."""
        return drift.with_evidence(self, Device.objects.all())

    def drifted(self, *, team_id: int, template_pk: int | None = None, by: str = ANY) -> "DeviceQuerySet":
        """Devices of the team that run lines of an older revision, by one sort of evidence (a `Drift`) or by any."""
        return self.filter(pk__in=drift.drifted_ids(team_id=team_id, template_pk=template_pk, by=by))

    def same_board_as(self, made: "Device") -> "DeviceQuerySet":
        """Other devices of its team and template that are not connected and have its MAC or its hotspot's name."""
        same = models.Q(mac=made.mac) & ~models.Q(mac="") | models.Q(hotspot_name=made.hotspot_name) & ~models.Q(
            hotspot_name=""
        )
        others = self.filter(same, team=made.team_id, template=made.template_id).exclude(pk=made.pk)
        return others.exclude(presence__is_connected=True)

    def tagged(self, tag: str) -> "DeviceQuerySet":
        """Devices that have this tag; tags are kept in small letters."""
        return self.exclude(tags=[]).filter(tags__contains=[tag.strip().lower()])

    def matching(self, text: str) -> "DeviceQuerySet":
        """Devices whose name, tags, MAC address, hotspot name, board or firmware version contains `text`.

        Whether letters are small or capital does not matter.
        """
        tags = models.Func(
            models.F("tags"), models.Value(" "), function="array_to_string", output_field=models.TextField()
        )
        return self.alias(tags_text=tags).filter(
            models.Q(name__icontains=text)
            | models.Q(tags_text__icontains=text)
            | models.Q(mac__icontains=text)
            | models.Q(hotspot_name__icontains=text)
            | models.Q(reported_board__icontains=text)
            | models.Q(firmware_version__icontains=text)
        )


class Device(models.Model):
    """Facts about it are what it last reported of itself; empty where it has not said.

    `mac` and `tags` are what the list of its batch said of it, `mac` also what its board said. `firmware_key` and
    `hotspot_stem` are what `templates_app.drift` makes of two of them; who writes one writes both.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="devices")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="devices")
    activation = models.OneToOneField(
        ProvisioningSession, on_delete=models.PROTECT, related_name="activated_device", editable=False
    )
    name = models.CharField(max_length=60)
    activated_at = models.DateTimeField(db_default=Now(), editable=False)
    activated_by = models.CharField(max_length=254)
    reported_board = models.CharField(max_length=128, blank=True)
    reported_template_id = models.CharField(max_length=128, blank=True)
    firmware_version = models.CharField(max_length=128, blank=True)
    firmware_key = models.CharField(max_length=VERSION_KEY_LENGTH, blank=True, db_default="", editable=False)
    firmware_type = models.CharField(max_length=128, blank=True)
    firmware_build = models.CharField(max_length=128, blank=True)
    library_version = models.CharField(max_length=128, blank=True)
    hotspot_name = models.CharField(max_length=64, blank=True)
    hotspot_stem = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    heartbeat_seconds = models.PositiveIntegerField(null=True)
    buffer_bytes = models.PositiveIntegerField(null=True)
    metadata = models.JSONField(default=dict)
    mac = models.CharField(max_length=17, blank=True, db_default="")
    tags = ArrayField(models.CharField(max_length=40), default=list, db_default=[])

    objects = DeviceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-id"], name="device_newest_first"),
            models.Index(fields=["template", "-id"], name="device_of_template"),
            models.Index(fields=["template", "firmware_key"], name="device_newest_firmware"),
            models.Index(fields=["template", "mac"], condition=~models.Q(mac=""), name="device_by_mac"),
            models.Index(
                fields=["template", "hotspot_name"], condition=~models.Q(hotspot_name=""), name="device_by_hotspot"
            ),
            models.Index(fields=["team", "mac"], condition=~models.Q(mac=""), name="device_of_mac"),
            GinIndex(fields=["tags"], condition=~models.Q(tags=[]), name="device_tags"),
        ]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="device_named")]

    def __str__(self) -> str:
        return self.name
