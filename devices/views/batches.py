"""Pages of batches: many provisioning sessions opened at once, their sheet of labels, and how far they have come."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from console.kit import limits, server_time
from console.kit.client_address import client_address
from console.kit.forms import INVALID_STATUS, refuse
from console.kit.paging import capped_count, page_of
from console.kit.problems import Problem
from console.kit.versions import version_of
from console.teams.access import MemberRequest, member_required
from devices import access
from devices.actions import batches as actions
from devices.actions.planned import Plan, PlannedDevice
from devices.batch_forms import BatchForm
from devices.models import Batch
from devices.presenters import batch as presenter
from devices.presenters import handover
from devices.status import SessionState
from devices.views.choosing import offered_to
from devices.views.filters import chip
from templates_app.access import template_to_provision
from templates_app.models import Template

UNCHANGED = 204
ROWS_SHOWN = 100
LINES_LENGTH = 10_000
POLL_SECONDS = 2
NEW_PAGE = "batches/new.html"
CANCEL_GOES = ["The sessions of this batch that are still open.", "Their auth tokens: no device gets in with them."]
CANCEL_STAYS = ["Devices that have come already.", "The batch and its sessions, as history."]


@member_required
@require_GET
def batch_list(request: MemberRequest) -> HttpResponse:
    """The batches of the team, newest first."""
    found = access.batches_of(request.member)
    page = page_of(found.select_related("template"), query=request.GET.dict(), size=settings.PAGE_SIZE)
    context = {
        "rows": presenter.progress_of(page.rows, server_time.now()),
        "page": page,
        "count": capped_count(found, noun="batch", plural="batches"),
    }
    return render(request, "batches/list.html", context)


@never_cache
@member_required
@require_http_methods(["GET", "POST"])
def batch_new(request: MemberRequest) -> HttpResponse:
    """What to open. The answer to POST is the sheet, the only page with the tokens; before it, what is wrong."""
    if request.method == "GET":
        chosen = request.GET.get("template", "").replace("\0", "")
        return _form(request, BatchForm(), chosen=chosen, request_id=uuid4())
    template = template_to_provision(request.member, request.POST.get("template", "").replace("\0", ""))
    limits.spend_by(request, limits.SESSION_OPENINGS)
    form = BatchForm(request.POST, request.FILES)
    kept: dict[str, Any] = {"chosen": template.template_id, "request_id": _request_id(request) or uuid4()}
    if not form.is_valid():
        return _form(request, form, status=INVALID_STATUS, **kept)
    try:
        plan = actions.without_taken(form.plan(), team=request.member.team)
        agreed = _left_out(request)
        devices = [device for device in plan.devices if device.line not in agreed]
        if not devices or not agreed.issuperset(plan.refused_lines):
            return _check(request, form, plan, **kept)
        opened = _open(request, template, form, devices)
    except Problem as problem:
        refuse(form, problem)
        return _form(request, form, status=INVALID_STATUS, **kept)
    if opened.tokens is None:
        messages.info(request, "This batch was already open; its tokens were shown once.")
        return redirect("batches:detail", opened.batch.pk)
    return _sheet(request, opened.batch, dict(opened.tokens))


def _left_out(request: MemberRequest) -> frozenset[int]:
    """The lines that somebody has said are to be left out, after seeing what is wrong with them."""
    lines = request.POST.get("without", "")[:LINES_LENGTH].split(",")
    return frozenset(int(line) for line in lines if line.isascii() and line.isdigit() and len(line) < 9)


def _open(
    request: MemberRequest, template: Template, form: BatchForm, devices: Sequence[PlannedDevice]
) -> actions.OpenedBatch:
    return actions.open_batch(
        template=template,
        devices=devices,
        by=request.member,
        lifetime_seconds=form.cleaned_data["lifetime"],
        note=form.cleaned_data["note"],
        request_id=_request_id(request),
        address=client_address(request),
    )


def _request_id(request: MemberRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return None


def _check(request: MemberRequest, form: BatchForm, plan: Plan, **context: Any) -> HttpResponse:
    """What is wrong, by line; nothing is opened."""
    checked = BatchForm(initial={**form.cleaned_data, "list": form.list_text})
    context |= {
        "plan": plan,
        "without": ",".join(map(str, plan.refused_lines)),
        "list_text": form.list_text,
        "values": form.cleaned_data,
    }
    return _form(request, checked, status=INVALID_STATUS, **context)


def _form(request: MemberRequest, form: BatchForm, *, chosen: str, status: int = 200, **context: Any) -> HttpResponse:
    context |= offered_to(request.member, chosen) | {
        "form": form,
        "devices_limit": settings.BATCH_DEVICES_LIMIT,
        "max_bytes": settings.BATCH_LIST_MAX_BYTES,
    }
    return render(request, NEW_PAGE, context, status=status)


@never_cache
@member_required
@require_GET
def batch_detail(request: MemberRequest, batch_id: int) -> HttpResponse:
    """How far a batch has come. The polled part is answered only when it changed."""
    batch = access.batch_for(request.member, batch_id)
    context = _progress(request, batch)
    if request.htmx:
        if request.GET.get("seen") == context["version"]:
            return HttpResponse(status=UNCHANGED)
        return render(request, "batches/detail.html#progress", context)
    context |= {"goes": CANCEL_GOES, "stays": CANCEL_STAYS}
    return render(request, "batches/detail.html", context)


def _progress(request: MemberRequest, batch: Batch) -> dict[str, Any]:
    now = server_time.now()
    (progress,) = presenter.progress_of([batch], now)
    state = next((each.value for each in SessionState if each == request.GET.get("state")), "")
    found = batch.sessions.in_state(state, now=now).select_related("device").order_by("batch_row")
    start = _start(request.GET.get("from", ""))
    rows = presenter.rows_of(found[start : start + ROWS_SHOWN + 1], now)
    context = {
        "batch": batch,
        "progress": progress,
        "rows": rows[:ROWS_SHOWN],
        "state": state,
        "start": start,
        "chips": _chips(progress, state),
        "previous_url": f"?state={state}&from={max(0, start - ROWS_SHOWN)}" if start else None,
        "next_url": f"?state={state}&from={start + ROWS_SHOWN}" if len(rows) > ROWS_SHOWN else None,
        "may_change": access.may_change_batch(request.member, batch),
        "poll_seconds": POLL_SECONDS,
    }
    drawn = loader.render_to_string("batches/progress.html", context)
    return context | {"version": version_of(drawn)}


def _start(text: str) -> int:
    """The first row of a page; 0 for anything that is no number of one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _chips(progress: presenter.Progress, state: str) -> list[dict[str, Any]]:
    """Each state that a session of the batch is in, with how many are."""
    chips = [chip("All", "", state, url="?") | {"count": progress.batch.devices_count}]
    for each in SessionState:
        if progress.counts.get(each):
            one = chip(each.value.capitalize(), each.value, state, url=f"?state={each.value}")
            chips.append(one | {"count": progress.counts[each]})
    return chips


