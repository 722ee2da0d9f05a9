"""Refusals for lack of a permission, of pages and of the API, told to the audit log."""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction
from django.http import HttpRequest, HttpResponse

from console.teams.actions import audit, sign_ins
from console.teams.models import Member

log = structlog.get_logger(__name__)
PATH_LENGTH = 200
THINGS = {"template_id": "template", "device_id": "device", "session_id": "session"}
"""What the parameters of an address are called in the detail of an audit row."""


class RefusalMiddleware:
    """Writes one row for a member who was refused a permission, at most once a minute for each permission.

    It waits until the answer is made, so that no transaction takes the row back. A page's refusal passes here as an
    exception; the API's handler leaves it on the request (`console.kit.api_errors`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refusal = getattr(request, "refusal", None)
        member: Member | None = getattr(request, "member", None)
        if refusal is not None and member is not None and hasattr(refusal, "permission"):
            _tell(request, member, refusal)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, PermissionDenied):
            request.refusal = exception  # type: ignore[attr-defined]  # ours


def _tell(request: HttpRequest, member: Member, refusal: Any) -> None:
    permission = str(refusal.permission)
    try:
        with transaction.atomic():
            if not sign_ins.is_told(member.team_id, member.user, "permission.refused", permission):
                audit.record(
                    team=member.team,
                    by=member,
                    kind="permission.refused",
                    subject=permission,
                    **_asked(request, refusal),
                )
    except Error as error:
        # The refusal stands all the same; the database being away is not the visitor's fault.
        log.error("audit.failed", kind="permission.refused", error=type(error).__name__)


def _asked(request: HttpRequest, refusal: Any) -> dict[str, Any]:
    match = request.resolver_match
    asked = {THINGS[name]: value for name, value in (match.kwargs if match else {}).items() if name in THINGS}
    if template_id := getattr(refusal, "template_id", None):
        asked["template"] = template_id
    return {**asked, "method": request.method, "path": request.path[:PATH_LENGTH]}
