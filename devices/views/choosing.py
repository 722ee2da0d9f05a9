"""The templates that a form for new devices offers, and why not the others."""

from typing import Any

from console.teams import access as team_access
from console.teams.models import Member
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.why_not import why_not
from templates_app.access import templates_of

TEMPLATES_OFFERED = 500


def offered_to(member: Member, chosen: str) -> dict[str, Any]:
    """`templates` that `member` may provision; with `why_not`, what stands in the way of `chosen`, or of them all.

    `refused` is the template that is not theirs, `choices` those that they can ask for where none is.
    """
    in_use = list(templates_of(member).in_use().order_by("name", "pk")[:TEMPLATES_OFFERED])
    allowed = team_access.provisionable(member, [template.template_id for template in in_use])
    refused = next((t.template_id for t in in_use if t.template_id == chosen and chosen not in allowed), None)
    if refused is None and in_use and not allowed:
        refused = in_use[0].template_id if len(in_use) == 1 else ALL_TEMPLATES
    return {
        "templates": [template for template in in_use if template.template_id in allowed],
        "chosen": chosen,
        "why_not": None if refused is None else why_not(member, refused),
        "refused": next((template for template in in_use if template.template_id == refused), None),
        "choices": in_use if refused == ALL_TEMPLATES else [],
    }
