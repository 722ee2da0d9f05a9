"""Templates and their firmware lines as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from templates_app import boards, snapshot
from templates_app.api.stream_serializers import (
    DatastreamSerializer,
    DatastreamsField,
    EventsField,
    EventTypeSerializer,
)
from templates_app.content import DESCRIPTION_LENGTH
from templates_app.models import Template
from templates_app.naming import NAME_LIMIT


class TemplateSerializer(serializers.ModelSerializer[Template]):
    """A template as it is now."""

    class Meta:
        model = Template
        fields = [
            "template_id",
            "name",
            "board",
            "description",
            "datastreams",
            "events",
            "revision",
            "is_archived",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    is_archived = serializers.BooleanField()
    datastreams = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()

    @extend_schema_field(DatastreamSerializer(many=True))
    def get_datastreams(self, template: Template) -> list[dict[str, Any]]:
        return snapshot.datastreams_of(template)

    @extend_schema_field(EventTypeSerializer(many=True))
    def get_events(self, template: Template) -> list[dict[str, str]]:
        return snapshot.events_of(template)


class NewTemplateSerializer(StrictSerializer):
    """What a new template is made of."""

    name = serializers.CharField(max_length=NAME_LIMIT)
    board = serializers.ChoiceField(choices=boards.CHOICES)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH, allow_blank=True, default="")
    datastreams = DatastreamsField(default=list)
    events = EventsField(default=list)


class TemplateChangeSerializer(StrictSerializer):
    """What to change; the rest stays. `datastreams` and `events` replace all that there are.

    With `revision`, the change is refused when somebody saved another in the meantime.
    """

    name = serializers.CharField(max_length=NAME_LIMIT, required=False)
    board = serializers.ChoiceField(choices=boards.CHOICES, required=False)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH, allow_blank=True, required=False)
    datastreams = DatastreamsField(required=False)
    events = EventsField(required=False)
    revision = serializers.IntegerField(min_value=1, required=False)


class TemplateFilterSerializer(serializers.Serializer[Any]):
    """How the list of templates can be narrowed."""

    is_archived = serializers.BooleanField(required=False, allow_null=True, default=None)
