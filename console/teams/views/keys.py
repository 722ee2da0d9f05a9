"""Pages of API keys: whose there are, making one, revoking one."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console.kit import server_time
from console.kit.forms import INVALID_STATUS, refuse
from console.kit.paging import capped_count, page_of
from console.kit.problems import Problem
from console.teams import access, presenters
from console.teams.access import MemberRequest, confirmed, member_required
from console.teams.actions import api_keys
from console.teams.actions.api_keys import Created
from console.teams.key_forms import LIFETIMES, OTHER_DATE, KeyForm
from console.teams.permissions import Permission
from console.teams.tabs import tabs_of


@require_safe
@member_required
def keys(request: MemberRequest) -> HttpResponse:
    """The team's keys, newest first."""
    access.require(request.member, Permission.MANAGE_KEYS)
    found = access.keys_of(request.member)
    page = page_of(found, query=request.GET.dict(), size=settings.PAGE_SIZE)
    context = {
        "page": page,
        "count": capped_count(found, noun="key"),
        "tabs": tabs_of(request.member, "teams:keys"),
        "rows": presenters.key_rows(page.rows, now=server_time.now(), viewer=request.member),
        "key_command": presenters.key_command(request.member.user.email),
    }
    return render(request, "teams/keys.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@confirmed
def new(request: MemberRequest) -> HttpResponse:
    """The form of a new key. The answer to POST is the only page with its secret."""
    access.require(request.member, Permission.MANAGE_KEYS)
    allowed = api_keys.choosable(request.member)
    if request.method != "POST":
        lifetime = settings.API_KEY_LIFETIME_DAYS
        days = str(lifetime) if lifetime in dict(LIFETIMES) else OTHER_DATE
        last = (server_time.now() + timedelta(days=lifetime)).date()
        initial = {"request_id": uuid4(), "permissions": [Permission.VIEW.value], "days": days, "expires_on": last}
        return render(request, "teams/key_new.html", {"form": KeyForm(initial=initial, allowed=allowed)})
    form = KeyForm(request.POST, allowed=allowed)
    if form.is_valid():
        try:
            created = api_keys.create(member=request.member, **_chosen(form.cleaned_data))
        except Problem as problem:
            refuse(form, problem)
        else:
            return _made(request, created)
    return render(request, "teams/key_new.html", {"form": form}, status=INVALID_STATUS)


def _chosen(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the action takes it. A key that ends on a day works through that day."""
    chosen = {name: cleaned[name] for name in ("name", "permissions", "request_id")}
    if cleaned["days"] == OTHER_DATE:
        return chosen | {"expires_at": datetime.combine(cleaned["expires_on"] + timedelta(days=1), time(), UTC)}
    return chosen | {"days": int(cleaned["days"])}


def _made(request: MemberRequest, created: Created) -> HttpResponse:
    if created.secret is None:
        messages.info(request, "This key was made already; its secret was shown once.")
        return redirect("teams:keys")
    curl = presenters.curl_command(settings.CONSOLE_URL, created.secret)
    context = {
        "tabs": tabs_of(request.member, "teams:keys"),
        "key": created.key,
        "secret": created.secret,
        "curl": curl,
    }
    return render(request, "teams/key_made.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@confirmed
def revoke(request: MemberRequest, key_id: int) -> HttpResponse:
    """Asks, and lets nobody in with the key any more."""
    key = access.key_to_revoke(request.member, key_id)
    if request.method != "POST":
        return render(request, "teams/key_revoke.html", {"key": key})
    if api_keys.revoke(key=key, by=request.member):
        messages.success(request, f"{key.name} is revoked. Its next call is refused.")
    else:
        messages.info(request, f"{key.name} was revoked already; nothing was changed.")
    return redirect("teams:keys")
