"""The token of a device: what works now, rotate, revoke."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.kit import limits
from console.kit.problems import Invalid, Problem
from console.teams import access as team_access
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from devices import access
from devices.actions import tokens as actions
from devices.models import Device
from devices.presenters.tokens import rows_of
from devices.views.sessions import opened_page, uuid_of

DAY = 24 * 3600
OVERLAPS = (
    (0, "Not at all"),
    (3600, "1 hour"),
    (DAY, "1 day"),
    (7 * DAY, "7 days"),
    (30 * DAY, "30 days"),
)
REVOKE_GOES = [
    "The device's auth token, and any earlier one that still lives on: its connection closes at once.",
    "Its place online: the board is refused until it has a new token. An Edgent board opens its hotspot.",
]
REVOKE_STAYS = [
    "The device with its name, readings and timeline.",
    "A new token that was issued for it and is not used yet.",
]


@member_required
@require_GET
def device_token(request: MemberRequest, device_id: int) -> HttpResponse:
    """Which tokens of the device work, and what to do about them."""
    device = access.device_for(request.member, device_id)
    return render(request, "devices/token.html", _context(request, device))


def _context(request: MemberRequest, device: Device) -> dict[str, Any]:
    rows = rows_of(device)
    return {
        "device": device,
        "rows": rows,
        "is_revoked": all(row.state == "waiting" for row in rows),
        "may_rotate": team_access.may_provision(request.member, device.template.template_id),
        "may_revoke": request.member.may(Permission.DELETE_DEVICES),
        "overlaps": [(value, label) for value, label in OVERLAPS if value <= settings.TOKEN_OVERLAP_MAX_DAYS * DAY],
        "days": settings.STATIC_TOKEN_LIFETIME_DAYS,
        "request_id": uuid4(),
    }


@never_cache
@member_required
@require_POST
def token_rotate(request: MemberRequest, device_id: int) -> HttpResponse:
    """Issue a new token. The answer is the session's page, the only one with the token."""
    device = access.device_to_provision(request.member, device_id)
    limits.spend_by(request, limits.SESSION_OPENINGS)
    try:
        opened = actions.rotate(
            device=device, by=request.member, overlap_seconds=_overlap(request), request_id=uuid_of(request)
        )
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect("devices:token", device.pk)
    return opened_page(request, opened)


def _overlap(request: MemberRequest) -> int:
    text = request.POST.get("overlap", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid("Choose how long the earlier token lives on.", field="overlap")
    return int(text)


@member_required
@require_http_methods(["GET", "POST"])
def token_revoke(request: MemberRequest, device_id: int) -> HttpResponse:
    """Kill the device's token, once its name was typed."""
    device = access.device_for(request.member, device_id, Permission.DELETE_DEVICES)
    context = {"device": device, "goes": REVOKE_GOES, "stays": REVOKE_STAYS}
    if request.method == "GET":
        return render(request, "devices/token_revoke.html", context)
    if request.POST.get("confirm", "").strip() != device.name:
        error = "This is not the name of the device. Type it exactly, capital letters included."
        return render(request, "devices/token_revoke.html", context | {"error": error}, status=422)
    try:
        is_done = actions.revoke(device=device, by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect("devices:list")
    if is_done:
        messages.success(request, f"The token of {device.name} is revoked. Issue a new one below to bring it back.")
    else:
        messages.info(request, f"{device.name} had no token that works; nothing was changed.")
    return redirect("devices:token", device.pk)
