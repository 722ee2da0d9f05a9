"""Firmware lines as a file."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from console.teams.access import MemberRequest, member_required
from templates_app import access, presenters
from templates_app.firmware import LibraryVersion, firmware_lines
from templates_app.firmware import header as header_file

HEADER_TYPE = "text/x-c; charset=us-ascii"


@require_safe
@member_required
def header(request: MemberRequest, template_id: str) -> HttpResponse:
    """The lines as a `.h` file for the library version in `library`. Raises Http404 for a version nobody knows."""
    template = access.template_for(request.member, template_id)
    version = _version(request.GET.get("library", LibraryVersion.V1_4.value))
    address = presenters.gateway_address()
    lines = firmware_lines(template.template_id, template.name, version, address.host, address.port)
    filename = f"landfall_{version.value.replace('.', '_').replace('-', '_')}.h"
    return HttpResponse(
        header_file(lines, version),
        content_type=HEADER_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _version(text: str) -> LibraryVersion:
    try:
        return LibraryVersion(text)
    except ValueError as error:
        raise Http404("No such library version.") from error
