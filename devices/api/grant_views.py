"""Grants in the API: who may provision what, until when, and for how many devices."""

from django.shortcuts import get_object_or_404
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
from console.teams.models import Grant, Member
from devices import access
from devices.actions import grants as actions
from devices.api.grant_serializers import GrantFilterSerializer, GrantLimitsSerializer, GrantSerializer
from templates_app.models import Template


class GrantList(ApiView):
    @extend_schema(
        operation_id="grants_list",
        parameters=[GrantFilterSerializer, *PAGE_PARAMETERS],
        responses=answers({200: page_of(GrantSerializer, "GrantPage")}, 400),
    )
    def get(self, request: Request) -> Response:
        """The team's grants, newest first."""
        wanted = read_query(request, GrantFilterSerializer)
        rows = access.grants_of(member_of(request)).select_related("member__user")
        if "member_id" in wanted:
            rows = rows.filter(member=wanted["member_id"])
        if "template_id" in wanted:
            named = wanted["template_id"]
            rows = rows.filter(template_id="" if named == access.ALL else named)
        return page(request, rows, GrantSerializer, "-id", now=server_time.now())


class GrantDetail(ApiView):
    http_method_names = ["get", "put", "delete", "head"]

    @extend_schema(operation_id="grants_retrieve", responses=answers({200: GrantSerializer}, 404))
    def get(self, request: Request, member_id: int, template_id: str) -> Response:
        """The grant of one member for one template, or with `all` in its place for all templates."""
        by = member_of(request)
        template = access.template_or_all(by, template_id)
        rows = access.grants_of(by).select_related("member__user")
        return _answer(get_object_or_404(rows, member=member_id, template_id=actions.id_of(template)))

    @extend_schema(
        operation_id="grants_put",
        request=GrantLimitsSerializer,
        responses=answers({200: GrantSerializer, 201: GrantSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def put(self, request: Request, member_id: int, template_id: str) -> Response:
        """Let an installer provision the template, with exactly these limits. Sessions it no longer covers end."""
        by = member_of(request)
        member, template = _both(by, member_id, template_id)
        limits = actions.Limits(**read_body(request, GrantLimitsSerializer))
        given = actions.give(member=member, template=template, limits=limits, by=by)
        code = status.HTTP_201_CREATED if given.is_new else status.HTTP_200_OK
        return _answer(access.grants_of(by).select_related("member__user").get(pk=given.grant.pk), code)

    @extend_schema(operation_id="grants_delete", responses=answers({204: None}, 403, 404, 409))
    def delete(self, request: Request, member_id: int, template_id: str) -> Response:
        """Take the grant away. The member's open sessions that rest on it are cancelled at once."""
        by = member_of(request)
        member, template = _both(by, member_id, template_id)
        actions.take(member=member, template=template, by=by)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _both(by: Member, member_id: int, template_id: str) -> tuple[Member, Template | None]:
    return access.member_to_permit(by, member_id), access.template_or_all(by, template_id)


def _answer(grant: Grant, code: int = status.HTTP_200_OK) -> Response:
    return Response(GrantSerializer(grant, context={"now": server_time.now()}).data, status=code)
