"""Requests for grants as their readers see them: those who answer, and those who asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.teams.models import GrantRequest
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import Role
from templates_app.models import Template

GONE = "a deleted template"


@dataclass(frozen=True, slots=True)
class Asking:
    """One request; `will_be_installer` tells that granting it changes the member's role."""

    request: GrantRequest
    who: str
    what: str
    will_be_installer: bool

    @property
    def grant_label(self) -> str:
        return "Make installer and grant" if self.will_be_installer else "Grant"

    @property
    def state(self) -> str:
        """`waiting`, `granted` or `declined`."""
        if self.request.decided_at is None:
            return "waiting"
        return "granted" if self.request.is_granted else "declined"

    @property
    def at(self) -> datetime:
        """When it came to this state."""
        return self.request.decided_at or self.request.created_at

    @property
    def slug(self) -> str:
        return self.request.template_id or "all"


def asking_of(requests: Iterable[GrantRequest], *, team_id: int) -> list[Asking]:
    """The requests (their members and users loaded) with the names of their templates. Costs one query beside them."""
    found = list(requests)
    ids = {request.template_id for request in found} - {ALL_TEMPLATES}
    names = dict(Template.objects.filter(team=team_id, template_id__in=ids).values_list("template_id", "name"))
    names[ALL_TEMPLATES] = "all templates"
    return [
        Asking(
            request=request,
            who=request.member.label,
            what=names.get(request.template_id, GONE),
            will_be_installer=request.member.role == Role.VIEWER,
        )
        for request in found
    ]
