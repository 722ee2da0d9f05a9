"""What the link in an invitation's mail leads to: for people with an account, without one, and with the wrong one."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import complete_signup
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.kit import server_time
from console.kit.forms import INVALID_STATUS, refuse
from console.kit.problems import Invalid, Problem
from console.kit.sign_up import SignUp
from console.kit.tokens import INVITATION_PREFIX, digest, is_ours
from console.teams import access
from console.teams.invitations import CAN_BE_ACCEPTED, SESSION_KEY, State, is_for, person_with, state_of
from console.teams.models import Invitation, User
from console.teams.permissions import Role
from devices.actions import joining
from devices.views.joining_form import JoiningForm
from templates_app import offers

GONE_STATUS = 410


@never_cache
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Keep which invitation the link is of, and go on at an address without the secret."""
    if not is_ours(secret, INVITATION_PREFIX):
        raise Http404
    key = digest(secret)
    if not Invitation.objects.filter(digest=key).exists():
        return render(request, "invitations/gone.html", {"why": UNKNOWN}, status=GONE_STATUS)
    request.session[SESSION_KEY] = key.hex()
    return redirect("invitation:page")


UNKNOWN = "It was sent again, and only the newest mail has the link that works. Else ask for another one."


@never_cache  # a browser keeps a 410 for good, and would show it for the next invitation too
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The invitation that this browser has opened. POST accepts it: as who is signed in, or with a new account."""
    invitation = _opened(request)
    if invitation is None:
        return render(request, "invitations/gone.html", {"why": UNKNOWN}, status=GONE_STATUS)
    user = request.user if isinstance(request.user, User) else None
    state = state_of(invitation, now=server_time.now())
    if state not in CAN_BE_ACCEPTED:
        return _no_more(request, invitation, state, user)
    context = {
        "invitation": invitation,
        "role": Role(invitation.role).with_article,
        "grants": offers.sentences(invitation.grants),
    }
    if user is not None:
        return _as_member(request, invitation, user, context)
    if person_with(invitation.email) is not None:
        return render(request, "invitations/sign_in.html", context)
    if settings.SIGN_UP is SignUp.CLOSED:
        return render(request, "invitations/closed.html", context, status=403)
    return _with_new_account(request, invitation, context)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Sign out, and show the same invitation to who signs in next."""
    opened = request.session.get(SESSION_KEY)
    get_adapter(request).logout(request)
    if opened:
        request.session[SESSION_KEY] = opened
    return redirect("invitation:page")


def _opened(request: HttpRequest) -> Invitation | None:
    key = request.session.get(SESSION_KEY)
    if not key:
        return None
    return Invitation.objects.filter(digest=bytes.fromhex(key)).select_related("team", "inviter__user").first()


def _no_more(request: HttpRequest, invitation: Invitation, state: State, user: User | None) -> HttpResponse:
    """Why it cannot be accepted. Who has accepted it goes to the team; nobody else is told whose it is."""
    member = user and invitation.team.members.filter(user=user).select_related("team").first()
    if state is State.ACCEPTED and user and member and is_for(invitation, user):
        access.choose_team(request, member)
        messages.info(request, f"You are in {invitation.team.name} already.")
        return redirect("overview")
    return render(request, "invitations/gone.html", {"why": joining.WHY_NOT[state]}, status=GONE_STATUS)


def _as_member(request: HttpRequest, invitation: Invitation, user: User, context: dict[str, Any]) -> HttpResponse:
    if not is_for(invitation, user):
        shown = {"email": invitation.email}
        return render(request, "invitations/other_account.html", shown, status=403 if request.method == "POST" else 200)
    if request.method != "POST":
        return render(request, "invitations/join.html", context)
    try:
        member = joining.accept(invitation=invitation, user=user)
    except Problem as problem:
        return render(request, "invitations/gone.html", {"why": problem.message}, status=problem.status)
    access.choose_team(request, member)
    request.session.pop(SESSION_KEY, None)
    messages.success(request, f"You are in {member.team.name} now.")
    return redirect("overview")


def _with_new_account(request: HttpRequest, invitation: Invitation, context: dict[str, Any]) -> HttpResponse:
    if request.method != "POST":
        return render(request, "invitations/sign_up.html", context | {"form": JoiningForm()})
    form = JoiningForm(request.POST)
    if form.is_valid():
        try:
            member = joining.sign_up(invitation=invitation, password=form.cleaned_data["password1"])
        except Invalid as problem:
            refuse(form, problem)
        except Problem as problem:
            return render(request, "invitations/gone.html", {"why": problem.message}, status=problem.status)
        else:
            request.session.pop(SESSION_KEY, None)
            answer: HttpResponse = complete_signup(
                request, member.user, settings.ACCOUNT_EMAIL_VERIFICATION, reverse("overview")
            )
            return answer
    return render(request, "invitations/sign_up.html", context | {"form": form}, status=INVALID_STATUS)
