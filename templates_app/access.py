"""The only way a view or an API endpoint comes by a template."""

from django.shortcuts import get_object_or_404

from console.teams import access
from console.teams.models import Member
from console.teams.permissions import Permission
from templates_app.lookalikes import Other
from templates_app.models import Template
from templates_app.models.template import TemplateQuerySet

NAMES_COMPARED = 2000
"""How many templates a name is held against for likeness."""


def templates_of(member: Member) -> TemplateQuerySet:
    """The templates that `member` can see: those of the team."""
    return Template.objects.filter(team=member.team)


def names_beside(member: Member, template_id: str) -> list[Other]:
    """The names that the team's templates in use have, but for this one's; the newest NAMES_COMPARED of them."""
    rows = templates_of(member).in_use().exclude(template_id=template_id).order_by("-id")
    return [Other(*row) for row in rows.values_list("template_id", "name", "board")[:NAMES_COMPARED]]


def template_for(member: Member, template_id: str, permission: Permission = Permission.VIEW) -> Template:
    """One template by its TMPL… id. Raises Http404 for a stranger, Forbidden for a teammate without `permission`."""
    template = _template(member, template_id)
    access.require(member, Permission.VIEW)
    access.require(member, permission)
    return template


def _template(member: Member, template_id: str) -> Template:
    template: Template = get_object_or_404(templates_of(member), template_id=template_id)
    return template


def template_to_provision(member: Member, template_id: str) -> Template:
    """One template that `member` may provision now, by role or grant. Raises Http404 or Forbidden."""
    template = _template(member, template_id)
    access.require_provisioning(member, template_id)
    return template
