"""Batches of provisioning sessions as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from devices.actions.batches import LIFETIME_MAX_SECONDS, NOTE_LENGTH
from devices.api.session_serializers import SESSION_STATES, GatewaySerializer, SessionDeviceSerializer
from devices.models import ProvisioningSession
from devices.presenters.batch import Progress
from devices.status import SessionState


class NewBatchDeviceSerializer(serializers.Serializer[Any]):
    """A device to come; each field may be left out."""

    name = serializers.CharField(required=False)
    mac = serializers.CharField(required=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False)


@extend_schema_field(NewBatchDeviceSerializer(many=True))
class DevicesField(serializers.Field[Any, Any, Any, Any]):
    """The list of devices as it was sent: everything that is wrong in it is named by its path (`devices.0.mac`)."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class NewBatchSerializer(StrictSerializer):
    """What to open: `count` devices, or those of a list."""

    template_id = serializers.CharField(max_length=13)
    count = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)
    devices = DevicesField(required=False, allow_null=True, default=None)
    lifetime_seconds = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=LIFETIME_MAX_SECONDS,
        help_text="How long the tokens wait for their devices: an hour to seven days; a day when left out.",
    )
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=NOTE_LENGTH)


class BatchRowSerializer(serializers.Serializer[Any]):
    """A batch in a list; `counts` are its sessions by state. Made of a `Progress`."""

    id = serializers.IntegerField(source="batch.pk")
    template_id = serializers.CharField(source="batch.template.template_id")
    note = serializers.CharField(source="batch.note")
    opened_by = serializers.CharField(source="batch.opened_by")
    opened_at = serializers.DateTimeField(source="batch.opened_at")
    expires_at = serializers.DateTimeField(source="batch.expires_at")
    devices_count = serializers.IntegerField(source="batch.devices_count")
    counts = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, progress: Progress) -> dict[str, int]:
        return {state.value: progress.counts.get(state, 0) for state in SessionState}


class BatchSessionSerializer(serializers.Serializer[ProvisioningSession]):
    """A session of a batch and what its row planned. Takes `now` as context."""

    id = serializers.IntegerField()
    row = serializers.IntegerField(source="batch_row")
    state = serializers.SerializerMethodField()
    name = serializers.CharField(source="planned_name")
    mac = serializers.CharField(source="planned_mac")
    tags = serializers.ListField(child=serializers.CharField(), source="planned_tags")
    device = SessionDeviceSerializer(allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=SESSION_STATES))
    def get_state(self, session: ProvisioningSession) -> str:
        return session.state_at(self.context["now"]).value


class BatchSerializer(BatchRowSerializer):
    """A batch with its sessions in the order of the list. Takes `now` and `sessions` as context."""

    sessions = serializers.SerializerMethodField()

    @extend_schema_field(BatchSessionSerializer(many=True))
    def get_sessions(self, progress: Progress) -> list[dict[str, Any]]:
        shape = BatchSessionSerializer(self.context["sessions"], many=True, context=self.context)
        return list(shape.data)


class OpenedBatchSessionSerializer(serializers.Serializer[Any]):
    """A session just opened. `hotspot_name` is exact where the MAC address tells; `X` stands in it for the rest."""

    id = serializers.IntegerField()
    row = serializers.IntegerField()
    name = serializers.CharField()
    mac = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    token = serializers.CharField(allow_null=True)
    hotspot_name = serializers.CharField(allow_null=True, help_text="Null for a board without a hotspot.")


class OpenedBatchSerializer(serializers.Serializer[Any]):
    """A batch just opened. Its tokens are in this answer only; null when a request is repeated with its key."""

    id = serializers.IntegerField()
    template_id = serializers.CharField()
    note = serializers.CharField()
    devices_count = serializers.IntegerField()
    expires_at = serializers.DateTimeField()
    gateway = GatewaySerializer()
    sessions = OpenedBatchSessionSerializer(many=True)


class CancelledBatchSerializer(serializers.Serializer[Any]):
    """What cancelling a batch has ended."""

    cancelled = serializers.IntegerField(help_text="Sessions that were open until now.")
