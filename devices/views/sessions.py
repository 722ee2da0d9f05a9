"""Pages of provisioning sessions: add a device, watch it come."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.kit import limits, server_time
from console.kit.client_address import client_address
from console.kit.problems import Problem
from console.kit.relative_time import distance
from console.kit.versions import version_of
from console.teams import access as team_access
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from console.teams.why_not import WhyNot, why_not
from devices import access
from devices.actions import evidence, returning, session_mails, tokens
from devices.actions import sessions as actions
from devices.diagnosis import NO_PERMISSION
from devices.diagnosis.evidence import Led
from devices.models import ProvisioningSession
from devices.presenters import handover
from devices.presenters.findings import Card, cards_of
from devices.presenters.report import evidence_rows, report_of
from devices.presenters.steps import steps_of
from devices.status import Route, SessionState
from devices.views import quiet, virtual
from devices.views.choosing import offered_to
from templates_app.access import template_to_provision
from templates_app.models import Template

TOLD_OF = (SessionState.OPEN, SessionState.EXPIRED, SessionState.FAILED)


@never_cache
@member_required
@require_http_methods(["GET", "POST"])
def session_new(request: MemberRequest) -> HttpResponse:
    """Choose a template and issue a token. The answer to POST is the session's page, the only one with the token."""
    if request.method == "POST":
        return _open(request)
    chosen = request.GET.get("template", "").replace("\0", "")
    context = offered_to(request.member, chosen) | {
        "request_id": uuid4(),
        "minutes": settings.TOKEN_LIFETIME_SECONDS // 60,
        "static_days": settings.STATIC_TOKEN_LIFETIME_DAYS,
        "is_static": request.GET.get("route") == Route.STATIC,
    }
    if any(template.template_id == chosen for template in context["templates"]):
        # No secret: whoever scans it signs in, and issues the token on the phone.
        context["phone_url"] = f"{settings.CONSOLE_URL}{reverse('sessions:new')}?template={chosen}"
    return render(request, "sessions/new.html", context)


def _open(request: MemberRequest) -> HttpResponse:
    template = template_to_provision(request.member, request.POST.get("template", "").replace("\0", ""))
    limits.spend_by(request, limits.SESSION_OPENINGS)
    try:
        opened = _opened(request, template)
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect(f"{reverse('sessions:new')}?template={template.template_id}")
    return opened_page(request, opened)


def _opened(request: MemberRequest, template: Template) -> actions.Opened:
    if request.POST.get("route") == Route.STATIC:
        return tokens.issue_static(
            template=template, by=request.member, request_id=uuid_of(request), address=client_address(request)
        )
    return actions.open_session(
        template=template, by=request.member, request_id=uuid_of(request), address=client_address(request)
    )


def opened_page(request: MemberRequest, opened: actions.Opened) -> HttpResponse:
    """The page of a session just opened, the only one with its token; a repeated request is sent to the session."""
    if opened.token is None:
        messages.info(request, "This session was already open; its token was shown once.")
        return redirect("sessions:detail", opened.session.pk)
    return _page(request, opened.session, token=opened.token)


def uuid_of(request: MemberRequest) -> UUID | None:
    """The number that a form carries so that sending it twice opens one session; None where it has none."""
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return None


@never_cache
@member_required
@require_GET
def session_detail(request: MemberRequest, session_id: int) -> HttpResponse:
    """A session with its steps. The polled part is answered only when it changed."""
    mark = quiet.mark_of(session_id) if request.htmx else ""
    session = access.session_for(request.member, session_id)
    if session.member_id == request.member.pk:
        session_mails.watched(session)
    if not request.htmx:
        return _page(request, session)
    progress = progress_of(request, session)
    version = progress["version"]
    if request.GET.get("seen") == version:
        response = HttpResponse(status=quiet.UNCHANGED)
    else:
        response = render(request, "sessions/detail.html#progress", progress)
    quiet.seal(request, response, session_id=session.pk, version=version, mark=mark, ends_at=session.expires_at)
    return response


def progress_of(request: MemberRequest, session: ProvisioningSession) -> dict[str, Any]:
    now = server_time.now()
    state = session.state_at(now)
    may_change = access.may_change(request.member, session)
    told = evidence.told_of(session, now=now)
    cards = cards_of(session, told.findings, state)
    may_name = may_change and request.member.may(Permission.EDIT_DEVICES)
    is_open, is_named = state is SessionState.OPEN, session.named_at is not None or session.is_reconfigure
    context = {
        "session": session,
        "state": state,
        "is_open": is_open,
        # The board tells its hotspot's name after its first login: until it is named, the page goes on asking.
        "is_polled": is_open or (may_name and not is_named and session.device_id is not None),
        "again": returning.candidates_of(session) if may_name else [],
        "steps": steps_of(session, now),
        "findings": cards,
        "why_not": _why_not(request, session, cards),
        "question": told.question if access.may_tell(request.member, session) else None,
        "report": report_of(session, cards, evidence_rows(session), now=now) if cards else "",
        "may_change": may_change,
        "may_name": may_name,
        "poll_seconds": settings.POLL_SECONDS,
    }
    context |= virtual.shown_of(session) if may_change else {}
    drawn = loader.render_to_string("sessions/progress.html", context)
    return context | {"version": version_of(drawn)}


def _why_not(request: MemberRequest, session: ProvisioningSession, cards: Iterable[Card]) -> WhyNot | None:
    """For who opened the session and was refused: who can give the permission back, unless somebody has."""
    if session.member_id != request.member.pk or all(card.code != NO_PERMISSION for card in cards):
        return None
    template_id = session.template.template_id
    return None if team_access.may_provision(request.member, template_id) else why_not(request.member, template_id)


def _page(request: MemberRequest, session: ProvisioningSession, *, token: str | None = None) -> HttpResponse:
    context = progress_of(request, session)
    context |= {"token": token} | virtual.offer_of(request, session)
    context |= {"may_tell": access.may_tell(request.member, session) and context["state"] in TOLD_OF}
    context |= {"leds": list(Led), "limit": settings.EVIDENCE_MAX_BYTES}
    context["overlap_text"] = distance(timedelta(seconds=session.overlap_seconds or 0))
    if context["is_open"]:
        context |= handover.handover_of(session, token=token)
    return render(request, "sessions/detail.html", context)


@member_required
@require_POST
def session_cancel(request: MemberRequest, session_id: int) -> HttpResponse:
    """Cancel an open session; its token dies with it."""
    session = access.session_to_change(request.member, session_id)
    if actions.cancel(session=session, by=request.member):
        messages.success(request, "The session is cancelled, and its token no longer works.")
    else:
        messages.info(request, "The session had already ended; nothing was changed.")
    return redirect("sessions:detail", session.pk)


@member_required
@require_POST
def session_name(request: MemberRequest, session_id: int) -> HttpResponse:
    """Name the device that came of a session."""
    session = access.session_to_change(request.member, session_id, Permission.EDIT_DEVICES)
    try:
        device = actions.name_device(session=session, name=request.POST.get("name", ""), by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect("sessions:detail", session.pk)
    messages.success(request, f"{device.name} is named and ready to use.")
    return redirect("devices:detail", device.pk)
