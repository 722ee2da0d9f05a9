"""One member of the team: role, removal, leaving, handing the team over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.kit.forms import INVALID_STATUS
from console.kit.problems import Problem
from console.teams import access
from console.teams.access import MemberRequest, confirmed, member_required
from console.teams.models import Member
from console.teams.permissions import Permission, Role
from console.teams.tabs import tabs_of
from devices.actions import membership
from devices.presenters import member as presenter

NOT_THE_ADDRESS = "This is not the member's e-mail address. Type it exactly."
NOT_THE_TEAM = "This is not the name of the team. Type it exactly, capital letters included."


def member_for(request: MemberRequest, member_id: int) -> Member:
    """A member of the current team. Raises Http404 for any other."""
    found: Member = get_object_or_404(
        Member.objects.select_related("user", "team"), pk=member_id, team=request.member.team
    )
    return found


@require_safe
@member_required
def member_detail(request: MemberRequest, member_id: int) -> HttpResponse:
    """Who this is, and what the reader may change about it."""
    return _page(request, member_for(request, member_id))


def _page(request: MemberRequest, shown: Member, *, error: str = "", status: int = 200) -> HttpResponse:
    by = request.member
    givable = access.givable_roles(by)
    may_change = Role(shown.role) in givable
    context = {
        "tabs": tabs_of(by, "teams:team"),
        "shown": shown,
        "role_words": presenter.role_words(Role(shown.role)),
        "choices": presenter.role_choices(by) if may_change else [],
        "may_remove": may_change and shown.pk != by.pk,
        "may_transfer": Role.OWNER in givable and shown.pk != by.pk and by.role == Role.OWNER,
        "is_self": shown.pk == by.pk,
        "error": error,
    }
    return render(request, "members/detail.html", context, status=status)


@require_POST
@member_required
def member_role(request: MemberRequest, member_id: int) -> HttpResponse:
    """Give a member another role."""
    shown = member_for(request, member_id)
    access.require(request.member, Permission.MANAGE_MEMBERS)
    chosen = request.POST.get("role", "")
    if chosen not in set(Role):
        return _page(request, shown, error="Choose one of the roles.", status=INVALID_STATUS)
    try:
        membership.change_role(member=shown, role=Role(chosen), by=request.member)
    except Problem as problem:
        shown = member_for(request, member_id)
        return _page(request, shown, error=problem.message, status=problem.status)
    messages.success(request, f"{shown.label} is {Role(chosen).with_article} now.")
    return redirect("members:detail", member_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def member_remove(request: MemberRequest, member_id: int) -> HttpResponse:
    """Take a member out of the team, once their address was typed."""
    shown = member_for(request, member_id)
    if shown.pk == request.member.pk:
        return redirect("members:leave")
    access.require_role(request.member, Role(shown.role))
    what = presenter.on_removal(shown)
    context = {"shown": shown, "goes": what.goes, "stays": what.stays}
    if request.method != "POST":
        return render(request, "members/remove.html", context)
    if not _is_confirmed(request, shown.user.email):
        return render(request, "members/remove.html", context | {"error": NOT_THE_ADDRESS}, status=INVALID_STATUS)
    try:
        membership.remove(member=shown, by=request.member)
    except Problem as problem:
        return render(request, "members/remove.html", context | {"error": problem.message}, status=problem.status)
    messages.success(request, f"{shown.label} is no longer in the team.")
    return redirect("teams:team")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@confirmed
def member_transfer(request: MemberRequest, member_id: int) -> HttpResponse:
    """Hand the team over to a member, once their address was typed."""
    shown = member_for(request, member_id)
    access.require(request.member, Permission.MANAGE_TEAM)
    what = presenter.on_transfer(shown)
    context = {"shown": shown, "goes": what.goes, "stays": what.stays}
    if request.method != "POST":
        return render(request, "members/transfer.html", context)
    if not _is_confirmed(request, shown.user.email):
        return render(request, "members/transfer.html", context | {"error": NOT_THE_ADDRESS}, status=INVALID_STATUS)
    try:
        membership.transfer(to=shown, by=request.member)
    except Problem as problem:
        return render(request, "members/transfer.html", context | {"error": problem.message}, status=problem.status)
    messages.success(request, f"{shown.label} owns the team now, and you are an admin.")
    return redirect("teams:team")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def leave(request: MemberRequest) -> HttpResponse:
    """Go out of the team, once its name was typed."""
    what = presenter.on_leaving(request.member)
    context = {"goes": what.goes, "stays": what.stays, "name": request.member.team.name}
    if request.method != "POST":
        return render(request, "members/leave.html", context)
    if not _is_confirmed(request, request.member.team.name):
        return render(request, "members/leave.html", context | {"error": NOT_THE_TEAM}, status=INVALID_STATUS)
    try:
        membership.leave(member=request.member)
    except Problem as problem:
        return render(request, "members/leave.html", context | {"error": problem.message}, status=problem.status)
    messages.success(request, f"You are no longer in {request.member.team.name}.")
    return redirect("overview")


def _is_confirmed(request: MemberRequest, expected: str) -> bool:
    return request.POST.get("confirm", "").strip() == expected.strip()
