"""Why a member may provision a template, or may not: by role, by a grant, or not at all. Pure: values in, values out.

Each template is looked at by itself. What permits one template permits no other, and grants for each of them are none
for all: a template made tomorrow is not among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.teams.models import Grant
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import GRANTABLE_ROLES, Permission, Role, allows


class Way(StrEnum):
    """What the answer rests on."""

    ROLE = "role"
    GRANT = "grant"
    ALL_TEMPLATES = "all templates"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`grant` is what it rests on; where nothing permits it, the grant of this template that is over or used up."""

    way: Way
    grant: Grant | None = None

    @property
    def may(self) -> bool:
        return self.way is not Way.NONE


def is_grantable(role: str) -> bool:
    """Whether grants mean anything to a member with this role."""
    return Role(role) in GRANTABLE_ROLES


def verdict(role: str, grants: Mapping[str, Grant], template_id: str, *, now: datetime) -> Verdict:
    """Whether a member with `role` and `grants` (by template id) may provision the template (empty: all) at `now`."""
    if not is_grantable(role):
        return Verdict(Way.ROLE if allows(Role(role), Permission.PROVISION) else Way.NONE)
    own, general = grants.get(template_id), grants.get(ALL_TEMPLATES)
    if own and own.is_usable(now):
        return Verdict(Way.GRANT, own)
    if general and general.is_usable(now):
        return Verdict(Way.ALL_TEMPLATES, general)
    return Verdict(Way.NONE, own)
