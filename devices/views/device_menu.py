"""The device menu: reconfigure, reboot, setup mode, erase."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.kit import limits
from console.kit.problems import Problem
from console.teams.access import MemberRequest, member_required
from console.teams.models import Member
from console.teams.permissions import Permission
from devices import access
from devices.actions import erasure, orders
from devices.actions import sessions as session_actions
from devices.models import Device
from devices.presenters.device_menu import items_of
from devices.views.sessions import opened_page, uuid_of

ERASE_GOES = [
    "All its readings, and the latest value of each pin.",
    "The events it logged, and what was written to its pins, in its timeline.",
    "Its metadata.",
]
ERASE_STAYS = [
    "The device with its name, its token and its connection.",
    "When it was activated, came online and went offline, in its timeline.",
    "What it reports of itself: board, firmware, hotspot name.",
    "What is stored on the board itself.",
]


@member_required
@require_GET
def device_menu(request: MemberRequest, device_id: int) -> HttpResponse:
    """The menu as a page, for browsers without script."""
    device = access.device_for(request.member, device_id)
    context = {"device": device, "items": items_of(device, request.member), "request_id": uuid4()}
    return render(request, "devices/menu.html", context)


@never_cache
@member_required
@require_http_methods(["GET", "POST"])
def device_reconfigure(request: MemberRequest, device_id: int) -> HttpResponse:
    """Open a session for this device. The answer to POST is the session's page, the only one with the token."""
    device = access.device_to_provision(request.member, device_id)
    if request.method == "GET":
        waiting = device.sessions.unfinished().filter(is_reconfigure=True).order_by("-pk")[:5]
        context = {"device": device, "request_id": uuid4(), "waiting": waiting}
        return render(request, "devices/reconfigure.html", context)
    limits.spend_by(request, limits.SESSION_OPENINGS)
    try:
        opened = session_actions.open_session(
            template=device.template, by=request.member, device=device, request_id=uuid_of(request)
        )
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect("devices:detail", device.pk)
    return opened_page(request, opened)


@member_required
@require_POST
def device_reboot(request: MemberRequest, device_id: int) -> HttpResponse:
    """Tell the board to restart."""
    said = "{} is asked to reboot. The page shows when it goes offline and when it is back."
    return _order(request, device_id, orders.reboot, said)


@member_required
@require_http_methods(["GET", "POST"])
def device_setup_mode(request: MemberRequest, device_id: int) -> HttpResponse:
    """Tell the board to open its hotspot."""
    if request.method == "GET":
        device = access.device_for(request.member, device_id, Permission.EDIT_DEVICES)
        return render(request, "devices/setup_mode.html", {"device": device})
    said = "{} is asked to open its hotspot. The page shows when it has gone offline."
    return _order(request, device_id, orders.enter_setup_mode, said)


def _order(request: MemberRequest, device_id: int, act: Callable[..., None], said: str) -> HttpResponse:
    device: Device = access.device_for(request.member, device_id, Permission.EDIT_DEVICES)
    by: Member = request.member
    try:
        act(device=device, by=by)
    except Problem as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, said.format(device.name))
    return redirect("devices:detail", device.pk)


@member_required
@require_http_methods(["GET", "POST"])
def device_erase(request: MemberRequest, device_id: int) -> HttpResponse:
    """Erase what a device has told, once its name was typed."""
    device = access.device_for(request.member, device_id, Permission.DELETE_DEVICES)
    context = {"device": device, "goes": ERASE_GOES, "stays": ERASE_STAYS}
    if request.method == "GET":
        return render(request, "devices/erase.html", context)
    if request.POST.get("confirm", "").strip() != device.name:
        error = "This is not the name of the device. Type it exactly, capital letters included."
        return render(request, "devices/erase.html", context | {"error": error}, status=422)
    try:
        erased = erasure.erase_data(device=device, by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect("devices:list")
    _tell_erased(request, device, erased)
    return redirect("devices:detail", device.pk)


def _tell_erased(request: MemberRequest, device: Device, erased: erasure.Erased) -> None:
    if not erased:
        messages.info(request, f"{device.name} had no data to erase.")
    elif erased.is_complete:
        messages.success(request, f"Erased of {device.name}: {erased.sentence}. The device and its token stay.")
    else:
        messages.warning(
            request, f"Erased of {device.name} so far: {erased.sentence}. There is more: erase again to go on."
        )
