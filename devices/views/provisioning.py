"""Who may provision what: the matrix of members and templates, and its cells."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from console.kit import server_time
from console.kit.forms import INVALID_STATUS, refuse
from console.kit.problems import Problem
from console.teams.access import MemberRequest, member_required
from console.teams.models import Grant, Member
from console.teams.models.member import MemberQuerySet
from console.teams.permissions import GRANTABLE_ROLES, Permission
from console.teams.tabs import tabs_of
from devices import access
from devices.actions import grants as actions
from devices.grant_form import GrantForm, form_of
from devices.presenters import grant_requests
from devices.presenters import provisioning as presenter
from templates_app.access import templates_of
from templates_app.models import Template
from templates_app.models.template import TemplateQuerySet

MEMBERS_SHOWN, TEMPLATES_SHOWN, REQUESTS_SHOWN = 25, 6, 10
SEARCH_LIMIT = 100
PAGES_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Looked:
    """Which part of the matrix is looked at: searches for members and templates, and the page of each."""

    members: str
    templates: str
    members_page: int
    templates_page: int

    def url(self, **changes: object) -> str:
        said = {
            "q": self.members,
            "t": self.templates,
            "p": self.members_page,
            "c": self.templates_page,
            **changes,
        }
        kept = {name: value for name, value in said.items() if value not in ("", 1)}
        return reverse("provisioning:matrix") + (f"?{urlencode(kept)}" if kept else "")


def looked_at(query: QueryDict) -> Looked:
    """What the address of the page says; what cannot be read shows the first page."""
    return Looked(_text(query, "q"), _text(query, "t"), _page(query, "p"), _page(query, "c"))


def _text(query: QueryDict, name: str) -> str:
    return query.get(name, "").replace("\0", "").strip()[:SEARCH_LIMIT]


def _page(query: QueryDict, name: str) -> int:
    text = query.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
    return max(1, min(number, PAGES_MOST))


@require_safe
@member_required
def matrix(request: MemberRequest) -> HttpResponse:
    """Members and templates, page by page; everybody may look, and who manages members may change it."""
    looked = looked_at(request.GET)
    members, more_members = _slice(_members(request, looked), looked.members_page, MEMBERS_SHOWN)
    templates, more_templates = _slice(_templates(request, looked), looked.templates_page, TEMPLATES_SHOWN)
    columns = presenter.columns_of(templates)
    may_manage = request.member.may(Permission.MANAGE_MEMBERS)
    now = server_time.now()
    waiting = access.requests_of(request.member).waiting().select_related("member__user").order_by("pk")
    context = {
        "tabs": tabs_of(request.member, "provisioning:matrix"),
        "looked": looked,
        "view": looked.url(),
        "columns": columns,
        "rows": presenter.rows_of(members, columns, may_manage=may_manage, now=now),
        "may_manage": may_manage,
        "asking": grant_requests.asking_of(waiting[:REQUESTS_SHOWN], team_id=request.member.team_id),
        "has_templates": bool(templates) or templates_of(request.member).in_use().exists(),
        "previous_url": looked.url(p=looked.members_page - 1) if looked.members_page > 1 else "",
        "next_url": looked.url(p=looked.members_page + 1) if more_members else "",
        "left_url": looked.url(c=looked.templates_page - 1) if looked.templates_page > 1 else "",
        "right_url": looked.url(c=looked.templates_page + 1) if more_templates else "",
    }
    return render(request, "provisioning/matrix.html", context)


def _members(request: MemberRequest, looked: Looked) -> MemberQuerySet:
    """Those whom grants matter to come first."""
    found = access.members_of(request.member).select_related("user")
    if looked.members:
        found = found.filter(Q(user__name__icontains=looked.members) | Q(user__email__icontains=looked.members))
    roles = [role.value for role in GRANTABLE_ROLES]
    return found.order_by(Case(When(role__in=roles, then=Value(0)), default=Value(1)), "pk")


def _templates(request: MemberRequest, looked: Looked) -> TemplateQuerySet:
    found = templates_of(request.member).in_use()
    return (found.matching(looked.templates) if looked.templates else found).order_by("name", "pk")


def _slice[T: Model](rows: QuerySet[T], page: int, size: int) -> tuple[list[T], bool]:
    """The rows of one page, and whether more follow."""
    found = list(rows[(page - 1) * size : page * size + 1])
    return found[:size], len(found) > size


@require_POST
@member_required
def toggle(request: MemberRequest, member_id: int, template_id: str) -> HttpResponse:
    """One click: gives a grant without limits, or takes one away. `act` says which, so that asking twice is once."""
    member = access.member_to_permit(request.member, member_id)
    template = access.template_or_all(request.member, template_id)
    looked = looked_at(QueryDict(request.POST.get("view", "").partition("?")[2]))
    try:
        said = _act(request, member, template)
    except Problem as problem:
        if request.htmx:
            refused = HttpResponse(status=problem.status)
            return trigger_client_event(refused, "toast", {"text": problem.message, "tone": "bad"})
        messages.error(request, problem.message)
        return redirect(looked.url())
    if not request.htmx:
        messages.success(request, said)
        return redirect(f"{looked.url()}#cell-{member.pk}-{template_id}")
    return trigger_client_event(_row(request, member, looked), "toast", {"text": said, "tone": "good"})


def _act(request: MemberRequest, member: Member, template: Template | None) -> str:
    """Do what the button says, and tell it in a sentence."""
    what = template.name if template else actions.EVERY_TEMPLATE
    if request.POST.get("act") == presenter.TAKE:
        taken = actions.take(member=member, template=template, by=request.member)
        return f"The grant of {member.label} for {what} is taken away.{cancelled_words(taken.cancelled_count)}"
    actions.give(member=member, template=template, limits=actions.NO_LIMITS, by=request.member)
    return f"{member.label} may provision {what}."


def cancelled_words(count: int) -> str:
    """What a person is told of the sessions that ended with it."""
    if not count:
        return ""
    return f" {count} open session{' is' if count == 1 else 's are'} cancelled."


def _row(request: MemberRequest, member: Member, looked: Looked) -> HttpResponse:
    """The member's row as the page shows it now."""
    templates, _ = _slice(_templates(request, looked), looked.templates_page, TEMPLATES_SHOWN)
    columns = presenter.columns_of(templates)
    (row,) = presenter.rows_of([member], columns, may_manage=True, now=server_time.now())
    return render(request, "provisioning/row.html", {"row": row, "view": looked.url()})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def grant(request: MemberRequest, member_id: int, template_id: str) -> HttpResponse:
    """The limits of one cell, in the matrix's dialog or on a page of their own; POST saves them or takes all away."""
    member = access.member_to_permit(request.member, member_id)
    template = access.template_or_all(request.member, template_id)
    current = Grant.objects.filter(member=member, template_id=actions.id_of(template)).first()
    looked = looked_at(QueryDict(request.POST.get("view", request.GET.get("view", "")).partition("?")[2]))
    context = {"to": member, "template": template, "slug": template_id, "current": current, "view": looked.url()}
    if request.method != "POST":
        page = "provisioning/grant_form.html" if request.htmx else "provisioning/grant.html"
        return render(request, page, context | {"form": form_of(current)})
    form = GrantForm(request.POST)
    if request.POST.get("act") == presenter.TAKE or form.is_valid():
        try:
            messages.success(request, _save(request, member, template, form, current))
        except Problem as problem:
            refuse(form, problem)
        else:
            return redirect(f"{looked.url()}#cell-{member.pk}-{template_id}")
    return render(request, "provisioning/grant.html", context | {"form": form}, status=INVALID_STATUS)


def _save(
    request: MemberRequest, member: Member, template: Template | None, form: GrantForm, current: Grant | None
) -> str:
    if request.POST.get("act") == presenter.TAKE:
        return _act(request, member, template)
    given = actions.give(member=member, template=template, limits=form.limits(current), by=request.member)
    what = template.name if template else actions.EVERY_TEMPLATE
    return f"The grant of {member.label} for {what} is saved.{cancelled_words(given.cancelled_count)}"
