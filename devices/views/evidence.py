"""What people tell of a session and its board, and the report of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from console.kit import server_time
from console.kit.client_address import client_address
from console.kit.problems import Conflict, Problem
from console.teams.access import MemberRequest, member_required
from devices import access
from devices.actions import evidence
from devices.models.evidence import EvidenceKind
from devices.presenters.findings import cards_of
from devices.presenters.report import evidence_rows, report_of


@sensitive_post_parameters("value")
@member_required
@require_POST
def session_evidence(request: MemberRequest, session_id: int) -> HttpResponse:
    """Keep an answer, a last_error, a serial log or a board's description, and show what follows."""
    session = access.session_to_tell_of(request.member, session_id)
    kind = request.POST.get("kind", "")
    if kind not in set(EvidenceKind):
        messages.error(request, "Choose what you want to tell: the LED, the phone, last_error, or what the board says.")
        return redirect("sessions:detail", session.pk)
    value, address = request.POST.get("value", ""), client_address(request)
    try:
        evidence.record(session=session, kind=EvidenceKind(kind), value=value, address=address)
    except Problem as problem:
        if request.htmx and isinstance(problem, Conflict):
            # The session ended before its page knew. The page sees so at its next poll, and nothing went wrong.
            return HttpResponse(status=204)
        if request.htmx:
            return HttpResponse(problem.message, status=problem.status, content_type="text/plain; charset=utf-8")
        messages.error(request, problem.message)
    else:
        if request.htmx:
            return HttpResponse(status=204)
        messages.success(request, "Noted. The findings below go by it.")
    return redirect("sessions:detail", session.pk)


@never_cache
@member_required
@require_GET
def session_report(request: MemberRequest, session_id: int) -> HttpResponse:
    """The session's report as plain text."""
    session = access.session_for(request.member, session_id)
    now = server_time.now()
    told = evidence.told_of(session, now=now)
    cards = cards_of(session, told.findings, session.state_at(now))
    text = report_of(session, cards, evidence_rows(session), now=now)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
