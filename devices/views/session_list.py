"""The list of provisioning sessions, and its export."""

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.kit import server_time
from console.kit.exports import as_csv, as_json
from console.kit.paging import capped_count, page_of
from console.teams.access import MemberRequest, member_required
from devices import access
from devices.models import ProvisioningSession
from devices.models.session import SessionQuerySet
from devices.presenters.session_rows import EXPORTED, exported, rows_of
from devices.session_filters import SessionFilters
from devices.status import Route, SessionState
from devices.views.filters import chips_of
from templates_app.access import templates_of

LISTED = 200
EXPORT_ROWS = 2000
"""Rows that an export reads at once."""


@require_safe
@member_required
def session_list(request: MemberRequest) -> HttpResponse:
    """Each try at bringing a device online, newest first; the rows refresh themselves while one is open."""
    now = server_time.now()
    filters = SessionFilters.of(request.GET)
    found = filters.apply(access.sessions_of(request.member), now=now)
    page = page_of(found.select_related("template", "device"), query=request.GET.dict(), size=settings.PAGE_SIZE)
    rows = rows_of(page.rows, now)
    context = {
        "rows": rows,
        "page": page,
        "url": request.get_full_path(),
        "is_live": any(row.state is SessionState.OPEN for row in rows),
        "query": request.GET,
    }
    if request.htmx:
        return render(request, "sessions/list.html#rows", context)
    context |= {
        "chips": chips_of(request.GET, "state", _states()),
        "route_chips": chips_of(request.GET, "route", [("Any route", ""), *_routes()]),
        "templates": templates_of(request.member).order_by("name", "pk")[:LISTED],
        "people": request.member.team.members.select_related("user").order_by("user__name", "pk")[:LISTED],
        "filters": filters,
        "count": capped_count(found, noun="session"),
        "is_filtered": filters.is_any,
        "export_query": request.GET.urlencode(),
    }
    return render(request, "sessions/list.html", context)


def _states() -> list[tuple[str, str]]:
    return [("All", ""), *((state.value.capitalize(), state.value) for state in SessionState)]


def _routes() -> list[tuple[str, str]]:
    return [(route.label, route.value) for route in Route if route.value]


@require_safe
@member_required
def session_export(request: MemberRequest, kind: str) -> HttpResponse:
    """The sessions that the list shows, all pages of it, as CSV or JSON; read and sent piece by piece."""
    now = server_time.now()
    found = SessionFilters.of(request.GET).apply(access.sessions_of(request.member), now=now)
    rows = (exported(session, now) for session in _all(found))
    match kind:
        case "csv":
            return as_csv(rows, EXPORTED, name="sessions")
        case "json":
            return as_json(rows, name="sessions")
        case _:
            raise Http404


def _all(found: SessionQuerySet) -> Iterator[ProvisioningSession]:
    """Newest first, some thousands at a time; sessions that are opened meanwhile come into none of them."""
    rows = found.select_related("template", "device").order_by("-pk")
    piece = list(rows[:EXPORT_ROWS])
    while piece:
        yield from piece
        piece = list(rows.filter(pk__lt=piece[-1].pk)[:EXPORT_ROWS]) if len(piece) == EXPORT_ROWS else []
