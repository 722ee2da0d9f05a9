"""Pages of the boards catalogue: list and one board. They are the same for every team."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from templates_app import board_page, boards

SECTION = "templates:list"
"""The entry of the navigation that these pages belong to."""


@require_safe
@member_required
def board_list(request: MemberRequest) -> HttpResponse:
    """Every board that a template can be made for."""
    return render(request, "templates_app/boards.html", {"rows": board_page.rows(boards.BOARDS), "section": SECTION})


@require_safe
@member_required
def detail(request: MemberRequest, key: str) -> HttpResponse:
    """One board: pins, button, LED patterns, routes and known trouble. 404 for a key that the catalogue lacks."""
    try:
        board = boards.by_key(key)
    except ValueError as error:
        raise Http404 from error
    context = {
        "board": board,
        "lead": board_page.lead(board),
        "panels": board_page.edition_panels(board),
        "facts": board_page.facts(board),
        "may_edit": request.member.may(Permission.EDIT_TEMPLATES),
        "section": SECTION,
    }
    return render(request, "templates_app/board.html", context)
