"""Hotspot names of a board, and the check of the gateway, in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_parsing import read_query
from console.kit.api_schema import answers
from console.kit.api_views import ApiView
from console.teams.access import require
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from templates_app import access
from templates_app.actions import gateway_check
from templates_app.api.firmware import hotspot_names_of
from templates_app.api.firmware_serializers import (
    GatewayCheckSerializer,
    HotspotNamesSerializer,
    MacFilterSerializer,
)
from templates_app.api.views import template_of


class TemplateHotspotNames(ApiView):
    @extend_schema(
        operation_id="templates_hotspot_names",
        parameters=[MacFilterSerializer],
        responses=answers({200: HotspotNamesSerializer}, 400, 404),
    )
    def get(self, request: Request, template_id: str) -> Response:
        """What boards of this template call their hotspot; with `mac`, exactly what that board calls it."""
        template = template_of(request, template_id)
        mac = read_query(request, MacFilterSerializer).get("mac", "")
        others = access.names_beside(member_of(request), template_id)
        try:
            names = hotspot_names_of(template, mac, others)
        except ValueError as error:
            raise ValidationError({"mac": [str(error)]}) from error
        return Response(HotspotNamesSerializer(names).data)


class GatewayCheck(ApiView):
    @extend_schema(operation_id="gateway_check", request=None, responses=answers({200: GatewayCheckSerializer}))
    def post(self, request: Request) -> Response:
        """Connect to the gateway's public address, as a board would, and tell what a board would find.

        The address is the configured one. A team may do this GATEWAY_CHECKS_PER_MINUTE times a minute.
        """
        member = member_of(request)
        require(member, Permission.VIEW)
        return Response(GatewayCheckSerializer(gateway_check.check(team=member.team)).data)
