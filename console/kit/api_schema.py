"""Pieces of the OpenAPI schema that every endpoint shares."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from console.kit.api_pages import PAGE_SIZE_MAX
from console.kit.findings import Severity
from console.kit.problems import CONTENT_TYPE

SEVERITIES = [(severity.value, severity.value) for severity in Severity]


class FieldErrorSerializer(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField()
    detail = serializers.CharField()
    line = serializers.IntegerField(required=False, help_text="Where the body is a file of lines.")


class AskSerializer(serializers.Serializer[Any]):
    """A request to send: its method, address and body."""

    method = serializers.CharField()
    href = serializers.CharField()
    body = serializers.DictField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal as RFC 9457 describes it. `type` is stable, `detail` is a sentence for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]  # DRF keeps fields apart
    permission = serializers.CharField(required=False, help_text="With 403: the permission that is missing.")
    who_may_give = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="With 403: the names of those who can give it."
    )
    request = AskSerializer(required=False, help_text="With 403 on provisioning: how to ask them for it.")


class FindingSerializer(serializers.Serializer[Any]):
    """One diagnosis: what is wrong, what shows it, what to do next. `code` is stable."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITIES)
    title = serializers.CharField()
    evidence = serializers.CharField(allow_blank=True)
    next_step = serializers.CharField(allow_blank=True)


PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="From a page's `next` or `previous`."),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX}),
]


def answers(ok: dict[Any, Any], *refusals: int) -> dict[Any, Any]:
    """The `responses` of an operation: what it answers, and its refusals; 401 and 429 are everywhere."""
    refused = {(status, CONTENT_TYPE): ProblemSerializer for status in (*refusals, 401, 429)}
    return {**ok, **refused}


def page_of(shape: type[serializers.BaseSerializer[Any]], name: str) -> Any:
    """The schema of a cursor page of `shape`."""
    return inline_serializer(
        name,
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )
