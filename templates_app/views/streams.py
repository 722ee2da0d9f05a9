"""The page of a template's datastreams and events."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from console.kit.forms import INVALID_STATUS
from console.kit.problems import Conflict, Invalid
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from templates_app import access, streams_page
from templates_app.actions import datastreams
from templates_app.content import cleaned
from templates_app.forms import revision_in
from templates_app.models import Template
from templates_app.snapshot import content_of
from templates_app.stream_form import StreamForm, blank_datastream, blank_event, form_of, form_sent
from templates_app.streams import (
    CODE_LIMIT,
    STREAM_NAME_LIMIT,
    TITLE_LIMIT,
    UNIT_LIMIT,
    EventSeverity,
    ValueKind,
)
from templates_app.tabs import tabs_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def streams(request: MemberRequest, template_id: str) -> HttpResponse:
    """Virtual pins and event codes with their names. POST saves all rows; with `add` or `remove` it saves none."""
    if request.method != "POST":
        template = access.template_for(request.member, template_id)
        content = content_of(template)
        if not request.member.may(Permission.EDIT_TEMPLATES):
            return _page(
                request,
                template,
                stream_lines=streams_page.stream_lines(content),
                event_lines=streams_page.event_lines(content),
            )
        return _form_page(request, template, form_of(content), template.revision)
    template = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    try:
        form = form_sent(request.POST)
    except Invalid as problem:
        form = form_of(content_of(template))
        form.errors.append(problem.message)
        return _form_page(request, template, form, template.revision, status=INVALID_STATUS)
    if "add" in request.POST or "remove" in request.POST:
        form.add(request.POST.get("add", ""))
        form.remove(request.POST.get("remove", ""))
        return _form_page(request, template, form, request.POST.get("revision", ""), is_unsaved=True)
    return _save(request, template, form)


def _save(request: MemberRequest, template: Template, form: StreamForm) -> HttpResponse:
    sent = request.POST.get("revision", "")
    try:
        saved = datastreams.save(template=template, revision=revision_in(sent), by=request.member, **form.content())
    except Conflict as problem:
        return _conflict_page(request, template, form, problem)
    except Invalid as problem:
        form.refuse(problem)
        return _form_page(request, template, form, sent, status=INVALID_STATUS)
    messages.success(request, f"Revision {saved.revision} is saved.")
    return redirect("templates:streams", saved.template_id)


def _conflict_page(request: MemberRequest, template: Template, form: StreamForm, problem: Conflict) -> HttpResponse:
    """The editor's rows again, beside what was saved meanwhile; saving once more is then a choice."""
    template.refresh_from_db()
    saved = content_of(template)
    context = {
        "conflict": problem.message,
        "differences": streams_page.differences(cleaned({**saved, **form.content()}), saved),
        "saved": template.revisions.order_by("-number").first(),
    }
    return _form_page(request, template, form, template.revision, status=problem.status, **context)


def _form_page(
    request: MemberRequest, template: Template, form: StreamForm, revision: int | str, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "revision": revision,
        "blank_datastream": blank_datastream(),
        "blank_event": blank_event(),
        "kinds": list(ValueKind),
        "severities": list(EventSeverity),
        "limits": {"name": STREAM_NAME_LIMIT, "unit": UNIT_LIMIT, "code": CODE_LIMIT, "title": TITLE_LIMIT},
        "datastreams_limit": settings.TEMPLATE_DATASTREAMS_LIMIT,
        "events_limit": settings.TEMPLATE_EVENTS_LIMIT,
    }
    return _page(request, template, status=status, **context, **more)


def _page(request: MemberRequest, template: Template, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"template": template, "tabs": tabs_of(template, "templates:streams"), "page_name": "Datastreams"}
    return render(request, "templates_app/streams.html", context, status=status)
