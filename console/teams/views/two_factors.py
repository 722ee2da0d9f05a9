"""Requiring two factors of a team's members."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from console.kit.problems import Invalid
from console.teams import access
from console.teams.access import MemberRequest, confirmed, member_required
from console.teams.actions import two_factors
from console.teams.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@confirmed
def two_factors_of_team(request: MemberRequest) -> HttpResponse:
    """POST requires them, or no more; GET is where a confirmation may lead back to, and goes on to the settings."""
    access.require(request.member, Permission.MANAGE_TEAM)
    if request.method == "POST":
        required = request.POST.get("required") == "yes"
        try:
            two_factors.require(team=request.member.team, required=required, by=request.member)
        except Invalid as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, "Two factors are required." if required else "Two factors are up to each member.")
    return redirect("teams:settings")
