"""Devices in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import server_time
from console.kit.api_pages import page
from console.kit.api_parsing import read_body, read_query
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from devices import access
from devices.actions import devices as actions
from devices.api.device_serializers import DeviceChangeSerializer, DeviceFilterSerializer, DeviceSerializer
from devices.models import Device
from devices.models.device import DeviceQuerySet
from devices.status import Online


class DeviceList(ApiView):
    @extend_schema(
        operation_id="devices_list",
        parameters=[DeviceFilterSerializer, *PAGE_PARAMETERS],
        responses=answers({200: page_of(DeviceSerializer, "DevicePage")}, 400),
    )
    def get(self, request: Request) -> Response:
        """The team's devices, newest first."""
        rows = _filtered(request).with_evidence().select_related("template", "presence")
        return page(request, rows, DeviceSerializer, "-id", now=server_time.now())


def _filtered(request: Request) -> DeviceQuerySet:
    wanted = read_query(request, DeviceFilterSerializer)
    rows = access.devices_of(member_of(request))
    if "template_id" in wanted:
        rows = rows.filter(template__template_id=wanted["template_id"])
    if "tag" in wanted:
        rows = rows.tagged(wanted["tag"])
    if wanted.get("q"):
        rows = rows.matching(wanted["q"])
    match wanted.get("status"):
        case Online.ONLINE:
            rows = rows.online(server_time.now())
        case Online.OFFLINE:
            rows = rows.offline(server_time.now())
    if "drift" in wanted:
        rows = rows.drifted(team_id=member_of(request).team_id, by=wanted["drift"])
    return rows


class DeviceDetail(ApiView):
    @extend_schema(operation_id="devices_retrieve", responses=answers({200: DeviceSerializer}, 404))
    def get(self, request: Request, device_id: int) -> Response:
        """One device."""
        return _answer(access.device_for(member_of(request), device_id))

    @extend_schema(
        operation_id="devices_rename",
        request=DeviceChangeSerializer,
        responses=answers({200: DeviceSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def patch(self, request: Request, device_id: int) -> Response:
        """Give a device another name, and tell it when it is connected."""
        device = access.device_for(member_of(request), device_id, Permission.EDIT_DEVICES)
        values = read_body(request, DeviceChangeSerializer)
        actions.rename(device=device, name=values["name"], by=member_of(request))
        return _answer(device)

    @extend_schema(operation_id="devices_delete", responses=answers({204: None}, 403, 404))
    def delete(self, request: Request, device_id: int) -> Response:
        """Delete a device with its readings and timeline. Its token dies, and its connection closes at once."""
        member = member_of(request)
        actions.delete(device=access.device_for(member, device_id, Permission.DELETE_DEVICES), by=member)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _answer(device: Device) -> Response:
    return Response(DeviceSerializer(device, context={"now": server_time.now()}).data)
