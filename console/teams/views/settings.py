"""The settings of a team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from console.kit.forms import INVALID_STATUS, refuse
from console.kit.problems import Invalid
from console.teams import access
from console.teams.access import MemberRequest, member_required
from console.teams.actions import teams
from console.teams.forms import SettingsForm, settings_form_of
from console.teams.permissions import Permission
from console.teams.tabs import tabs_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def settings(request: MemberRequest) -> HttpResponse:
    """The team's name, and how long it keeps things; POST saves them, what deletes something once it is confirmed."""
    access.require(request.member, Permission.MANAGE_TEAM)
    team = request.member.team
    context = {"tabs": tabs_of(request.member, "teams:settings")}
    if request.method != "POST":
        return render(request, "teams/settings.html", context | {"form": settings_form_of(team)})
    form = SettingsForm(request.POST)
    if form.is_valid():
        typed, may_shorten = form.cleaned_data["name"], form.cleaned_data["may_shorten"]
        try:
            teams.change(team=team, name=typed, days=form.days, may_shorten=may_shorten, by=request.member)
        except Invalid as problem:
            if "goes" in problem.extra:
                form.ask_to_confirm()
            context |= problem.extra
            refuse(form, problem)
        else:
            messages.success(request, "The team's settings are saved.")
            return redirect("teams:settings")
    return render(request, "teams/settings.html", context | {"form": form}, status=INVALID_STATUS)
