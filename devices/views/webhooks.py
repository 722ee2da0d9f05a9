"""Pages of a team's webhooks and their deliveries, and of the mails a member gets."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.kit.forms import INVALID_STATUS, refuse
from console.kit.paging import page_of
from console.kit.problems import Problem
from console.teams.access import MemberRequest, member_required, require
from console.teams.actions.mails import choose_session_mails
from console.teams.permissions import Permission
from console.teams.tabs import tabs_of
from devices import access
from devices.actions import webhooks as actions
from devices.actions.webhooks import Made
from devices.models import Webhook
from devices.presenters.webhooks import delivery_rows, webhook_rows
from devices.webhook_forms import WebhookForm

DELETE_GOES = ["The webhook with its secret.", "Its log, and what waits to be sent to it."]
DELETE_STAYS = ["What the receiver got so far.", "Everything it was told about."]


@require_safe
@member_required
def webhook_list(request: MemberRequest) -> HttpResponse:
    """The team's webhooks with how their last delivery went."""
    require(request.member, Permission.MANAGE_WEBHOOKS)
    rows = webhook_rows(access.webhooks_of(request.member).order_by("-pk"))
    context = {"tabs": tabs_of(request.member, "webhooks:list"), "rows": rows}
    return render(request, "webhooks/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def webhook_new(request: MemberRequest) -> HttpResponse:
    """The form of a new webhook. The answer to POST is its page, the only one with its secret."""
    require(request.member, Permission.MANAGE_WEBHOOKS)
    if request.method != "POST":
        return render(request, "webhooks/form.html", {"form": WebhookForm()})
    form = WebhookForm(request.POST)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "url", "events")}
        try:
            return _page(request, actions.create(**fields, by=request.member))
        except Problem as problem:
            refuse(form, problem)
    return render(request, "webhooks/form.html", {"form": form}, status=INVALID_STATUS)


@never_cache
@require_safe
@member_required
def webhook_detail(request: MemberRequest, webhook_id: int) -> HttpResponse:
    """A webhook and the log of its deliveries; the log refreshes itself."""
    webhook = access.webhook_for(request.member, webhook_id)
    if request.htmx:
        return render(request, "webhooks/detail.html#log", _log(request, webhook))
    return _page(request, Made(webhook, ""))


def _log(request: MemberRequest, webhook: Webhook) -> dict[str, Any]:
    page = page_of(webhook.deliveries.all(), query=request.GET.dict(), size=settings.PAGE_SIZE)
    return {"webhook": webhook, "rows": delivery_rows(page.rows), "page": page, "url": request.get_full_path()}


def _page(request: MemberRequest, made: Made) -> HttpResponse:
    context = _log(request, made.webhook)
    context |= {"secret": made.secret, "tabs": tabs_of(request.member, "webhooks:list")}
    return render(request, "webhooks/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def webhook_edit(request: MemberRequest, webhook_id: int) -> HttpResponse:
    """The form of a webhook; POST saves it."""
    webhook = access.webhook_for(request.member, webhook_id)
    if request.method != "POST":
        names = ("name", "url", "events", "is_active")
        form = WebhookForm(initial={name: getattr(webhook, name) for name in names})
        return render(request, "webhooks/form.html", {"form": form, "webhook": webhook})
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            actions.change(webhook=webhook, by=request.member, **form.cleaned_data)
        except Problem as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{webhook.name} is saved.")
            return redirect("webhooks:detail", webhook.pk)
    return render(request, "webhooks/form.html", {"form": form, "webhook": webhook}, status=INVALID_STATUS)


@never_cache
@require_POST
@member_required
def webhook_secret(request: MemberRequest, webhook_id: int) -> HttpResponse:
    """Give it another secret, which the answer shows once."""
    webhook = access.webhook_for(request.member, webhook_id)
    return _page(request, actions.rotate_secret(webhook=webhook, by=request.member))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def webhook_delete(request: MemberRequest, webhook_id: int) -> HttpResponse:
    """Delete a webhook, once its name was typed."""
    webhook = access.webhook_for(request.member, webhook_id)
    context: dict[str, Any] = {"webhook": webhook, "goes": DELETE_GOES, "stays": DELETE_STAYS}
    if request.method != "POST":
        return render(request, "webhooks/delete.html", context)
    if request.POST.get("confirm", "").strip() != webhook.name:
        context["error"] = "This is not the name of the webhook. Type it exactly, capital letters included."
        return render(request, "webhooks/delete.html", context, status=INVALID_STATUS)
    actions.delete(webhook=webhook, by=request.member)
    messages.success(request, f"{webhook.name} is deleted. Nothing is sent to it any more.")
    return redirect("webhooks:list")


@require_POST
@member_required
def webhook_test(request: MemberRequest, webhook_id: int) -> HttpResponse:
    """Send the event webhook.test."""
    webhook = access.webhook_for(request.member, webhook_id)
    actions.send_test(webhook=webhook, by=request.member)
    messages.success(request, "A test is on its way: the log below tells what came of it.")
    return redirect("webhooks:detail", webhook.pk)


@require_POST
@member_required
def delivery_resend(request: MemberRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Send what one delivery sent once more."""
    delivery = access.delivery_for(request.member, webhook_id, delivery_id)
    actions.resend(delivery=delivery, by=request.member)
    messages.success(request, "It is sent once more: the log below tells what comes of it.")
    return redirect("webhooks:detail", webhook_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def mails(request: MemberRequest) -> HttpResponse:
    """Whether Landfall writes to this member when a session of theirs ends while they are away."""
    if request.method == "POST":
        wanted = request.POST.get("mails") == "on"
        choose_session_mails(member=request.member, wanted=wanted)
        messages.success(request, "You get these mails." if wanted else "You get no more of these mails.")
        return redirect("webhooks:mails")
    return render(request, "webhooks/mails.html", {"is_wanted": request.member.mails_session_ends})
