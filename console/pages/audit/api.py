"""The audit log in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_pages import page
from console.kit.api_parsing import read_query
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.pages.audit.filters import TEXT_LENGTH, Filters
from console.teams import access
from console.teams.api_auth import member_of
from console.teams.audit_areas import Area
from console.teams.models import AuditEntry
from console.teams.permissions import Permission

AREAS = [(area.value, area.value) for area in Area]


class AuditFilterSerializer(serializers.Serializer[Any]):
    """How the audit log can be narrowed."""

    area = serializers.ChoiceField(choices=AREAS, required=False)
    user = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="The `user_id` of an entry: what one person did."
    )
    since = serializers.DateField(required=False, help_text="From this day on, in UTC.")
    until = serializers.DateField(required=False, help_text="To the end of this day, in UTC.")
    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=TEXT_LENGTH,
        help_text="Beginnings of words in the subject, the actor's name or e-mail address, or the address.",
    )


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """Who did what to what, when, and from which address."""

    area = serializers.CharField(help_text="The group of its kind; empty for a kind without one.")
    kind = serializers.CharField(help_text="What was done, as `noun.verb`.")
    user_id = serializers.IntegerField(allow_null=True, help_text="Null for what Landfall did by itself.")
    detail = serializers.DictField(help_text="What else belongs to this kind.")

    class Meta:
        model = AuditEntry
        fields = ["id", "at", "actor", "user_id", "address", "area", "kind", "subject", "detail"]
        read_only_fields = fields


class AuditLog(ApiView):
    permission_to_look = Permission.SEE_AUDIT

    @extend_schema(
        operation_id="audit_list",
        parameters=[AuditFilterSerializer, *PAGE_PARAMETERS],
        responses=answers({200: page_of(AuditEntrySerializer, "AuditPage")}, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """The team's audit log, newest first."""
        member = member_of(request)
        access.require(member, Permission.SEE_AUDIT)
        asked = read_query(request, AuditFilterSerializer)
        wanted = Filters(
            area=asked.get("area", ""),
            who=asked.get("user"),
            since=asked.get("since"),
            until=asked.get("until"),
            text=asked.get("q", ""),
        )
        found = wanted.of(AuditEntry.objects.all(), member.team_id).defer("words")
        return page(request, found, AuditEntrySerializer, "-at", "-id")
