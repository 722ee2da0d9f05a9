"""Requests for grants in the API: ask, and answer."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit import limits
from console.kit.api_pages import page
from console.kit.api_parsing import read_body
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams.access import require
from console.teams.api_auth import member_of
from console.teams.models import GrantRequest
from console.teams.permissions import Permission
from devices import access
from devices.actions import grant_requests as actions
from devices.api.grant_serializers import GrantRequestSerializer, NewGrantRequestSerializer


class GrantRequestList(ApiView):
    @extend_schema(
        operation_id="grant_requests_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(GrantRequestSerializer, "GrantRequestPage")}, 400),
    )
    def get(self, request: Request) -> Response:
        """Requests for grants, newest first: the team's for those who manage members, one's own for everybody else."""
        rows = access.requests_of(member_of(request)).select_related("member__user")
        return page(request, rows, GrantRequestSerializer, "-id")

    @extend_schema(
        operation_id="grant_requests_create",
        request=NewGrantRequestSerializer,
        responses=answers({201: GrantRequestSerializer, 200: GrantRequestSerializer}, 400, 404, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Ask those who manage members for the permission to provision. Answers 200 where the same request waits."""
        by, values = member_of(request), read_body(request, NewGrantRequestSerializer)
        require(by, Permission.VIEW)
        template = access.template_or_all(by, values["template_id"] or access.ALL)
        limits.spend_by(request, limits.GRANT_REQUESTS)
        asked = actions.ask(by=by, template=template, note=values["note"])
        return _answer(asked.request, status.HTTP_201_CREATED if asked.is_new else status.HTTP_200_OK)


class GrantRequestApproval(ApiView):
    @extend_schema(
        operation_id="grant_requests_approve",
        request=None,
        responses=answers({200: GrantRequestSerializer}, 403, 404, 409),
    )
    def post(self, request: Request, request_id: int) -> Response:
        """Grant what is asked for, without limits; a viewer becomes an installer. 409 where it is answered already."""
        by = member_of(request)
        asked = access.request_to_answer(by, request_id)
        actions.approve(request=asked, by=by)
        return _answer(asked)


class GrantRequestRefusal(ApiView):
    @extend_schema(
        operation_id="grant_requests_decline",
        request=None,
        responses=answers({200: GrantRequestSerializer}, 403, 404, 409),
    )
    def post(self, request: Request, request_id: int) -> Response:
        """Answer no. 409 where it is answered already."""
        by = member_of(request)
        asked = access.request_to_answer(by, request_id)
        actions.decline(request=asked, by=by)
        return _answer(asked)


def _answer(asked: GrantRequest, code: int = status.HTTP_200_OK) -> Response:
    asked.refresh_from_db()
    return Response(GrantRequestSerializer(asked).data, status=code)
