"""Templates as files: export, and import in two steps."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from console.kit.forms import INVALID_STATUS
from console.kit.problems import Invalid
from console.teams import access as teams_access
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from templates_app import access, file_schema, files, presenters
from templates_app.actions import templates
from templates_app.changes import changes
from templates_app.snapshot import content_of

NOTHING: dict[str, Any] = {"name": "", "board": "", "description": "", "datastreams": [], "events": []}


@require_safe
@member_required
def export(request: MemberRequest, template_id: str) -> HttpResponse:
    """The template as one YAML file."""
    template = access.template_for(request.member, template_id)
    return HttpResponse(
        files.write(content_of(template)),
        content_type=f"{files.CONTENT_TYPE}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{template_id}.yaml"'},
    )


@require_safe
def schema(request: MemberRequest) -> HttpResponse:
    """The JSON Schema of the file, for editors and CI."""
    return JsonResponse(file_schema.schema(), json_dumps_params={"indent": 2, "ensure_ascii": False})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def import_file(request: MemberRequest) -> HttpResponse:
    """A file, dropped or pasted: POST shows what would be made of it, and with `make` makes it."""
    teams_access.require(request.member, Permission.EDIT_TEMPLATES)
    if request.method != "POST":
        return _form(request)
    try:
        data = _sent(request)
    except Invalid as problem:
        return _form(request, status=INVALID_STATUS, error=problem.message)
    read = files.read(data, max_bytes=settings.TEMPLATE_IMPORT_MAX_BYTES)
    text = data.decode(errors="replace") if len(data) <= settings.TEMPLATE_IMPORT_MAX_BYTES else ""
    if read.content is None:
        return _form(request, status=INVALID_STATUS, text=text, problems=read.problems)
    if "make" not in request.POST:
        return _preview(request, read.content, text)
    template = templates.create(team=request.member.team, by=request.member, how="imported", **read.content)
    messages.success(request, f"Template {template.name} is made from the file.")
    return redirect("templates:detail", template.template_id)


def _sent(request: MemberRequest) -> bytes:
    """The file, or else the pasted text. Raises Invalid for neither; of a large file no more is read than is needed."""
    upload = request.FILES.get("file")
    if upload is not None:
        return bytes(upload.read(settings.TEMPLATE_IMPORT_MAX_BYTES + 1))
    text = request.POST.get("text", "")
    if not text.strip():
        raise Invalid("Choose a file, or paste its text.", field="text")
    return text.replace("\r\n", "\n").encode(errors="replace")


def _form(request: MemberRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"max_bytes": settings.TEMPLATE_IMPORT_MAX_BYTES}
    return render(request, "templates_app/import.html", context, status=status)


def _preview(request: MemberRequest, content: dict[str, Any], text: str) -> HttpResponse:
    board = presenters.board_or_default(content["board"])
    context = {
        "content": content,
        "rows": changes(NOTHING, content),
        "check": presenters.name_check(content["name"], board),
        "text": text,
    }
    return render(request, "templates_app/import_preview.html", context)
