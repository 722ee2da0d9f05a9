"""API keys in the API: a key makes keys no wider than itself."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import server_time
from console.kit.api_pages import page
from console.kit.api_parsing import read_body
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.kit.repeated import key_parameter, request_id
from console.teams import access
from console.teams.actions import api_keys
from console.teams.api.key_serializers import KeySerializer, MadeKeySerializer, NewKeySerializer
from console.teams.api_auth import member_of
from console.teams.permissions import Permission


class KeyList(ApiView):
    permission_to_look = Permission.MANAGE_KEYS

    @extend_schema(
        operation_id="api_keys_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(KeySerializer, "KeyPage")}, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """The team's keys, newest first; secrets are known to nobody."""
        member = member_of(request)
        access.require(member, Permission.MANAGE_KEYS)
        return page(request, access.keys_of(member), KeySerializer, "-id", now=server_time.now())

    @extend_schema(
        operation_id="api_keys_create",
        parameters=[key_parameter("key")],
        request=NewKeySerializer,
        responses=answers({201: MadeKeySerializer, 200: MadeKeySerializer}, 400, 403, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Make a key that acts as the member whose key asks, no wider than it; its secret is in this answer only."""
        member, values = member_of(request), read_body(request, NewKeySerializer)
        access.require(member, Permission.MANAGE_KEYS)
        created = api_keys.create(member=member, request_id=request_id(request), **values)
        context = {"now": server_time.now(), "secret": created.secret}
        code = status.HTTP_201_CREATED if created.secret else status.HTTP_200_OK
        answer = MadeKeySerializer(created.key, context=context).data
        return Response(answer, status=code, headers={"Cache-Control": "no-store"})


class KeyDetail(ApiView):
    @extend_schema(
        operation_id="api_keys_revoke",
        description="Revoke a key: an own one, or with the permission to manage members anybody's. Again: 204.",
        responses=answers({204: None}, 403, 404),
    )
    def delete(self, request: Request, key_id: int) -> Response:
        """Let nobody in with the key any more, from its next call on."""
        member = member_of(request)
        api_keys.revoke(key=access.key_to_revoke(member, key_id), by=member)
        return Response(status=status.HTTP_204_NO_CONTENT)
