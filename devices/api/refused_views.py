"""Refused logins in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_pages import page
from console.kit.api_parsing import read_query
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from devices import access
from devices.models import RefusedLogin
from devices.presenters.refused import NEXT_STEPS, device_name_of
from devices.status import Refusal

REFUSALS = [(reason.value, reason.value) for reason in Refusal]


class RefusedFilterSerializer(serializers.Serializer[Any]):
    """How the list of refused logins can be narrowed."""

    reason = serializers.ChoiceField(choices=REFUSALS, required=False)


class RefusedLoginSerializer(serializers.Serializer[RefusedLogin]):
    """A board that called with a token of the team and was refused; repeated calls count up one row.

    `device_id` is null for a device that was deleted, and `device_name` what it was called; empty where there was none.
    """

    hint = serializers.CharField(help_text="The first characters of the token.")
    address = serializers.CharField()
    reason = serializers.ChoiceField(choices=REFUSALS)
    device_id = serializers.IntegerField(source="token.device_id", allow_null=True, default=None)
    device_name = serializers.SerializerMethodField()
    session_id = serializers.IntegerField(source="token.session_id", allow_null=True, default=None)
    attempts_count = serializers.IntegerField()
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    next_step = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_device_name(self, login: RefusedLogin) -> str:
        return device_name_of(login.token)

    @extend_schema_field(serializers.CharField())
    def get_next_step(self, login: RefusedLogin) -> str:
        return NEXT_STEPS[Refusal(login.reason)]


class RefusedLoginList(ApiView):
    @extend_schema(
        operation_id="refused_logins_list",
        parameters=[RefusedFilterSerializer, *PAGE_PARAMETERS],
        responses=answers({200: page_of(RefusedLoginSerializer, "RefusedLoginPage")}, 400),
    )
    def get(self, request: Request) -> Response:
        """Who called with a token of the team and was refused, the latest call first."""
        found = access.refused_logins_of(member_of(request)).filter(**read_query(request, RefusedFilterSerializer))
        return page(request, found.select_related("token__device"), RefusedLoginSerializer, "-last_at", "-id")
