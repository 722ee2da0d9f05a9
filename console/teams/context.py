"""What every page of the shell shows: the current member and team."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from console.kit.sign_up import SignUp
from console.teams.access import current_member
from console.teams.factors import passkey_obstacle
from console.teams.models import Member, Team


def team(request: HttpRequest) -> dict[str, Any]:
    """`member` and `team` of a signed-in person: as the view loaded them, else looked up if the page asks for the team.

    Pages that do not show the team cost no query.
    """
    member: Member | None = getattr(request, "member", None)
    return {
        "member": member,
        "team": member.team if member else SimpleLazyObject(lambda: _team_of(request)),
        "sign_up": settings.SIGN_UP.value,
        "sign_up_open": settings.SIGN_UP is SignUp.OPEN,
        "passkey_obstacle": SimpleLazyObject(lambda: passkey_obstacle(request)),
    }


def _team_of(request: HttpRequest) -> Team | None:
    member = current_member(request) if hasattr(request, "user") else None
    return member.team if member else None
