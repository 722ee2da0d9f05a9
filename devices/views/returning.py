"""The page on which a device that a session made becomes the one that its board was before."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from console.kit.problems import Problem
from console.teams.access import MemberRequest, member_required
from console.teams.permissions import Permission
from devices import access
from devices.actions import returning


@member_required
@require_http_methods(["GET", "POST"])
def session_again(request: MemberRequest, session_id: int, device_id: int) -> HttpResponse:
    """Make the device of a session the one it was before, once that one's name was typed."""
    session = access.session_to_change(request.member, session_id, Permission.EDIT_DEVICES)
    device = access.device_for(request.member, device_id, Permission.EDIT_DEVICES)
    found = [each for each in returning.candidates_of(session) if each.device.pk == device.pk]
    if not found or session.device is None:
        messages.error(request, f"{device.name} is not offered for this session: it is online, or is another board.")
        return redirect("sessions:detail", session.pk)
    made = session.device.name
    context = {
        "session": session,
        "device": device,
        "made": made,
        "reason": found[0].reason,
        "goes": [f"“{made}”, the device that this session made.", f"The token that “{device.name}” had before."],
        "stays": [
            f"“{device.name}” with its name, readings, timeline and tags; they go on with what it has sent since.",
            "The new token and the connection: the board notices nothing.",
        ],
    }
    if request.method == "GET":
        return render(request, "sessions/again.html", context)
    if request.POST.get("confirm", "").strip() != device.name:
        error = "This is not the name of the device. Type it exactly, capital letters included."
        return render(request, "sessions/again.html", context | {"error": error}, status=422)
    try:
        returning.rejoin(session=session, device=device, by=request.member)
    except Problem as problem:
        messages.error(request, problem.message)
        return redirect("sessions:detail", session.pk)
    messages.success(request, f"{device.name} is back with its new token; “{made}” is gone.")
    return redirect("devices:detail", device.pk)
