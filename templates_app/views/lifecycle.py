"""Duplicating and deleting a template."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from console.kit.forms import INVALID_STATUS
from console.kit.problems import Conflict
from console.teams.access import MemberRequest, confirmed, member_required
from console.teams.permissions import Permission
from templates_app import access
from templates_app.actions import templates
from templates_app.models import Template

DELETE_GOES = [
    "The template with its revisions, datastreams and events.",
    "Its provisioning sessions, which have all ended.",
    "Grants that are for this template alone.",
]
DELETE_STAYS = ["Boards that were flashed with its lines: their logins are refused until they get lines of another."]


@require_POST
@member_required
def duplicate(request: MemberRequest, template_id: str) -> HttpResponse:
    """Makes a copy with an id of its own."""
    template = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    copy = templates.duplicate(template=template, by=request.member)
    messages.success(request, f"{copy.name} is made. Give it a name of its own.")
    return redirect("templates:edit", copy.template_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@confirmed
def delete(request: MemberRequest, template_id: str) -> HttpResponse:
    """Deletes a template that nothing is made from, once its name was typed; else says what stands in the way."""
    template = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    if request.method != "POST":
        return _page(request, template)
    if request.POST.get("confirm", "").strip() != template.name:
        error = "This is not the name of the template. Type it exactly, capital letters included."
        return _page(request, template, status=INVALID_STATUS, error=error)
    try:
        templates.delete(template=template, by=request.member)
    except Conflict as problem:
        return _page(request, template, status=problem.status)
    messages.success(request, f"Template {template.name} is deleted.")
    return redirect("templates:list")


def _page(request: MemberRequest, template: Template, *, status: int = 200, **context: Any) -> HttpResponse:
    devices = list(template.devices.order_by("-pk")[: templates.LISTED])
    context |= {
        "template": template,
        "devices": devices,
        "is_cut": len(devices) == templates.LISTED,
        "sessions": list(template.sessions.unfinished().order_by("-pk")[: templates.LISTED]),
        "goes": DELETE_GOES,
        "stays": DELETE_STAYS,
    }
    return render(request, "templates_app/delete.html", context, status=status)
