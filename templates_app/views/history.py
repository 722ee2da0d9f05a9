"""The revisions of a template: list, two side by side, restore."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from console.kit.paging import page_of
from console.kit.problems import Problem
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from templates_app import access
from templates_app import history as presenter
from templates_app.actions import revisions
from templates_app.changes import changes
from templates_app.forms import revision_in
from templates_app.models import Revision, Template
from templates_app.tabs import tabs_of


@require_safe
@member_required
def history(request: MemberRequest, template_id: str) -> HttpResponse:
    """Every revision: who saved it, when, and what it changed."""
    template = access.template_for(request.member, template_id)
    page = page_of(template.revisions.all(), query=request.GET.dict(), size=settings.PAGE_SIZE)
    context: dict[str, Any] = {
        "page": page,
        "rows": presenter.rows_of(template, page.rows),
        "may_edit": request.member.may(Permission.EDIT_TEMPLATES),
    }
    return _page(request, "templates_app/history.html", template, **context)


@require_safe
@member_required
def diff(request: MemberRequest, template_id: str) -> HttpResponse:
    """Two revisions side by side: `from` and `to`; without them the present one beside the one before it."""
    template = access.template_for(request.member, template_id)
    second = presenter.revision_of(template, revision_in(request.GET.get("to", "")) or template.revision)
    before = revision_in(request.GET.get("from", "")) or max(second.number - 1, 1)
    first = presenter.revision_of(template, before)
    context: dict[str, Any] = {
        "first": first,
        "second": second,
        "first_label": f"Revision {first.number}",
        "second_label": f"Revision {second.number}",
        "changes": changes(first.content, second.content),
    }
    return _page(request, "templates_app/diff.html", template, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def restore(request: MemberRequest, template_id: str, number: int) -> HttpResponse:
    """Shows what restoring a revision would change; POST makes it the next revision."""
    template = access.template_for(request.member, template_id, Permission.EDIT_TEMPLATES)
    wanted = presenter.revision_of(template, number)
    if request.method != "POST":
        return _restore_page(request, template, wanted)
    seen = revision_in(request.POST.get("revision", ""))
    try:
        saved = revisions.restore(template=template, to=wanted, revision=seen, by=request.member)
    except Problem as problem:
        template.refresh_from_db()
        return _restore_page(request, template, wanted, problem=problem)
    if saved.revision == template.revision:
        messages.info(request, f"Revision {number} is what the template is now: nothing changed.")
    else:
        messages.success(request, f"Revision {number} is restored as revision {saved.revision}.")
    return redirect("templates:history", template_id)


def _restore_page(
    request: MemberRequest, template: Template, wanted: Revision, problem: Problem | None = None
) -> HttpResponse:
    present = presenter.revision_of(template, template.revision)
    context: dict[str, Any] = {
        "wanted": wanted,
        "first_label": f"Now (revision {present.number})",
        "second_label": f"Revision {wanted.number}",
        "changes": changes(present.content, wanted.content),
        "problem": problem.message if problem else "",
    }
    return _page(request, "templates_app/restore.html", template, status=problem.status if problem else 200, **context)


def _page(request: MemberRequest, name: str, template: Template, *, status: int = 200, **context: Any) -> HttpResponse:
    shared = {"template": template, "tabs": tabs_of(template, "templates:history"), "page_name": "History"}
    return render(request, name, shared | context, status=status)
