"""Invitations of a team: the list, a new one, sending again, revoking."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.kit import limits, server_time
from console.kit.forms import INVALID_STATUS, refuse
from console.kit.paging import page_of
from console.kit.problems import Problem
from console.teams import access
from console.teams.access import MemberRequest, member_required
from console.teams.models import Invitation
from console.teams.permissions import Permission, Role
from console.teams.tabs import tabs_of
from devices.access import invitations_of
from devices.actions import invitations as actions
from devices.presenters import invitation as presenter
from devices.views.invitation_form import InvitationForm
from templates_app.access import templates_of
from templates_app.template_ids import is_template_id


@require_safe
@member_required
def invitation_list(request: MemberRequest) -> HttpResponse:
    """Every invitation of the team, newest first."""
    access.require(request.member, Permission.MANAGE_MEMBERS)
    page = page_of(invitations_of(request.member), query=request.GET.dict(), size=settings.PAGE_SIZE)
    givable = access.givable_roles(request.member)
    context = {
        "tabs": tabs_of(request.member, "invitations:list"),
        "rows": presenter.rows_of(page.rows, now=server_time.now()),
        "givable": [role.value for role in givable],
        "page": page,
    }
    return render(request, "invitations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def invitation_new(request: MemberRequest) -> HttpResponse:
    """The form of an invitation; POST sends it."""
    access.require(request.member, Permission.MANAGE_MEMBERS)
    if request.method != "POST":
        return render(request, "invitations/new.html", {"form": InvitationForm(by=request.member)})
    _require_own(request)
    form = InvitationForm(request.POST, by=request.member)
    if form.is_valid():
        limits.spend_by(request, limits.INVITATIONS)
        try:
            invitation = actions.invite(
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                offers=form.offers,
                base_url=base_url(request),
                by=request.member,
            )
        except Problem as problem:
            refuse(form, problem)
        else:
            return _sent(request, invitation)
    return render(request, "invitations/new.html", {"form": form}, status=INVALID_STATUS)


@require_POST
@member_required
def invitation_resend(request: MemberRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    invitation = invitation_for(request, invitation_id)
    limits.spend_by(request, limits.INVITATIONS)
    try:
        actions.resend(invitation=invitation, base_url=base_url(request), by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect("invitations:list")
    return _sent(request, invitation)


@require_POST
@member_required
def invitation_revoke(request: MemberRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = invitation_for(request, invitation_id)
    try:
        actions.revoke(invitation=invitation, by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, f"The invitation of {invitation.email} is revoked. Its link is dead.")
    return redirect("invitations:list")


def invitation_for(request: MemberRequest, invitation_id: int) -> Invitation:
    """An invitation of the current team to act on. Raises Http404, or Forbidden without the permission."""
    found: Invitation = get_object_or_404(invitations_of(request.member), pk=invitation_id)
    access.require_role(request.member, Role(found.role))
    return found


def _require_own(request: MemberRequest) -> None:
    """Raise Http404 where the form names a template that is none of the team's."""
    wanted = set(request.POST.getlist("templates"))
    if not all(map(is_template_id, wanted)):
        raise Http404
    if templates_of(request.member).filter(template_id__in=wanted).count() < len(wanted):
        raise Http404


def base_url(request: MemberRequest) -> str:
    """The console's address, for links in mail: the public one, else the one this request came to."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/")


def _sent(request: MemberRequest, invitation: Invitation) -> HttpResponse:
    """Back to the list, saying whether the mail server took the mail."""
    invitation.refresh_from_db(fields=["sent_at"])
    if invitation.sent_at:
        messages.success(request, f"The invitation is on its way to {invitation.email}.")
    else:
        messages.error(
            request, "The invitation is kept, but the mail server did not take the mail. Send it again later."
        )
    return redirect("invitations:list")
