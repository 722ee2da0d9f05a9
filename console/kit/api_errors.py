"""Every refusal of the API as an RFC 9457 problem."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from console.kit.problems import (
    CONTENT_TYPE,
    Forbidden,
    KeyTooNarrow,
    Problem,
    TooOften,
    TwoFactorsRequired,
    body,
)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: every refusal of the API as a problem; None lets an unknown exception become the 500 page."""
    set_rollback()
    if isinstance(exc, PermissionDenied) and "request" in context:
        context["request"]._request.refusal = exc  # for the audit log (`console.teams.refusals`)
    response = _response(exc)
    if response is not None:
        response.content_type = CONTENT_TYPE
    return response


def _response(exc: Exception) -> Response | None:
    match exc:
        case TooOften():
            headers = {"Retry-After": str(exc.retry_after)}
            return _problem(exc.status, "Too often", exc.message, exc.code, headers=headers)
        case Problem():
            title = {400: "Invalid input", 409: "Conflict", 429: "Too many", 503: "Unavailable"}[exc.status]
            return _problem(exc.status, title, exc.message, exc.code, errors=exc.errors, **exc.extra)
        case KeyTooNarrow():
            return _problem(403, "No permission", str(exc), "key_too_narrow", permission=exc.permission)
        case Forbidden():
            return _problem(403, "No permission", str(exc), "forbidden", **_missing(exc))
        case TwoFactorsRequired():
            return _problem(403, "Two factors required", str(exc), "two_factors_required")
        case PermissionDenied():
            return _problem(403, "No permission", "You may not do this.", "forbidden")
        case Http404():
            return _problem(404, "Not found", "There is nothing at this address that you can see.", "not_found")
        case OperationalError() | InterfaceError():
            return _problem(503, "Unavailable", "The database does not answer. Try again in a moment.", "unavailable")
        case exceptions.APIException():
            return _of_drf(exc)
    return None


def _missing(exc: Forbidden) -> dict[str, Any]:
    """Which permission is missing, who can give it, and how a program asks for it."""
    missing = {"permission": exc.permission, "who_may_give": exc.who_may_give}
    return missing | ({"request": exc.request} if exc.request else {})


def _of_drf(exc: exceptions.APIException) -> Response:
    headers = {}
    if isinstance(exc, exceptions.ValidationError):
        return _problem(400, "Invalid input", "Some fields are not usable as they are.", "invalid", errors=_errors(exc))
    if isinstance(exc, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        headers["WWW-Authenticate"] = "Bearer"
    code = exc.default_code.replace(" ", "_")
    title = code.replace("_", " ").capitalize()
    return _problem(exc.status_code, title, str(exc.detail), code, headers=headers)


def _errors(exc: exceptions.ValidationError) -> list[dict[str, str]]:
    return list(_flat(exc.detail, "")) if isinstance(exc.detail, dict) else list(_flat({"": exc.detail}, ""))


def _flat(detail: Any, path: str) -> Iterator[dict[str, str]]:
    """Each message with the path of its field: of a list, such as `permissions.0`, and of what is nested."""
    match detail:
        case dict():
            for name, inner in detail.items():
                yield from _flat(inner, f"{path}.{name}" if path else str(name))
        case list():
            for number, inner in enumerate(detail):
                yield from _flat(inner, f"{path}.{number}" if isinstance(inner, dict) else path)
        case _:
            yield {"field": path, "detail": str(detail)}


def _problem(
    status: int, title: str, detail: str, code: str, *, headers: dict[str, str] | None = None, **extra: Any
) -> Response:
    return Response(body(status, title, detail, code, **extra), status=status, headers=headers)
