"""Grants and requests for them as JSON."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_pages import LARGEST_NUMBER
from console.kit.api_parsing import StrictSerializer
from console.teams.models import Grant, GrantRequest, Member
from devices.actions.grants import DEVICES_MOST, NOTE_LIMIT
from templates_app.template_ids import LENGTH

EVERY_TEMPLATE_NULL = "`TMPL…`, or null for all templates of the team."


class GrantMemberSerializer(serializers.Serializer[Member]):
    """The member that a grant is for."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="label")
    email = serializers.EmailField(source="user.email")
    role = serializers.CharField()


class GrantSerializer(serializers.Serializer[Grant]):
    """A member's permission to provision one template, or all of them. Takes `now` as context."""

    id = serializers.IntegerField()
    member = GrantMemberSerializer()
    template_id = serializers.SerializerMethodField()
    until_at = serializers.DateTimeField(allow_null=True, help_text="When it ends; null: never.")
    devices_limit = serializers.IntegerField(allow_null=True, help_text="For how many devices; null: any number.")
    devices_count = serializers.IntegerField(help_text="How many have been activated under it.")
    devices_left = serializers.IntegerField(source="left_count", allow_null=True)
    is_usable = serializers.SerializerMethodField(help_text="Neither past its end nor used up.")
    note = serializers.CharField()
    granted_by = serializers.CharField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.CharField(allow_null=True, help_text=EVERY_TEMPLATE_NULL))
    def get_template_id(self, grant: Grant) -> str | None:
        return grant.template_id or None

    def get_is_usable(self, grant: Grant) -> bool:
        now: datetime = self.context["now"]
        return grant.is_usable(now)


class GrantFilterSerializer(serializers.Serializer[Any]):
    """How the list of grants can be narrowed."""

    member_id = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    template_id = serializers.CharField(
        required=False, max_length=LENGTH, help_text="`TMPL…`, or `all` for those that are for all templates."
    )


class GrantLimitsSerializer(StrictSerializer):
    """How far a grant goes; what is left out sets no limit."""

    until_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    devices_limit = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=DEVICES_MOST
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=NOTE_LIMIT, trim_whitespace=False
    )


class NewGrantRequestSerializer(StrictSerializer):
    """What to ask for."""

    template_id = serializers.CharField(
        allow_blank=True, allow_null=True, max_length=LENGTH, help_text=EVERY_TEMPLATE_NULL
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=NOTE_LIMIT, trim_whitespace=False
    )


class GrantRequestSerializer(serializers.Serializer[GrantRequest]):
    """A member's request for a grant; `is_granted` is null while it waits."""

    id = serializers.IntegerField()
    member = GrantMemberSerializer()
    template_id = serializers.SerializerMethodField()
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField()
    is_granted = serializers.BooleanField(allow_null=True)

    @extend_schema_field(serializers.CharField(allow_null=True, help_text=EVERY_TEMPLATE_NULL))
    def get_template_id(self, request: GrantRequest) -> str | None:
        return request.template_id or None
