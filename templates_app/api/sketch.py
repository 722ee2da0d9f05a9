"""Check my sketch in the API: the same findings as data."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_parsing import StrictSerializer, read_body
from console.kit.api_schema import FindingSerializer, answers
from console.kit.api_views import ApiView
from console.teams.api_auth import member_of
from templates_app.api.views import template_of
from templates_app.firmware import LibraryVersion
from templates_app.sketch.values import Kind, Report
from templates_app.sketch_form import LIBRARY_CHOICES, too_long
from templates_app.sketch_report import report_of

KINDS = [kind.value for kind in Kind]


class PastedTextField(serializers.CharField):
    """Any text; zero bytes, which serial logs may begin with, are no reason to refuse it."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(data.replace("\x00", "\ufffd") if isinstance(data, str) else data)


class SketchTextSerializer(StrictSerializer):
    """A text to check: a sketch, its first lines, a board_info.json or a serial log. It is not stored."""

    text = PastedTextField(trim_whitespace=False)
    library = serializers.ChoiceField(
        choices=LIBRARY_CHOICES,
        required=False,
        allow_null=True,
        default=None,
        help_text="The library that the sketch is for, where you know it.",
    )

    def validate_text(self, text: str) -> str:
        if reason := too_long(text):
            raise serializers.ValidationError(reason)
        return text


class SketchFindingSerializer(FindingSerializer):
    """A finding with its place, and the line that puts it right. Secrets are masked in all of it."""

    line = serializers.IntegerField(allow_null=True, help_text="From 1; null where something is missing.")
    corrected = serializers.CharField(allow_blank=True, help_text="The line to put there, or to add.")


class SketchReportSerializer(serializers.Serializer[Any]):
    """What the text was taken for, and what is wrong in it, worst first."""

    kind = serializers.ChoiceField(choices=KINDS)
    is_clean = serializers.BooleanField(help_text="Whether nothing is wrong; findings of severity info do not count.")
    findings = SketchFindingSerializer(many=True)
    left_out = serializers.IntegerField(help_text="Findings beyond the 50 that are told.")


def report_data(report: Report) -> dict[str, Any]:
    """The values of `SketchReportSerializer`."""
    return {
        "kind": report.kind.value,
        "is_clean": report.is_clean,
        "left_out": report.left_out,
        "findings": [
            {
                "code": found.finding.code,
                "severity": found.finding.severity.value,
                "title": found.finding.title,
                "evidence": found.finding.evidence,
                "next_step": found.finding.next_step,
                "line": found.line,
                "corrected": found.corrected,
            }
            for found in report.findings
        ],
    }


class TemplateCheck(ApiView):
    @extend_schema(
        operation_id="templates_check",
        request=SketchTextSerializer,
        responses=answers({200: SketchReportSerializer}, 400, 404, 413, 415),
    )
    def post(self, request: Request, template_id: str) -> Response:
        """Hold a text against the template: findings with line, evidence and corrected line."""
        template = template_of(request, template_id)
        values = read_body(request, SketchTextSerializer)
        library = LibraryVersion(values["library"]) if values["library"] else None
        report = report_of(template, member_of(request), values["text"], library)
        return Response(SketchReportSerializer(report_data(report)).data)
