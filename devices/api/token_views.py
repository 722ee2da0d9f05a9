"""The token of a device in the API: which work, rotate, revoke."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import limits, server_time
from console.kit.api_parsing import StrictSerializer, read_body
from console.kit.api_schema import answers
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from devices import access
from devices.actions import tokens as actions
from devices.api.opened import answer_of
from devices.api.session_serializers import OpenedSessionSerializer
from devices.presenters.tokens import TokenState, rows_of

TOKEN_STATES = [(state.value, state.value) for state in TokenState]
MOST_SECONDS = 2**31 - 1


class RotationSerializer(StrictSerializer):
    """How to rotate. `overlap_seconds` is how long the earlier token lives on after the new one's first use."""

    overlap_seconds = serializers.IntegerField(required=False, default=0, min_value=0, max_value=MOST_SECONDS)
    lifetime_seconds = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=30,
        max_value=MOST_SECONDS,
        help_text="How long the new token waits for its first use; the installation's default when left out.",
    )


class DeviceTokenSerializer(serializers.Serializer[Any]):
    """A token that works, by its first characters. `until` is when it stops by itself, null where it does not."""

    hint = serializers.CharField()
    state = serializers.ChoiceField(choices=TOKEN_STATES)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    session_id = serializers.IntegerField(allow_null=True)


class DeviceTokensSerializer(serializers.Serializer[Any]):
    """The tokens of a device that work; none once its token was revoked."""

    tokens = DeviceTokenSerializer(many=True)


class DeviceToken(ApiView):
    @extend_schema(operation_id="devices_tokens", responses=answers({200: DeviceTokensSerializer}, 404))
    def get(self, request: Request, device_id: int) -> Response:
        """Which tokens of a device work: the one in use, those that live on, those not used yet."""
        device = access.device_for(member_of(request), device_id)
        return Response(DeviceTokensSerializer({"tokens": rows_of(device)}).data)

    @extend_schema(operation_id="devices_revoke_token", responses=answers({204: None}, 403, 404, 409))
    def delete(self, request: Request, device_id: int) -> Response:
        """Kill the tokens that a device logs in with, at once. The device stays, and is refused until it has a new one.

        Answers 204 again for a device that had none left.
        """
        member = member_of(request)
        actions.revoke(device=access.device_for(member, device_id, Permission.DELETE_DEVICES), by=member)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeviceTokenRotate(ApiView):
    @extend_schema(
        operation_id="devices_rotate_token",
        request=RotationSerializer,
        responses=answers({201: OpenedSessionSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request, device_id: int) -> Response:
        """Issue a new token for a device, which no later answer repeats. Until its first use nothing changes."""
        member = member_of(request)
        device = access.device_to_provision(member, device_id)
        values = read_body(request, RotationSerializer)
        limits.spend_by(request, limits.SESSION_OPENINGS)
        opened = actions.rotate(device=device, by=member, **values)
        answer = answer_of(opened, device.template, opened.session.state_at(server_time.now()))
        body = OpenedSessionSerializer(answer).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})
