"""Starting a team, and going from one to another."""

from collections.abc import Iterable
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from console.kit.forms import INVALID_STATUS, refuse
from console.kit.problems import Problem
from console.teams import access, links
from console.teams.access import MemberRequest, member_even_without_factors
from console.teams.actions import teams
from console.teams.forms import TeamForm
from console.teams.invitations import SESSION_KEY
from console.teams.models import Member, User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """The form of a new team, for a person who is in none and for one who wants another."""
    context = {
        "has_team": access.current_member(request) is not None,
        "has_invitation": SESSION_KEY in request.session,
    }
    if request.method != "POST":
        return render(request, "teams/start.html", context | {"form": TeamForm()})
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            owner = teams.start(user=cast("User", request.user), name=form.cleaned_data["name"])
        except Problem as problem:
            refuse(form, problem)
        else:
            access.choose_team(request, owner)
            return redirect("overview")
    return render(request, "teams/start.html", context | {"form": form}, status=INVALID_STATUS)


@require_http_methods(["GET", "HEAD", "POST"])
@member_even_without_factors
def switch(request: MemberRequest) -> HttpResponse:
    """The person's teams to choose from; POST goes to the one that `team` names, and there to the page `next`.

    A link in a mail asks for its team and page by GET, which leads on where that team is shown already.
    """
    memberships = access.memberships_of(request.user)
    place = links.next_of(request)
    if request.method == "POST":
        access.choose_team(request, _chosen(memberships, request.POST.get("team", "")))
        return redirect(place or "overview")
    wanted = _chosen(memberships, request.GET["team"]) if place and "team" in request.GET else None
    if wanted == request.member:
        return redirect(place)
    page = "teams/switch.html#teams" if request.htmx else "teams/switch.html"
    context = {"memberships": memberships, "member": request.member, "wanted": wanted, "next": place}
    return render(request, page, context)


def _chosen(memberships: Iterable[Member], team: str) -> Member:
    found = next((member for member in memberships if str(member.team_id) == team), None)
    if found is None:
        raise Http404
    return found
