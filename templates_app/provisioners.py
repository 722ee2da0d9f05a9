"""Who may provision one template, and why: by role, or by a grant with what is left of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q

from console.teams.models import Grant, Member
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import GRANTABLE_ROLES, PROVISIONING_ROLES
from console.teams.provisioning import Way, verdict
from templates_app.models import Template

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Provisioner:
    """One member. `until_at` and `left` are those of the grant; None without one, or where it sets no limit."""

    name: str
    why: str
    until_at: datetime | None
    left: int | None


@dataclass(frozen=True, slots=True)
class Provisioners:
    """The first of them, and whether there are more."""

    rows: tuple[Provisioner, ...]
    has_more: bool


def provisioners_of(template: Template, *, now: datetime) -> Provisioners:
    """Those who may provision `template` at `now`, highest role first. Costs two queries."""
    named = Grant.objects.filter(template_id__in=[template.template_id, ALL_TEMPLATES])
    usable = named.usable(now=now).filter(member=OuterRef("pk"))
    by_grant = Q(Exists(usable), role__in=[role.value for role in GRANTABLE_ROLES])
    members = Member.objects.filter(Q(role__in=PROVISIONING_ROLES) | by_grant, team=template.team_id)
    found = members.filter(user__is_active=True).select_related("user").prefetch_related(Prefetch("grants", named))
    rows = list(found.by_rank()[: SHOWN + 1])
    return Provisioners(tuple(_row(member, template, now) for member in rows[:SHOWN]), has_more=len(rows) > SHOWN)


def _row(member: Member, template: Template, now: datetime) -> Provisioner:
    grants = {grant.template_id: grant for grant in member.grants.all()}
    found = verdict(member.role, grants, template.template_id, now=now)
    grant = found.grant if found.may else None
    why = f"{member.get_role_display()}, by role" if grant is None else "By a grant"
    if found.way is Way.ALL_TEMPLATES:
        why = "By a grant for all templates"
    return Provisioner(member.label, why, grant.until_at if grant else None, grant.left_count if grant else None)
