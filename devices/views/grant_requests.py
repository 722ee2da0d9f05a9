"""Asking for the permission to provision, and answering who asked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.kit import limits
from console.kit.problems import Problem
from console.kit.text import any_of
from console.teams.access import MemberRequest, may_provision, member_required, who_may_give
from console.teams.models import GrantRequest
from console.teams.tabs import tabs_of
from console.teams.why_not import why_not
from devices import access
from devices.actions import grant_requests as actions
from devices.presenters.grant_requests import Asking, asking_of
from templates_app.models import Template


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def ask(request: MemberRequest) -> HttpResponse:
    """Asks those who manage members for one template, or without `template_id` for all. GET says what is missing."""
    given = request.POST if request.method == "POST" else request.GET
    template = access.template_or_all(request.member, given.get("template_id", "").replace("\0", ""))
    if request.method != "POST":
        return _ask_page(request, template)
    limits.spend_by(request, limits.GRANT_REQUESTS)
    try:
        asked = actions.ask(by=request.member, template=template, note=request.POST.get("note", ""))
    except Problem as problem:
        messages.error(request, problem.message)
        return _back(template)
    who = any_of(who_may_give(request.member.team_id))
    if asked.is_new:
        messages.success(request, f"{who} can see that you asked. You get mail when they answer.")
    else:
        messages.info(request, f"You asked already; {who} can see it.")
    return _back(template)


def _ask_page(request: MemberRequest, template: Template | None) -> HttpResponse:
    template_id = template.template_id if template else ""
    is_permitted = may_provision(request.member, template_id)
    context = {
        "tabs": tabs_of(request.member, "provisioning:matrix"),
        "template": template,
        "why_not": None if is_permitted else why_not(request.member, template_id),
    }
    return render(request, "provisioning/ask.html", context)


def _back(template: Template | None) -> HttpResponse:
    if template is None:
        return redirect("provisioning:ask")
    return redirect("templates:detail", template.template_id)


@require_safe
@member_required
def detail(request: MemberRequest, request_id: int) -> HttpResponse:
    """One request, with the buttons that answer it; the mail leads here."""
    asking = _asking(access.request_to_answer(request.member, request_id))
    context = {"tabs": tabs_of(request.member, "provisioning:matrix"), "asking": asking}
    return render(request, "provisioning/request.html", context)


@require_POST
@member_required
def approve(request: MemberRequest, request_id: int) -> HttpResponse:
    """Give what is asked for."""
    asked = access.request_to_answer(request.member, request_id)
    asking = _asking(asked)
    try:
        actions.approve(request=asked, by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, f"{asking.who} may provision {asking.what}, and is told by mail.")
    return redirect("provisioning:matrix")


@require_POST
@member_required
def decline(request: MemberRequest, request_id: int) -> HttpResponse:
    """Answer no."""
    asked = access.request_to_answer(request.member, request_id)
    asking = _asking(asked)
    try:
        actions.decline(request=asked, by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, f"The request of {asking.who} is declined, and they are told by mail.")
    return redirect("provisioning:matrix")


def _asking(asked: GrantRequest) -> Asking:
    (asking,) = asking_of([asked], team_id=asked.member.team_id)
    return asking
