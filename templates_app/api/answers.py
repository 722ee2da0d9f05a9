"""One template as the API answers it."""

from rest_framework import status
from rest_framework.response import Response

from templates_app.api.revision_serializers import CountedTemplateSerializer
from templates_app.device_counts import device_counts, drifted_count_of
from templates_app.models import Template


def one(template: Template, *, is_new: bool = False) -> Response:
    """`template` with its devices counted; 201 for a new one."""
    counts = {"devices_count": device_counts([template])[template.pk], "drifted_count": drifted_count_of(template)}
    code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return Response(CountedTemplateSerializer(template, context=counts).data, status=code)
