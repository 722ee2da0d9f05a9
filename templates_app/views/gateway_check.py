"""The page that checks the gateway from the outside."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from console.kit.problems import TooOften
from console.teams.access import MemberRequest, member_required
from templates_app import presenters
from templates_app.actions import gateway_check

PAGE = "templates_app/gateway_check.html"


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def page(request: MemberRequest) -> HttpResponse:
    """What the check does; POST makes it. Any member may: the address is the one that the firmware lines carry."""
    context: dict[str, Any] = {"address": presenters.gateway_address()}
    if request.method != "POST":
        return render(request, PAGE, context)
    is_piece = bool(request.headers.get("HX-Request"))
    status, retry_after = 200, None
    try:
        context["report"] = gateway_check.check(team=request.member.team)
    except TooOften as problem:
        context["refusal"] = problem.message
        retry_after = problem.retry_after
        status = 200 if is_piece else problem.status  # htmx swaps in no 429, and the sentence has to be read
    response = render(request, f"{PAGE}#result" if is_piece else PAGE, context, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
