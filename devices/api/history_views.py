"""What happened to a device, and what it measured, in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_pages import page
from console.kit.api_parsing import read_body, read_query
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from devices import access
from devices.actions import devices as actions
from devices.api.device_serializers import (
    PinWriteSerializer,
    ReadingFilterSerializer,
    ReadingSerializer,
    TimelineEventSerializer,
    TimelineFilterSerializer,
)
from devices.models import PinValue, Reading, TimelineEvent
from templates_app.meanings import pins_of


class DeviceTimeline(ApiView):
    @extend_schema(
        operation_id="devices_timeline",
        parameters=[TimelineFilterSerializer, *PAGE_PARAMETERS],
        responses=answers({200: page_of(TimelineEventSerializer, "TimelinePage")}, 400, 404),
    )
    def get(self, request: Request, device_id: int) -> Response:
        """What happened to a device, newest first."""
        device = access.device_for(member_of(request), device_id)
        rows = TimelineEvent.objects.filter(device_id=device.pk, **read_query(request, TimelineFilterSerializer))
        return page(request, rows, TimelineEventSerializer, "-at", "-id")


class DeviceReadings(ApiView):
    @extend_schema(
        operation_id="devices_readings",
        parameters=[ReadingFilterSerializer, *PAGE_PARAMETERS],
        responses=answers({200: page_of(ReadingSerializer, "ReadingPage")}, 400, 404),
    )
    def get(self, request: Request, device_id: int) -> Response:
        """The latest value of each pin in the order of the pins, or with `pin` all values of one, newest first."""
        device = access.device_for(member_of(request), device_id)
        pin = read_query(request, ReadingFilterSerializer).get("pin")
        meanings = pins_of(device.template)
        if pin is None:
            return page(request, device.pins.all(), ReadingSerializer, "pin", meanings=meanings)
        rows = Reading.objects.filter(device_id=device.pk, pin=int(pin.upper().removeprefix("V")))
        return page(request, rows, ReadingSerializer, "-at", "-id", meanings=meanings)

    @extend_schema(
        operation_id="devices_write_pin",
        request=PinWriteSerializer,
        responses=answers({201: ReadingSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request, device_id: int) -> Response:
        """Write a value to a virtual pin: kept as its latest value, and sent to the device when it is connected."""
        member = member_of(request)
        device = access.device_for(member, device_id, Permission.EDIT_DEVICES)
        values = read_body(request, PinWriteSerializer)
        actions.write_pin(device=device, pin=values["pin"], value=values["value"], by=member)
        latest: PinValue = device.pins.get(pin=values["pin"])
        context = {"meanings": pins_of(device.template)}
        return Response(ReadingSerializer(latest, context=context).data, status=status.HTTP_201_CREATED)
