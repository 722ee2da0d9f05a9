"""Who is in the team, and what each role may do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.teams import presenters
from console.teams.access import MemberRequest, member_required
from console.teams.models import Member
from console.teams.permissions import Permission
from console.teams.tabs import tabs_of


@require_safe
@member_required
def team(request: MemberRequest) -> HttpResponse:
    """The members, by role."""
    member = request.member
    context = {
        "tabs": tabs_of(member, "teams:team"),
        "members": Member.objects.filter(team=member.team).select_related("user").by_rank(),
        "may_invite": member.may(Permission.MANAGE_MEMBERS),
    }
    return render(request, "teams/team.html", context)


@require_safe
@member_required
def roles(request: MemberRequest) -> HttpResponse:
    """What each role may do, as `permissions.py` has it."""
    context = {
        "tabs": tabs_of(request.member, "teams:roles"),
        "roles": presenters.ROLES,
        "matrix": presenters.MATRIX_ROWS,
    }
    return render(request, "teams/roles.html", context)
