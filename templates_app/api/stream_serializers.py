"""Datastreams and events of a template as JSON. What may be saved is decided by `templates_app.content`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from templates_app.streams import (
    CODE_LIMIT,
    CODE_PATTERN,
    NUMBER_PLACES,
    PIN_LAST,
    STREAM_NAME_LIMIT,
    TITLE_LIMIT,
    UNIT_LIMIT,
    EventSeverity,
    ValueKind,
)

VALUE_KINDS = [(kind.value, kind.value) for kind in ValueKind]
EVENT_SEVERITIES = [(severity.value, severity.value) for severity in EventSeverity]
_END = f"Of integers and decimals only; {NUMBER_PLACES} digits after the point at most."


class DatastreamSerializer(serializers.Serializer[Any]):
    """A virtual pin with a name. `unit`, `minimum` and `maximum` may be left out of a request."""

    pin = serializers.IntegerField(min_value=0, max_value=PIN_LAST)
    name = serializers.CharField(max_length=STREAM_NAME_LIMIT)
    kind = serializers.ChoiceField(choices=VALUE_KINDS)
    unit = serializers.CharField(max_length=UNIT_LIMIT, allow_blank=True, required=False)
    minimum = serializers.FloatField(allow_null=True, required=False, help_text=_END)
    maximum = serializers.FloatField(allow_null=True, required=False, help_text=_END)


class EventTypeSerializer(serializers.Serializer[Any]):
    """An event that devices log by its code."""

    code = serializers.RegexField(rf"^{CODE_PATTERN}\Z", max_length=CODE_LIMIT)
    title = serializers.CharField(max_length=TITLE_LIMIT)
    severity = serializers.ChoiceField(choices=EVENT_SEVERITIES)


class ContentField(serializers.Field[Any, Any, Any, Any]):
    """A part of a template's content as it was sent: the action names everything in it that is wrong, by its path."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(DatastreamSerializer(many=True))
class DatastreamsField(ContentField):
    """The list of datastreams, whole."""


@extend_schema_field(EventTypeSerializer(many=True))
class EventsField(ContentField):
    """The list of events, whole."""
