"""What people do to the datastreams and events of a template: save them, all at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from console.teams.models import Member
from templates_app.actions import templates
from templates_app.models import Template


def save(
    *,
    template: Template,
    datastreams: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
    revision: int,
    by: Member,
) -> Template:
    """Make these the datastreams and events of `template`, as its next revision. See `templates.apply`."""
    content = {"datastreams": datastreams, "events": events}
    return templates.apply(template=template, content=content, revision=revision, by=by)
