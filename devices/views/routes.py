"""The ways to hand a session's token to a board: its hotspot, and USB."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from console.teams.access import MemberRequest, member_required
from devices import access
from devices.actions import sessions as actions
from devices.presenters.routes import route_context
from devices.status import Route
from devices.views.sessions import progress_of

PAGES = {Route.HOTSPOT: "sessions:hotspot", Route.USB: "sessions:usb"}
"""Routes with a page of their own, by its URL name."""

CALLS_THE_BOARD: dict[str, list[str]] = {**settings.SECURE_CSP, "connect-src": [CSP.SELF, settings.BOARD_SETUP_URL]}
"""The policy of the one page that may call a board: its own server, and the board's fixed address."""


@member_required
@require_POST
def session_route(request: MemberRequest, session_id: int) -> HttpResponse:
    """Note which way the token goes, and lead to that way's page."""
    session = access.session_to_change(request.member, session_id)
    chosen = request.POST.get("route", "")
    if chosen not in PAGES:
        messages.error(request, "Choose the board's hotspot or USB.")
        return redirect("sessions:detail", session.pk)
    actions.choose_route(session=session, route=Route(chosen))
    return redirect(PAGES[Route(chosen)], session.pk)


@csp_override(CALLS_THE_BOARD)
@never_cache
@member_required
@require_GET
def session_hotspot(request: MemberRequest, session_id: int) -> HttpResponse:
    """The hotspot route, step by step."""
    return _page(request, session_id, "sessions/hotspot.html", Route.HOTSPOT)


@never_cache
@member_required
@require_GET
def session_usb(request: MemberRequest, session_id: int) -> HttpResponse:
    """The USB route: the board's serial port in the browser."""
    return _page(request, session_id, "sessions/usb.html", Route.USB)


def _page(request: MemberRequest, session_id: int, template: str, route: Route) -> HttpResponse:
    session = access.session_for(request.member, session_id)
    return render(
        request, template, progress_of(request, session) | route_context(session) | {"route_name": route.label}
    )
