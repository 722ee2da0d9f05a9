"""Pages of templates: list, new, detail, edit, archive, unarchive."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.kit import server_time
from console.kit.forms import INVALID_STATUS, refuse
from console.kit.paging import capped_count, page_of
from console.kit.problems import Conflict, Invalid
from console.teams import access as teams_access
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from console.teams.why_not import why_not
from templates_app import access, boards, presenters
from templates_app.actions import templates
from templates_app.device_counts import device_counts, drifted_count_of
from templates_app.firmware_blocks import kind_panels
from templates_app.forms import TemplateForm, form_of
from templates_app.provisioners import provisioners_of
from templates_app.tabs import tabs_of
from templates_app.template_ids import is_template_id

REVISIONS_SHOWN = 20
SEARCH_LIMIT = 200


@require_safe
@member_required
def template_list(request: MemberRequest) -> HttpResponse:
    """The team's templates, newest first: `q` searches, `show=archived` shows those out of use."""
    search = request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_LIMIT]
    show = "archived" if request.GET.get("show") == "archived" else ""
    mine = access.templates_of(request.member)
    found = mine.archived() if show else mine.in_use()
    if search:
        found = found.matching(search)
    page = page_of(found, query={"q": search, "show": show, **_cursor(request)}, size=settings.PAGE_SIZE)
    context = {
        "page": page,
        "rows": presenters.rows(page.rows, device_counts(page.rows)),
        "count": capped_count(found, noun="template") if page.rows else "",
        "search": search,
        "show": show,
        "chips": presenters.chips(search, show),
        "is_new_team": not (page.rows or search or show) and not mine.exists(),
        "may_edit": request.member.may(Permission.EDIT_TEMPLATES),
    }
    return render(request, "templates_app/list.html", context)


def _cursor(request: MemberRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("before", "after") if name in request.GET}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new(request: MemberRequest) -> HttpResponse:
    """The form of a new template; POST creates it."""
    teams_access.require(request.member, Permission.EDIT_TEMPLATES)
    if request.method != "POST":
        return _form_page(request, TemplateForm(initial=_given(request)))
    form = TemplateForm(request.POST)
    if form.is_valid():
        try:
            template = templates.create(
                team=request.member.team,
                name=form.cleaned_data["name"],
                board=form.cleaned_data["board"],
                description=form.cleaned_data["description"],
                by=request.member,
            )
        except Invalid as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"Template {template.name} created.")
            return redirect("templates:detail", template.template_id)
    return _form_page(request, form, status=INVALID_STATUS)


def _given(request: MemberRequest) -> dict[str, str]:
    """What the address already says, so that a page can be linked to half filled in."""
    given = {name: request.GET[name] for name in ("name", "board") if request.GET.get(name)}
    return {"board": boards.BOARDS[0].key.value, **given}


def _form_page(request: MemberRequest, form: TemplateForm, *, status: int = 200, **context: Any) -> HttpResponse:
    name, board = str(form["name"].value() or ""), str(form["board"].value() or "")
    template = context.get("template")
    check = _name_check(request, name, board, template_id=template.template_id if template else "")
    context |= {"form": form, "check": check, "name": name}
    return render(request, "templates_app/form.html", context, status=status)


@require_safe
@member_required
def check_name(request: MemberRequest) -> HttpResponse:
    """The piece of the form's page that says what boards make of the name typed so far."""
    name = request.GET.get("name", "")
    given = request.GET.get("template", "")
    template_id = given if is_template_id(given) else ""
    check = _name_check(request, name, request.GET.get("board", ""), template_id=template_id)
    return render(request, "templates_app/form.html#name_check", {"check": check, "name": name})


def _name_check(request: MemberRequest, name: str, board: str, *, template_id: str) -> presenters.NameCheck:
    """What boards make of the name, held against those of the team's other templates."""
    others = access.names_beside(request.member, template_id)
    return presenters.name_check(name, presenters.board_or_default(board), others)


@require_safe
@member_required
def detail(request: MemberRequest, template_id: str) -> HttpResponse:
    """The firmware lines of a template, and what to know about it."""
    template = access.template_for(request.member, template_id)
    board, address = boards.by_key(template.board), presenters.gateway_address()
    devices_count, drifted_count = device_counts([template])[template.pk], drifted_count_of(template)
    may_edit = request.member.may(Permission.EDIT_TEMPLATES)
    may_provision = teams_access.may_provision(request.member, template_id)
    context = {
        "template": template,
        "tabs": tabs_of(template, "templates:detail"),
        "board": board,
        "address": address,
        "kinds": kind_panels(template, board, address, presenters.plain_address()),
        "gateway_findings": presenters.firmware_findings(board, address),
        "check": presenters.name_check(template.name, board, access.names_beside(request.member, template_id)),
        "facts": presenters.facts(template, board, devices_count, drifted_count),
        "devices_count": devices_count,
        "revisions": template.revisions.order_by("-number")[:REVISIONS_SHOWN],
        "may_edit": may_edit,
        "may_add_device": not template.is_archived and may_provision,
        "provisioners": provisioners_of(template, now=server_time.now()),
        "why_not": None if may_provision or template.is_archived else why_not(request.member, template_id),
    }
    return render(request, "templates_app/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit(request: MemberRequest, template_id: str) -> HttpResponse:
    """The form of a template; POST saves the next revision."""
    template = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    if request.method != "POST":
        return _form_page(request, form_of(template), template=template)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=INVALID_STATUS, template=template)
    try:
        saved = templates.edit(
            template=template,
            name=form.cleaned_data["name"],
            board=form.cleaned_data["board"],
            description=form.cleaned_data["description"],
            revision=form.started_from,
            by=request.member,
        )
    except Conflict as problem:
        return _conflict_page(request, template_id, form, problem)
    except Invalid as problem:
        refuse(form, problem)
        return _form_page(request, form, status=INVALID_STATUS, template=template)
    messages.success(request, f"Revision {saved.revision} is saved.")
    return redirect("templates:detail", template_id)


def _conflict_page(request: MemberRequest, template_id: str, form: TemplateForm, problem: Conflict) -> HttpResponse:
    """The editor's input again, beside what was saved meanwhile; saving once more is then a choice."""
    current = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    typed = {**request.POST.dict(), "revision": str(current.revision)}
    context = {
        "template": current,
        "conflict": problem.message,
        "differences": presenters.differences(current, form.cleaned_data),
        "saved": current.revisions.order_by("-number").first(),
    }
    return _form_page(request, TemplateForm(typed), status=problem.status, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def archive(request: MemberRequest, template_id: str) -> HttpResponse:
    """Asks, where no dialog did; POST takes the template out of use."""
    template = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    if request.method != "POST":
        return render(request, "templates_app/archive.html", {"template": template})
    templates.archive(template=template, by=request.member)
    messages.success(request, render_to_string("templates_app/archived.html", {"template": template}, request))
    return redirect("templates:detail", template_id)


@require_POST
@member_required
def unarchive(request: MemberRequest, template_id: str) -> HttpResponse:
    """Brings the template back into use."""
    template = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    templates.unarchive(template=template, by=request.member)
    messages.success(request, f"Template {template.name} is back in use.")
    return redirect("templates:detail", template_id)
