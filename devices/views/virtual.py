"""The virtual device of a provisioning session: what its page offers, orders and shows."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from console.kit import server_time
from console.kit.tokens import digest
from console.teams.access import MemberRequest, member_required
from devices import access
from devices.actions import sessions as actions
from devices.models import ProvisioningSession
from devices.status import Route, SessionState
from devices.virtual import choice, orders
from devices.virtual.choice import Choice, NotOfferedError
from devices.virtual.endings import Fault
from devices.virtual.firmware import DEVICE_NAMES, Kind, Library
from devices.virtual.orders import Mode
from devices.virtual.panel import led_row


@member_required
@require_POST
def session_virtual(request: MemberRequest, session_id: int) -> HttpResponse:
    """Start a virtual device: with the token that the page still holds, or in setup mode without any."""
    session = access.session_to_change(request.member, session_id)
    problem = _start(request, session)
    if problem:
        messages.error(request, problem)
        return redirect(
            reverse("sessions:detail", args=[session.pk], query=_asked(request.POST.dict()), fragment="virtual")
        )
    messages.success(request, "A virtual device is starting; watch the steps.")
    return redirect("sessions:detail", session.pk)


def offer_of(request: MemberRequest, session: ProvisioningSession) -> dict[str, Any]:
    """What the page of a session offers to choose; after a refusal with what was chosen, to be mended."""
    kind, own = choice.usual_kind(session.template.board), choice.own_kind(session.template.board)
    asked = _asked(request.GET.dict())
    return {
        "is_virtual_offered": orders.is_offered(),
        "virtual_asked": {"board": kind.value} | asked,
        "is_virtual_mended": bool(asked),
        "virtual_boards": [(each.value, name, each is own) for each, name in DEVICE_NAMES.items()],
        "virtual_board_name": DEVICE_NAMES[kind],
        "virtual_libraries": list(Library),
        "faults": [(fault, DEVICE_NAMES[fault.only_on] if fault.only_on else "") for fault in Fault],
    }


def shown_of(session: ProvisioningSession) -> dict[str, Any]:
    """Its board in setup mode, and what that board's LED does."""
    board = orders.board_of(session.pk) if orders.is_offered() else None
    return {"virtual_board": board, "virtual_led": led_row(board) if board else None}


def _asked(fields: dict[str, str]) -> dict[str, str]:
    """What was chosen in the form: words it knows, and never the token."""
    words = {"mode": Mode, "board": Kind, "library": Library, "fault": Fault}
    return {name: fields[name] for name, known in words.items() if fields.get(name) in set(known)}


def _start(request: MemberRequest, session: ProvisioningSession) -> str:
    """Order the device; the sentence that says why not, or nothing."""
    if not orders.is_offered():
        return "Virtual devices run only beside the embedded servers of `make run`."
    try:
        made = choice.chosen(request.POST, board=session.template.board, has_tls=bool(settings.GATEWAY_TLS_CERT))
    except NotOfferedError as error:
        return str(error)
    token = request.POST.get("token", "")
    if made.mode is Mode.SETUP and session.state_at(server_time.now()) is not SessionState.OPEN:
        return "This session has ended. Open another, and start a virtual device there."
    if made.mode is not Mode.SETUP and bytes(session.token.digest) != digest(token):
        return "This page no longer has the session's token. Cancel the session and open another."
    if not _order(session, made, token):
        return "The virtual device could not be started: Redis does not answer. Try again in a moment."
    if made.mode is not Mode.SETUP:
        actions.choose_route(session=session, route=Route.VIRTUAL)
    return ""


def _order(session: ProvisioningSession, made: Choice, token: str) -> bool:
    is_setup = made.mode is Mode.SETUP
    return orders.start(
        template=session.template,
        token="" if is_setup else token,
        session_id=session.pk if is_setup else 0,
        fault=made.fault,
        kind=made.kind,
        library=made.library,
    )