@never_cache
@member_required
@require_GET
def batch_sheet(request: MemberRequest, batch_id: int) -> HttpResponse:
    """The labels again, without tokens: only the tab that opened the batch still has them, and puts them in."""
    return _sheet(request, access.batch_for(request.member, batch_id), None)


def _sheet(request: MemberRequest, batch: Batch, tokens: dict[int, str] | None) -> HttpResponse:
    waiting = batch.sessions.open(now=server_time.now()).select_related("token").order_by("batch_row")
    generation = presenter.names_are_of(batch.template)
    context = {
        "batch": batch,
        "labels": presenter.labels_of(waiting, batch.template, tokens),
        "is_fresh": tokens is not None,
        "library": generation.label if generation else "",
        "gateway_host": settings.GATEWAY_PUBLIC_HOST,
        "gateway_port": settings.GATEWAY_PUBLIC_PORT,
        "gateway_tls_port": settings.GATEWAY_PUBLIC_TLS_PORT if settings.GATEWAY_TLS_CERT else None,
        "edgent_port": handover.gateway_port(),
    }
    return render(request, "batches/sheet.html", context)


@member_required
@require_http_methods(["GET", "POST"])
def batch_cancel(request: MemberRequest, batch_id: int) -> HttpResponse:
    """Cancel what is still open of a batch, once its name was typed."""
    batch = access.batch_to_change(request.member, batch_id)
    context = {"batch": batch, "goes": CANCEL_GOES, "stays": CANCEL_STAYS}
    if request.method == "GET":
        return render(request, "batches/cancel.html", context)
    if request.POST.get("confirm", "").strip() != batch.label:
        error = f"Type {batch.label} exactly, the capital letter included."
        return render(request, "batches/cancel.html", context | {"error": error}, status=INVALID_STATUS)
    count = actions.cancel(batch=batch, by=request.member)
    if count:
        messages.success(request, f"{count} session{'s are' if count > 1 else ' is'} cancelled; their tokens are dead.")
    else:
        messages.info(request, "No session of this batch was open any more; nothing was changed.")
    return redirect("batches:detail", batch.pk)
