"""Copies of a template in the API: duplicates, and files."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_schema import answers
from console.kit.api_views import ApiView
from console.kit.problems import Invalid
from console.teams.access import require
from console.teams.api_auth import member_of
from console.teams.permissions import Permission
from templates_app import files
from templates_app.actions import templates as actions
from templates_app.api.answers import one
from templates_app.api.revision_serializers import CountedTemplateSerializer
from templates_app.api.views import template_of
from templates_app.snapshot import content_of


class YamlParser(BaseParser):
    """The bytes of a YAML file as `file`, as many as are needed to tell that it is too large."""

    media_type = files.CONTENT_TYPE

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        return {"file": bytes(stream.read(settings.TEMPLATE_IMPORT_MAX_BYTES + 1))}


class YamlRenderer(JSONRenderer):
    """Text as it is; refusals as JSON, which the problem's content type says."""

    media_type = files.CONTENT_TYPE
    format = "yaml"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return data.encode() if isinstance(data, str) else bytes(super().render(data, "application/json", None))


class TemplateDuplicate(ApiView):
    @extend_schema(
        operation_id="templates_duplicate",
        request=None,
        responses=answers({201: CountedTemplateSerializer}, 403, 404, 413, 415),
    )
    def post(self, request: Request, template_id: str) -> Response:
        """Make a copy with an id of its own, named "Copy of …"."""
        template = template_of(request, template_id, Permission.EDIT_TEMPLATES)
        return one(_fresh(actions.duplicate(template=template, by=member_of(request))), is_new=True)


class TemplateExport(ApiView):
    renderer_classes = (YamlRenderer,)

    @extend_schema(
        operation_id="templates_export",
        responses=answers({(200, files.CONTENT_TYPE): OpenApiTypes.STR}, 404, 406),
    )
    def get(self, request: Request, template_id: str) -> Response:
        """The template as one YAML file; docs/template.schema.json describes it."""
        return Response(files.write(content_of(template_of(request, template_id))))


class TemplateImport(ApiView):
    parser_classes = (YamlParser,)

    @extend_schema(
        operation_id="templates_import",
        request={files.CONTENT_TYPE: OpenApiTypes.STR},
        responses=answers({201: CountedTemplateSerializer}, 400, 403, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Make a template from a YAML file. A file with errors makes nothing; each error has its line and path."""
        member = member_of(request)
        require(member, Permission.EDIT_TEMPLATES)
        sent = request.data.get("file", b"") if isinstance(request.data, dict) else b""
        read = files.read(sent, max_bytes=settings.TEMPLATE_IMPORT_MAX_BYTES)
        if read.content is None:
            found = [
                {"field": problem.path, "detail": problem.message, "line": problem.line} for problem in read.problems
            ]
            raise Invalid("The file has errors, and nothing was made of it.", errors=found)
        return one(_fresh(actions.create(team=member.team, by=member, how="imported", **read.content)), is_new=True)


def _fresh(template: Any) -> Any:
    template.refresh_from_db()
    return template
