"""Pages of devices."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.kit import server_time
from console.kit.paging import capped_count, page_of
from console.kit.problems import Invalid, Problem
from console.kit.versions import version_of
from console.teams.access import MemberRequest, confirmed, member_required
from console.teams.permissions import Permission
from devices import access
from devices.actions import devices as actions
from devices.models import Device
from devices.models.device import DeviceQuerySet
from devices.presenters import device as presenter
from devices.presenters import timeline_page
from devices.presenters.device_menu import items_of
from devices.presenters.order import last_order, order_state
from devices.presenters.timeline import GROUPS, Words
from devices.status import Online
from devices.views.filters import chip, chips_of, drift_chips, tag_chips
from templates_app import meanings
from templates_app.access import templates_of
from templates_app.drift import ANY, Drift

UNCHANGED = 204


@member_required
@require_GET
def device_list(request: MemberRequest) -> HttpResponse:
    """All devices of the team: search, filters, keyset pages; the rows refresh themselves."""
    found = _filtered(request)
    shown = found.with_evidence().select_related("template", "presence")
    page = page_of(shown, query=request.GET.dict(), size=settings.PAGE_SIZE)
    rows = presenter.rows_of(page.rows, server_time.now())
    context = {"rows": rows, "page": page, "url": request.get_full_path(), "query": request.GET}
    if request.htmx:
        return render(request, "devices/list.html#rows", context)
    templates = templates_of(request.member).order_by("name", "pk")[:200]
    context |= {
        "chips": chips_of(request.GET, "status", [("All", ""), ("Online", Online.ONLINE), ("Offline", Online.OFFLINE)]),
        "drift_chips": drift_chips(request.GET),
        "tag_chips": tag_chips(request.GET),
        "templates": templates,
        "count": capped_count(found, noun="device"),
        "is_filtered": any(request.GET.get(name) for name in ("q", "status", "template", "drift", "tag")),
    }
    return render(request, "devices/list.html", context)


def _filtered(request: MemberRequest) -> DeviceQuerySet:
    devices = access.devices_of(request.member)
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if text:
        devices = devices.matching(text)
    if template_id := request.GET.get("template", "").replace("\0", ""):
        devices = devices.filter(template__template_id=template_id)
    if tag := request.GET.get("tag", "").replace("\0", "").strip():
        devices = devices.tagged(tag)
    match request.GET.get("status"):
        case Online.ONLINE:
            devices = devices.online(now=server_time.now())
        case Online.OFFLINE:
            devices = devices.offline(now=server_time.now())
    drift = request.GET.get("drift")
    if drift == ANY or drift in set(Drift):
        devices = devices.drifted(team_id=request.member.team_id, by=drift)
    return devices


@member_required
@require_GET
def device_detail(request: MemberRequest, device_id: int) -> HttpResponse:
    """One device: what it is, how it is, what happened to it. The polled part is answered only when it changed."""
    device = access.device_for(request.member, device_id)
    live = _live(request, device)
    if request.htmx:
        if request.GET.get("seen") == live["version"]:
            return HttpResponse(status=UNCHANGED)
        return render(request, "devices/detail.html#live", live)
    live |= {"items": items_of(device, request.member), "request_id": uuid4()}
    return render(request, "devices/detail.html", live)


def _live(request: MemberRequest, device: Device) -> dict[str, Any]:
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    now = server_time.now()
    words = Words(meanings.pins_of(device.template), meanings.titles_of(device.template))
    page = timeline_page.page_of(device, kind=kind, before=before, words=words)
    context = {
        "device": device,
        "may_edit": request.member.may(Permission.EDIT_DEVICES),
        "status": presenter.status_of(device, now),
        "order": order_state(last_order(device, now), presenter.presence_of(device), now),
        "facts": presenter.facts_of(device),
        "pins": presenter.pins_of(device.pins.order_by("pin"), words.pins),
        "named_pins": [(f"V{pin}", meaning.name) for pin, meaning in words.pins.items()],
        "events": page.rows,
        "newest_url": page.newest_url,
        "older_url": page.older_url,
        "kind": kind,
        "before": before,
        "chips": [chip("All", "", kind), *(chip(label, name, kind) for name, (label, _) in GROUPS.items())],
    }
    drawn = loader.render_to_string("devices/live.html", context)
    return context | {"version": version_of(drawn)}


DELETE_GOES = [
    "The device with its name, facts and latest values.",
    "All its readings and its timeline.",
    "Its auth token: the board is refused at its next login and opens its hotspot again.",
]
DELETE_STAYS = ["The template.", "The provisioning sessions, as history.", "What is stored on the board itself."]


@member_required
@require_http_methods(["GET", "POST"])
def device_rename(request: MemberRequest, device_id: int) -> HttpResponse:
    """Give a device another name."""
    device = access.device_for(request.member, device_id, Permission.EDIT_DEVICES)
    if request.method == "GET":
        return render(request, "devices/rename.html", {"device": device})
    name = request.POST.get("name", "")
    try:
        actions.rename(device=device, name=name, by=request.member)
    except Problem as problem:
        context = {"device": device, "name": name, "error": problem.message}
        return render(request, "devices/rename.html", context, status=422)
    messages.success(request, f"The device is called {device.name} now.")
    return redirect("devices:detail", device.pk)


@member_required
@require_POST
def device_write(request: MemberRequest, device_id: int) -> HttpResponse:
    """Write a value to a virtual pin of a device."""
    device = access.device_for(request.member, device_id, Permission.EDIT_DEVICES)
    value = request.POST.get("value", "")
    try:
        pin = _pin(request)
        actions.write_pin(device=device, pin=pin, value=value, by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
    else:
        online = presenter.status_of(device, server_time.now()).is_online
        then = "sent to the device" if online else "kept: the device gets it when it asks for its values"
        messages.success(request, f"V{pin} is {value}: {then}.")
    return redirect("devices:detail", device.pk)


def _pin(request: HttpRequest) -> int:
    text = request.POST.get("pin", "").strip().upper().removeprefix("V")
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise Invalid("Give the virtual pin as a number from 0 to 255.", field="pin")
    return int(text)


@member_required
@confirmed
@require_http_methods(["GET", "POST"])
def device_delete(request: MemberRequest, device_id: int) -> HttpResponse:
    """Delete a device, once its name was typed."""
    device = access.device_for(request.member, device_id, Permission.DELETE_DEVICES)
    context = {"device": device, "goes": DELETE_GOES, "stays": DELETE_STAYS}
    if request.method == "GET":
        return render(request, "devices/delete.html", context)
    if request.POST.get("confirm", "").strip() != device.name:
        error = "This is not the name of the device. Type it exactly, capital letters included."
        return render(request, "devices/delete.html", context | {"error": error}, status=422)
    actions.delete(device=device, by=request.member)
    messages.success(request, f"{device.name} is deleted. Its board is refused from now on.")
    return redirect("devices:list")
