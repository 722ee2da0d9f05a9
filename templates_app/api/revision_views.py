"""Revisions of a template in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_pages import page
from console.kit.api_parsing import read_body
from console.kit.api_schema import PAGE_PARAMETERS, answers, page_of
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from templates_app import history
from templates_app.actions import revisions
from templates_app.api.answers import one
from templates_app.api.revision_serializers import (
    CountedTemplateSerializer,
    RestoreSerializer,
    RevisionRowSerializer,
    RevisionSerializer,
)
from templates_app.api.views import template_of
from templates_app.changes import changes, sentence


class RevisionList(ApiView):
    @extend_schema(
        operation_id="revisions_list",
        parameters=PAGE_PARAMETERS,
        responses=answers({200: page_of(RevisionRowSerializer, "RevisionPage")}, 400, 404),
    )
    def get(self, request: Request, template_id: str) -> Response:
        """Every saved change of a template, newest first."""
        return page(request, template_of(request, template_id).revisions.all(), RevisionRowSerializer, "-number")


class RevisionDetail(ApiView):
    @extend_schema(operation_id="revisions_retrieve", responses=answers({200: RevisionSerializer}, 404))
    def get(self, request: Request, template_id: str, number: int) -> Response:
        """One revision: what the template held after it, and what it changed."""
        template = template_of(request, template_id)
        revision = history.revision_of(template, number)
        before = template.revisions.filter(number=number - 1).first()
        values = {
            "number": revision.number,
            "by": revision.by,
            "at": revision.at,
            "sentence": sentence(before.content if before else None, revision.content),
            "changes": changes(before.content, revision.content) if before else (),
            "content": revision.content,
        }
        return Response(RevisionSerializer(values).data)


class RevisionRestore(ApiView):
    @extend_schema(
        operation_id="revisions_restore",
        request=RestoreSerializer,
        responses=answers({200: CountedTemplateSerializer}, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request, template_id: str, number: int) -> Response:
        """Make what the template was at this revision its next one. Nothing to change makes no revision."""
        template = template_of(request, template_id, Permission.EDIT_TEMPLATES)
        wanted = history.revision_of(template, number)
        seen = read_body(request, RestoreSerializer).get("revision", template.revision)
        return one(revisions.restore(template=template, to=wanted, revision=seen, by=member_of(request)))
