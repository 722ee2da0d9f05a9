"""The page of the audit log, and its files."""

from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.kit.paging import capped_count
from console.pages.audit import files
from console.pages.audit.filters import Filters, filters_of
from console.pages.audit.paging import page_of
from console.pages.audit.rows import rows_of
from console.teams import access
from console.teams.access import MemberRequest, member_required
from console.teams.actions import audit
from console.teams.audit_areas import Area
from console.teams.models import AuditEntry, Member
from console.teams.models.audit import AuditQuerySet
from console.teams.permissions import Permission
from console.teams.tabs import tabs_of

FORMS: dict[str, tuple[str, Callable[[AuditQuerySet], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", files.csv_of),
    "json": ("application/json", files.json_of),
}


@never_cache
@require_safe
@member_required
def log(request: MemberRequest) -> HttpResponse:
    """Who did what to what, newest first, narrowed by what the address says."""
    access.require(request.member, Permission.SEE_AUDIT)
    wanted = filters_of(request.GET)
    kept = wanted.as_query()
    found = wanted.of(AuditEntry.objects.all(), request.member.team_id)
    page = page_of(found.defer("words"), query=request.GET, kept=kept, size=settings.PAGE_SIZE)
    context = {
        "tabs": tabs_of(request.member, "audit"),
        "rows": rows_of(page.rows, request.member),
        "page": page,
        "count": capped_count(found, noun="entry", plural="entries"),
        "wanted": wanted,
        "chips": _chips(wanted),
        "people": _people(request.member, wanted.who),
        "kept": urlencode(kept),
        "days": request.member.team.audit_days or settings.AUDIT_RETENTION_DAYS,
    }
    return render(request, "pages/audit.html", context)


def _chips(wanted: Filters) -> list[dict[str, Any]]:
    kept = {name: value for name, value in wanted.as_query().items() if name != "area"}
    choices = [("All", ""), *((area.label, area.value) for area in Area)]
    return [
        {
            "label": label,
            "url": "?" + urlencode({**kept, "area": value} if value else kept),
            "is_current": value == wanted.area,
        }
        for label, value in choices
    ]


def _people(member: Member, chosen: int | None) -> list[tuple[int, str]]:
    """Those whose entries can be asked for: the members, and whoever was asked for and is none any more."""
    members = Member.objects.filter(team=member.team).select_related("user").order_by("pk")
    people = [(each.user_id, each.label) for each in members]
    if chosen is not None and chosen not in dict(people):
        people.append((chosen, "Somebody who is no member"))
    return people


@never_cache
@require_safe
@member_required
def export(request: MemberRequest, form: str) -> HttpResponse:
    """The same entries as a file, all pages of them; that it was saved is itself an entry."""
    access.require(request.member, Permission.SEE_AUDIT)
    wanted = filters_of(request.GET)
    found = wanted.of(AuditEntry.objects.all(), request.member.team_id)
    content_type, write = FORMS[form]
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type)
    audit.record(
        team=request.member.team, by=request.member, kind="audit.exported", subject=form.upper(), **wanted.as_query()
    )
    disposition = f'attachment; filename="audit.{form}"'
    answer = StreamingHttpResponse(
        write(found), content_type=content_type, headers={"Content-Disposition": disposition}
    )
    return cast("HttpResponse", answer)  # Django keeps the two apart; for what views are wrapped in they are alike
