"""What the device menu does, in the API: reconfigure, reboot, setup mode, erase."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import limits, server_time
from console.kit.api_schema import answers
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from devices import access
from devices.actions import erasure, orders
from devices.actions import sessions as session_actions
from devices.api.opened import answer_of
from devices.api.session_serializers import OpenedSessionSerializer
from devices.status import Route


class ErasedSerializer(serializers.Serializer[Any]):
    """How much went. Where `is_complete` is false there is more: erase again to go on."""

    readings = serializers.IntegerField()
    values = serializers.IntegerField(help_text="Latest values of pins.")
    events = serializers.IntegerField(help_text="Logged events and pin writes in the timeline.")
    metadata = serializers.IntegerField()
    is_complete = serializers.BooleanField()


class DeviceReconfigure(ApiView):
    @extend_schema(
        operation_id="devices_reconfigure",
        request=None,
        responses=answers({201: OpenedSessionSerializer}, 400, 403, 404, 409),
    )
    def post(self, request: Request, device_id: int) -> Response:
        """Open a session for this device. Its present token works until the new one is first used."""
        member = member_of(request)
        device = access.device_to_provision(member, device_id)
        limits.spend_by(request, limits.SESSION_OPENINGS)
        opened = session_actions.open_session(template=device.template, by=member, device=device, route=Route.API)
        answer = answer_of(opened, device.template, opened.session.state_at(server_time.now()))
        body = OpenedSessionSerializer(answer).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class DeviceReboot(ApiView):
    @extend_schema(operation_id="devices_reboot", request=None, responses=answers({202: None}, 403, 404, 409, 503))
    def post(self, request: Request, device_id: int) -> Response:
        """Tell the board to restart. 202 says that the order was sent; the device's status shows what came of it."""
        member = member_of(request)
        orders.reboot(device=access.device_for(member, device_id, Permission.EDIT_DEVICES), by=member)
        return Response(status=status.HTTP_202_ACCEPTED)


class DeviceSetupMode(ApiView):
    @extend_schema(operation_id="devices_setup_mode", request=None, responses=answers({202: None}, 403, 404, 409, 503))
    def post(self, request: Request, device_id: int) -> Response:
        """Tell the board to open its hotspot. It goes offline, and keeps its WiFi settings and its token."""
        member = member_of(request)
        orders.enter_setup_mode(device=access.device_for(member, device_id, Permission.EDIT_DEVICES), by=member)
        return Response(status=status.HTTP_202_ACCEPTED)


class DeviceData(ApiView):
    @extend_schema(operation_id="devices_erase_data", responses=answers({200: ErasedSerializer}, 403, 404, 409))
    def delete(self, request: Request, device_id: int) -> Response:
        """Erase readings, latest values, events and metadata. The device, its token and its history of coming and
        going stay."""
        member = member_of(request)
        device = access.device_for(member, device_id, Permission.DELETE_DEVICES)
        return Response(ErasedSerializer(erasure.erase_data(device=device, by=member)).data)
