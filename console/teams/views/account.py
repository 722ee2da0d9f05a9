"""The signed-in person's own profile, and the browsers they are signed in with."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from allauth.account.views import LogoutView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.kit.forms import INVALID_STATUS, refuse
from console.kit.problems import Invalid
from console.teams.account_forms import ProfileForm
from console.teams.actions import browsers as browser_actions
from console.teams.actions import people
from console.teams.browser_names import browser_name
from console.teams.models import User


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """One browser that the person is signed in with."""

    session_id: int
    name: str
    address: str
    since: datetime
    is_this: bool


def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's page; what pages have put aside in the browser (auth tokens, WiFi passwords) goes with the sign-in."""
    response: HttpResponse = LogoutView.as_view()(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """The person's name; POST saves it."""
    user = cast("User", request.user)
    if request.method != "POST":
        return render(request, "account/profile.html", {"form": ProfileForm(initial={"name": user.name})})
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            people.rename(user=user, name=form.cleaned_data["name"])
        except Invalid as problem:
            refuse(form, problem)
        else:
            messages.success(request, "Your name is saved.")
            return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form}, status=INVALID_STATUS)


@require_safe
@login_required
def browsers(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, this browser first, then the newest."""
    user = cast("User", request.user)
    UserSession.objects.create_from_request(request)
    sessions = UserSession.objects.purge_and_list(user)
    rows = [
        BrowserRow(s.pk, browser_name(s.user_agent), s.ip, s.created_at, s.session_key == request.session.session_key)
        for s in sessions
    ]
    rows.sort(key=lambda row: (not row.is_this, -row.since.timestamp()))
    return render(request, "account/browsers.html", {"rows": rows})


@require_POST
@login_required
def sign_out_browser(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of the person's own sign-ins."""
    user = cast("User", request.user)
    session = get_object_or_404(UserSession, pk=session_id, user_id=user.pk)
    is_this = session.session_key == request.session.session_key
    browser_actions.sign_out(session=session, user=user)
    if is_this:
        logout(request)
        return redirect("account_login")
    messages.success(request, f"{browser_name(session.user_agent)} is signed out.")
    return redirect("account_browsers")


@require_POST
@login_required
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End every sign-in of the person's but this one."""
    count = browser_actions.sign_out_others(user=cast("User", request.user), but_key=request.session.session_key)
    messages.success(request, "No other browser is signed in." if not count else f"Signed out of {count} more.")
    return redirect("account_browsers")
