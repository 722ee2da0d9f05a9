"""The page of the funnel: how far provisioning sessions come, and what stops them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.teams.access import MemberRequest, member_required
from devices.actions.funnel import facts_of
from devices.funnel import Dimension, Reached, tallies
from devices.presenters import funnel as presenter
from devices.views.filters import chips_of
from templates_app.access import templates_of

PERIODS = (7, 30, 90)
USUAL_DAYS = 30


@require_safe
@member_required
def funnel(request: MemberRequest) -> HttpResponse:
    """The funnel of a period, and broken down by what the address says."""
    days, by = days_in(request.GET.get("days")), dimension_in(request.GET.get("by"))
    total, parts = tallies(facts_of(request.member.team, by=by, days=days))
    cause = total.commonest_cause
    names = dict(templates_of(request.member).values_list("template_id", "name")) if by is Dimension.TEMPLATE else {}
    query = {"days": str(days), "by": by.value}
    context = {
        "total": total,
        "drawing": presenter.drawing_of(total),
        "median": presenter.duration(total.median_seconds),
        "cause": presenter.cause_words(cause[0]) if cause else "",
        "cause_count": cause[1] if cause else 0,
        "cause_url": presenter.sessions_url({"days": str(days), "cause": cause[0]}) if cause else "",
        "parts": presenter.parts_of(parts, by=by, days=days, names=names),
        "is_cut": len(parts) > presenter.PARTS_SHOWN,
        "steps": [step.label for step in Reached],
        "by": by,
        "days": days,
        "day_chips": chips_of(query, "days", [(f"{period} days", str(period)) for period in PERIODS]),
        "by_chips": chips_of(query, "by", [(dimension.label, dimension.value) for dimension in Dimension]),
    }
    return render(request, "sessions/funnel.html", context)


def days_in(text: str | None) -> int:
    """One of the periods that the page offers; the usual one for anything else."""
    return next((period for period in PERIODS if str(period) == text), USUAL_DAYS)


def dimension_in(text: str | None) -> Dimension:
    """What to break down by; the template for anything that is no dimension."""
    return Dimension(text) if text in set(Dimension) else Dimension.TEMPLATE
