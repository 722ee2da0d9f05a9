"""Templates in the API."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_pages import page
from console.kit.api_parsing import read_body, read_query
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams.access import require
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from templates_app import access
from templates_app.actions import templates as actions
from templates_app.api.answers import one
from templates_app.api.firmware import firmware_of
from templates_app.api.firmware_serializers import FirmwareSerializer
from templates_app.api.revision_serializers import CountedTemplateSerializer
from templates_app.api.serializers import (
    NewTemplateSerializer,
    TemplateChangeSerializer,
    TemplateFilterSerializer,
    TemplateSerializer,
)
from templates_app.models import Template
from templates_app.template_ids import is_template_id


def template_of(request: Request, template_id: str, permission: Permission = Permission.VIEW) -> Template:
    """The template at this address. Raises Http404 or Forbidden."""
    if not is_template_id(template_id):
        raise Http404
    return access.template_for(member_of(request), template_id, permission)


class TemplateList(ApiView):
    @extend_schema(
        operation_id="templates_list",
        parameters=[TemplateFilterSerializer, *PAGE_PARAMETERS],
        responses=answers({200: page_of(TemplateSerializer, "TemplatePage")}, 400),
    )
    def get(self, request: Request) -> Response:
        """The team's templates, newest first."""
        wanted = read_query(request, TemplateFilterSerializer)["is_archived"]
        rows = access.templates_of(member_of(request))
        if wanted is not None:
            rows = rows.archived() if wanted else rows.in_use()
        return page(request, rows.prefetch_related("datastreams", "events"), TemplateSerializer, "-id")

    @extend_schema(
        operation_id="templates_create",
        request=NewTemplateSerializer,
        responses=answers({201: CountedTemplateSerializer}, 400, 403, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Make a template; the server gives it its id."""
        member = member_of(request)
        require(member, Permission.EDIT_TEMPLATES)
        values = read_body(request, NewTemplateSerializer)
        template = actions.create(team=member.team, by=member, **values)
        template.refresh_from_db()
        return one(template, is_new=True)


class TemplateDetail(ApiView):
    @extend_schema(operation_id="templates_retrieve", responses=answers({200: CountedTemplateSerializer}, 404))
    def get(self, request: Request, template_id: str) -> Response:
        """One template."""
        return one(template_of(request, template_id))

    @extend_schema(
        operation_id="templates_change",
        request=TemplateChangeSerializer,
        responses=answers({200: CountedTemplateSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def patch(self, request: Request, template_id: str) -> Response:
        """Change some fields of a template, which makes its next revision."""
        template = template_of(request, template_id, Permission.EDIT_TEMPLATES)
        content = read_body(request, TemplateChangeSerializer)
        revision = content.pop("revision", template.revision)
        template = actions.apply(template=template, content=content, revision=revision, by=member_of(request))
        return one(template)

    @extend_schema(operation_id="templates_delete", responses=answers({204: None}, 403, 404, 409))
    def delete(self, request: Request, template_id: str) -> Response:
        """Delete a template that no device is made from, with its revisions and ended sessions. Else 409 names them."""
        template = template_of(request, template_id, Permission.EDIT_TEMPLATES)
        actions.delete(template=template, by=member_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TemplateFirmware(ApiView):
    @extend_schema(operation_id="templates_firmware", responses=answers({200: FirmwareSerializer}, 404))
    def get(self, request: Request, template_id: str) -> Response:
        """The lines for a sketch of this template, the hotspot names that boards make, and what may go wrong."""
        template = template_of(request, template_id)
        others = access.names_beside(member_of(request), template_id)
        return Response(FirmwareSerializer(firmware_of(template, others)).data)
