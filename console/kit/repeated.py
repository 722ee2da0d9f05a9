"""Requests that can be repeated safely: a UUID of the caller's own names the first."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from console.kit.problems import Invalid

IDEMPOTENCY_KEY = "Idempotency-Key"


def key_parameter(noun: str) -> OpenApiParameter:
    """The header as the schema tells it; `noun` is what the first request opened."""
    return OpenApiParameter(
        IDEMPOTENCY_KEY,
        {"type": "string", "format": "uuid"},
        OpenApiParameter.HEADER,
        description=f"A UUID of your own. A repeated request answers 200 with the first one's {noun}.",
    )


def request_id(request: Request) -> UUID | None:
    """The header's UUID, None without it. Raises Invalid for a text that is none."""
    text = request.headers.get(IDEMPOTENCY_KEY)
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"The {IDEMPOTENCY_KEY} header is no UUID.", field=IDEMPOTENCY_KEY) from error
