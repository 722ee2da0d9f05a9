"""Pages on a template's hotspot: what it is called, what one board calls it, and labels to print."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from console.kit.forms import INVALID_STATUS
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from templates_app import access, boards, presenters
from templates_app.boards import Board
from templates_app.exact_names import exact_generations, exact_names
from templates_app.hotspot_forms import LabelsForm, MacForm
from templates_app.models import Template
from templates_app.shown_names import ShownName, shown
from templates_app.tabs import tabs_of

HOTSPOT_PAGE = "templates_app/hotspot.html"


@require_safe
@member_required
def hotspot(request: MemberRequest, template_id: str) -> HttpResponse:
    """The hotspot's name by library, and with `mac` the exact ones of that board."""
    template = access.template_for(request.member, template_id)
    board = boards.by_key(template.board)
    form = MacForm(request.GET) if "mac" in request.GET else MacForm()
    is_refused = form.is_bound and not form.is_valid()
    context: dict[str, Any] = {
        "template": template,
        "board": board,
        "form": form,
        "can_be_exact": bool(exact_generations(board)),
        "names": _names(template, board, form) if form.is_bound and not is_refused else (),
    }
    status = INVALID_STATUS if is_refused else 200
    if request.headers.get("HX-Request"):
        return render(request, f"{HOTSPOT_PAGE}#exact", context, status=status)
    others = access.names_beside(request.member, template_id)
    context |= {
        "tabs": tabs_of(template, "templates:hotspot"),
        "page_name": "Hotspot",
        "check": presenters.name_check(template.name, board, others),
        "may_edit": request.member.may(Permission.EDIT_TEMPLATES),
    }
    return render(request, HOTSPOT_PAGE, context, status=status)


def _names(template: Template, board: Board, form: MacForm) -> list[ShownName | str]:
    """The exact names, or a sentence in place of one that cannot be known."""
    return [
        shown(each.hotspot, each.note) if each.hotspot else f"{each.generation.label}: {each.note}"
        for each in exact_names(template.name, board, form.cleaned_data["mac"])
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def labels(request: MemberRequest, template_id: str) -> HttpResponse:
    """The form of a label sheet; POST shows the sheet, ready to print. Nothing is kept."""
    template = access.template_for(request.member, template_id)
    board = boards.by_key(template.board)
    form = LabelsForm(template.name, board, request.POST if request.method == "POST" else None)
    is_refused = form.is_bound and not form.is_valid()
    context = {
        "template": template,
        "board": board,
        "form": form,
        "labels": () if is_refused else form.labels,
        "can_be_exact": bool(exact_generations(board)),
        "tabs": tabs_of(template, "templates:labels"),
        "page_name": "Labels",
    }
    return render(request, "templates_app/labels.html", context, status=INVALID_STATUS if is_refused else 200)
