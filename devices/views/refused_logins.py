"""The page of refused logins."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from console.kit.paging import capped_count
from console.teams.access import MemberRequest, member_required
from devices import access
from devices.presenters.refused import rows_of
from devices.status import Refusal
from devices.views.filters import chips_of

SHOWN = 200
REASONS = (
    Refusal.DELETED,
    Refusal.REVOKED,
    Refusal.EXPIRED,
    Refusal.CANCELLED,
    Refusal.TEMPLATE_MISMATCH,
    Refusal.NO_PERMISSION,
)
"""Those that a token of the team can be refused for; a token that nobody issued belongs to no team."""


@member_required
@require_GET
def refused_list(request: MemberRequest) -> HttpResponse:
    """Who called with a token of the team and was refused, the latest call first."""
    found = access.refused_logins_of(request.member)
    reason = request.GET.get("reason", "")
    if reason in REASONS:
        found = found.filter(reason=reason)
    newest = found.select_related("token__device").order_by("-last_at", "-pk")[:SHOWN]
    choices = [("All", ""), *((reason.value.capitalize(), reason.value) for reason in REASONS)]
    context = {
        "rows": rows_of(newest),
        "chips": chips_of(request.GET, "reason", choices),
        "count": capped_count(found, noun="refused login"),
        "shown": SHOWN,
        "is_filtered": bool(request.GET.get("reason")),
    }
    return render(request, "devices/refused.html", context)
