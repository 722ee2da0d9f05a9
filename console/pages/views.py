"""The landing page, the overview and the command palette."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.kit import server_time
from console.pages import finding_things, overview_page
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission

QUERY_LIMIT = 100


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Landfall is, for those who are signed out; the others go on to their overview."""
    if request.user.is_authenticated:
        return redirect("overview")
    return render(request, "pages/landing.html")


@require_safe
@member_required
def overview(request: MemberRequest) -> HttpResponse:
    """How the team's devices are, what happened last, and what to do next."""
    now = server_time.now()
    numbers = overview_page.numbers_of(request.member, now=now)
    context = {
        "numbers": numbers,
        "steps": overview_page.first_steps(request.member, numbers),
        "sessions": overview_page.recent_sessions(request.member, now=now),
        "events": overview_page.recent_events(request.member),
        "asking": overview_page.waiting_requests(request.member),
        "asked": overview_page.own_requests(request.member, now=now),
        "may_edit": request.member.may(Permission.EDIT_TEMPLATES),
    }
    return render(request, "pages/overview.html", context)


@never_cache
@require_safe
@member_required
def palette(request: MemberRequest) -> HttpResponse:
    """Templates, devices and pages whose name contains `q`, as JSON: a list of {title, kind, url}."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LIMIT]
    return JsonResponse([found.as_json() for found in finding_things.find(request.member, text)], safe=False)
