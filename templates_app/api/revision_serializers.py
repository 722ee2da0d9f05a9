"""Revisions of a template, and what its devices make of them, as JSON."""

from typing import Any

from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from templates_app.api.serializers import TemplateSerializer
from templates_app.api.stream_serializers import DatastreamSerializer, EventTypeSerializer
from templates_app.changes import ChangeKind
from templates_app.models import Revision

CHANGE_KINDS = [(kind.value, kind.value) for kind in ChangeKind]


class CountedTemplateSerializer(TemplateSerializer):
    """A template as it is now, with its devices counted. Takes `devices_count` and `drifted_count` as context."""

    devices_count = serializers.SerializerMethodField()
    drifted_count = serializers.SerializerMethodField(help_text="Devices that run lines of an older revision.")

    class Meta(TemplateSerializer.Meta):
        fields = [*TemplateSerializer.Meta.fields, "devices_count", "drifted_count"]
        read_only_fields = fields

    def get_devices_count(self, _: Any) -> int:
        return int(self.context["devices_count"])

    def get_drifted_count(self, _: Any) -> int:
        return int(self.context["drifted_count"])


class RevisionRowSerializer(serializers.ModelSerializer[Revision]):
    """One saved change: who saved it, and what the template was called then."""

    class Meta:
        model = Revision
        fields = ["number", "name", "by", "at"]
        read_only_fields = fields


class ContentSerializer(serializers.Serializer[Any]):
    """All that a template held."""

    name = serializers.CharField()
    board = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    datastreams = DatastreamSerializer(many=True)
    events = EventTypeSerializer(many=True)


class ChangeSerializer(serializers.Serializer[Any]):
    """One field that differs from the revision before, as people read it."""

    kind = serializers.ChoiceField(choices=CHANGE_KINDS)
    label = serializers.CharField()  # type: ignore[assignment]  # DRF keeps fields apart
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class RevisionSerializer(serializers.Serializer[Any]):
    """One saved change, with all that the template held after it, and what the one before did not."""

    number = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    sentence = serializers.CharField(help_text="What it changed, in one sentence.")
    changes = ChangeSerializer(many=True)
    content = ContentSerializer()


class RestoreSerializer(StrictSerializer):
    """With `revision`, the present one that you saw, restoring is refused when somebody saved another since."""

    revision = serializers.IntegerField(min_value=1, required=False)
