"""Check my sketch: a pasted text, or a compiled file that never leaves the browser."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from console.kit.forms import INVALID_STATUS
from console.teams.access import MemberRequest, member_required
from templates_app import access
from templates_app.sketch_form import SketchForm
from templates_app.sketch_report import ReportPage, report_of
from templates_app.tabs import tabs_of

PAGE = "templates_app/check.html"


@sensitive_post_parameters("text")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def check(request: MemberRequest, template_id: str) -> HttpResponse:
    """The form; POST checks the text. Any member of the team may."""
    template = access.template_for(request.member, template_id)
    form = SketchForm(request.POST) if request.method == "POST" else SketchForm()
    context: dict[str, Any] = {
        "template": template,
        "form": form,
        "page_name": "Check my sketch",
        "tabs": tabs_of(template, "templates:check"),
        "limit": settings.SKETCH_MAX_BYTES,
    }
    status = 200
    if form.is_bound and form.is_valid():
        report = report_of(template, request.member, form.cleaned_data["text"], form.chosen_library)
        context["page"] = ReportPage(report)
    elif form.is_bound:
        status = INVALID_STATUS
    is_piece = request.method == "POST" and bool(request.headers.get("HX-Request"))
    return render(request, f"{PAGE}#result" if is_piece else PAGE, context, status=status)
