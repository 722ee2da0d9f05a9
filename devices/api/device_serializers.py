"""Devices, their timelines and readings as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from devices.actions.planned import TAG_LENGTH
from devices.models import Device, PinValue, Reading
from devices.models.timeline import EventKind
from devices.presenters.device import status_of
from devices.presenters.drift import verdict_of
from devices.status import Online
from templates_app.drift import ANY, Drift
from templates_app.stream_values import Meaning, shown
from templates_app.template_ids import LENGTH

ONLINE_STATES = [(state.value, state.value) for state in Online]
EVENT_KINDS = [(kind.value, kind.value) for kind in EventKind]
DRIFTS = [(drift.value, drift.value) for drift in Drift]
DRIFT_FILTERS = [(ANY, ANY), *DRIFTS]
SEARCH_LENGTH = 100


class DeviceTemplateSerializer(serializers.Serializer[Any]):
    """The template that a device is made from."""

    template_id = serializers.CharField()
    name = serializers.CharField()


class DeviceStatusSerializer(serializers.Serializer[Any]):
    """Online or offline, since when, and when it was last heard; null where the device never connected."""

    state = serializers.ChoiceField(choices=ONLINE_STATES)
    since = serializers.DateTimeField(allow_null=True)
    last_seen_at = serializers.DateTimeField(allow_null=True)


class DeviceDriftSerializer(serializers.Serializer[Any]):
    """By what the device is known to run lines of an older revision, and the sentence that says what shows it."""

    drift = serializers.ChoiceField(choices=DRIFTS)
    reason = serializers.CharField()


class DeviceSerializer(serializers.ModelSerializer[Device]):
    """A device; facts that it never reported are empty or null. Takes `now` as context."""

    template = DeviceTemplateSerializer()
    status = serializers.SerializerMethodField()
    drift = serializers.SerializerMethodField()
    mac = serializers.CharField(
        help_text="As a batch's list or its board's own information had it; empty where neither did."
    )
    tags = serializers.ListField(child=serializers.CharField(), help_text="In small letters.")
    metadata = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Device
        fields = [
            "id",
            "name",
            "template",
            "status",
            "activated_at",
            "activated_by",
            "reported_board",
            "reported_template_id",
            "firmware_version",
            "firmware_type",
            "firmware_build",
            "library_version",
            "hotspot_name",
            "heartbeat_seconds",
            "buffer_bytes",
            "mac",
            "tags",
            "metadata",
            "drift",
        ]
        read_only_fields = fields

    @extend_schema_field(DeviceStatusSerializer)
    def get_status(self, device: Device) -> dict[str, Any]:
        return dict(DeviceStatusSerializer(status_of(device, self.context["now"])).data)

    @extend_schema_field(DeviceDriftSerializer(allow_null=True))
    def get_drift(self, device: Device) -> dict[str, Any] | None:
        found = verdict_of(device)
        return dict(DeviceDriftSerializer(found).data) if found else None


class DeviceFilterSerializer(serializers.Serializer[Any]):
    """How the list of devices can be narrowed."""

    template_id = serializers.CharField(required=False, max_length=LENGTH)
    status = serializers.ChoiceField(choices=ONLINE_STATES, required=False)
    drift = serializers.ChoiceField(
        choices=DRIFT_FILTERS, required=False, help_text="By what they are known to run lines of an older revision."
    )
    tag = serializers.CharField(
        required=False, max_length=TAG_LENGTH, help_text="One tag, in small or capital letters."
    )
    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=SEARCH_LENGTH,
        help_text="Part of the name, a tag, the MAC address, the hotspot's name, the board or the firmware version.",
    )


class DeviceChangeSerializer(StrictSerializer):
    """What to change of a device."""

    name = serializers.CharField(trim_whitespace=False)


class TimelineFilterSerializer(serializers.Serializer[Any]):
    """How a timeline can be narrowed."""

    kind = serializers.ChoiceField(choices=EVENT_KINDS, required=False)


class TimelineEventSerializer(serializers.Serializer[Any]):
    """Something that happened to a device; what `detail` holds depends on the kind."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=EVENT_KINDS)
    actor = serializers.CharField(help_text="Who did it; empty where nobody did.")
    detail = serializers.DictField()


class ReadingFilterSerializer(serializers.Serializer[Any]):
    """Without `pin`, the latest value of each pin; with it, the history of one."""

    pin = serializers.RegexField(
        r"^[Vv]?(?:[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])\Z",
        required=False,
        help_text="`V1` or `1`, up to 255.",
    )


class ReadingSerializer(serializers.Serializer[Any]):
    """A value of a virtual pin; values that were written at once are one text, separated by U+001F.

    `name` and `unit` are those of the pin's datastream, null without one.
    """

    pin = serializers.IntegerField()
    name = serializers.SerializerMethodField()
    value = serializers.CharField()
    unit = serializers.SerializerMethodField()
    is_out_of_range = serializers.SerializerMethodField(help_text="A number outside the range of its datastream.")
    at = serializers.DateTimeField()

    # The view gives the meanings of the template's pins as context: one query for all rows.
    def _meaning(self, reading: PinValue | Reading) -> Meaning | None:
        meanings: dict[int, Meaning] = self.context["meanings"]
        return meanings.get(reading.pin)

    def get_name(self, reading: PinValue | Reading) -> str | None:
        meaning = self._meaning(reading)
        return meaning.name if meaning else None

    def get_unit(self, reading: PinValue | Reading) -> str | None:
        meaning = self._meaning(reading)
        return meaning.unit if meaning else None

    def get_is_out_of_range(self, reading: PinValue | Reading) -> bool:
        return shown(reading.value, self._meaning(reading)).is_out_of_range


class PinWriteSerializer(StrictSerializer):
    """A value for a virtual pin."""

    pin = serializers.IntegerField(min_value=0, max_value=255)
    value = serializers.CharField(allow_blank=True, trim_whitespace=False)
