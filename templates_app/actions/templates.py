"""What people do to a template: create, edit, duplicate, archive, delete. Every saved change is a revision."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.db import transaction
from django.db.models.functions import Now

from console.kit.problems import Conflict, Invalid
from console.kit.transactions import DEADLOCK, atomic_again
from console.teams.actions import audit
from console.teams.models import Grant, GrantRequest, Member, Team
from templates_app.content import cleaned
from templates_app.drift import hotspot_stems
from templates_app.models import Datastream, EventType, Revision, Template
from templates_app.naming import NAME_LIMIT
from templates_app.snapshot import content_of, problems_in
from templates_app.streams import exact_number

type Content = Mapping[str, Any]

LISTED = 20
"""Devices or sessions that a refused deletion names."""


@transaction.atomic
def create(
    *,
    team: Team,
    name: str,
    board: str,
    description: str,
    datastreams: Sequence[Content] = (),
    events: Sequence[Content] = (),
    how: Literal["created", "imported", "duplicated"] = "created",
    by: Member,
) -> Template:
    """A new template with its first revision; `how` it came about is for the audit log. Raises Invalid."""
    content = _usable(
        {"name": name, "board": board, "description": description, "datastreams": datastreams, "events": events}
    )
    template = Template.objects.create(team=team, **_columns(content))
    _write_rows(template, {"datastreams": [], "events": []}, content)
    _keep_revision(template, content, by)
    audit.record(team=team, by=by, kind=f"template.{how}", subject=template.name, template=template.template_id)
    return template


def edit(*, template: Template, name: str, board: str, description: str, revision: int, by: Member) -> Template:
    """Save name, board and description. See `apply`."""
    content = {"name": name, "board": board, "description": description}
    return apply(template=template, content=content, revision=revision, by=by)


@transaction.atomic
def apply(*, template: Template, content: Content, revision: int, by: Member) -> Template:
    """Save `content` (see `templates_app.content`) as the next revision; what it does not name stays as it is.

    Nothing changed makes no revision. `revision` is the one the editor started from. Raises Conflict when somebody
    saved another in the meantime, Invalid, which names every problem, for unusable values.
    """
    current = Template.objects.select_for_update(no_key=True).get(pk=template.pk)
    before = content_of(current)
    after = _usable({**before, **content})
    if after == cleaned(before):
        return current
    if current.revision != revision:
        raise Conflict(
            f"Revision {current.revision} was saved while you were editing revision {revision}. "
            "Compare it with your changes and save again."
        )
    for column, value in _columns(after).items():
        setattr(current, column, value)
    current.revision += 1
    current.updated_at = Now()
    current.save()
    _write_rows(current, before, after)
    current.refresh_from_db()
    _keep_revision(current, after, by)
    changed = [part for part in after if after[part] != before[part]]
    audit.record(
        team=current.team,
        by=by,
        kind="template.edited",
        subject=current.name,
        template=current.template_id,
        revision=current.revision,
        changed=changed,
    )
    return current


def _usable(content: Content) -> dict[str, Any]:
    problems = problems_in(content)
    if problems:
        named = [{"field": problem.path, "detail": problem.message} for problem in problems]
        raise Invalid(problems[0].message, field=problems[0].path, errors=named)
    return cleaned(content)


def _columns(content: Content) -> dict[str, Any]:
    return {column: content[column] for column in ("name", "board", "description")}


def _write_rows(template: Template, before: Content, after: Content) -> None:
    if after["datastreams"] != before["datastreams"]:
        template.datastreams.all().delete()
        Datastream.objects.bulk_create(_datastream(template, row) for row in after["datastreams"])
    if after["events"] != before["events"]:
        template.events.all().delete()
        EventType.objects.bulk_create(EventType(template=template, **row) for row in after["events"])


def _datastream(template: Template, row: Content) -> Datastream:
    ends = {end: exact_number(row[end]) for end in ("minimum", "maximum")}
    return Datastream(template=template, **{**row, **ends})


def _keep_revision(template: Template, content: Content, by: Member) -> None:
    Revision.objects.create(
        template=template,
        number=template.revision,
        content=content,
        hotspot_stems=hotspot_stems(content["name"]),
        by=by.label,
        **_columns(content),
    )


@transaction.atomic
def archive(*, template: Template, by: Member) -> None:
    """Take `template` out of use: no new sessions; its devices live on. Done twice, the second changes nothing."""
    if Template.objects.filter(pk=template.pk, archived_at=None).update(archived_at=Now()):
        audit.record(team=template.team, by=by, kind="template.archived", **_named(template))


@transaction.atomic
def unarchive(*, template: Template, by: Member) -> None:
    """Bring `template` back into use."""
    if Template.objects.filter(pk=template.pk).archived().update(archived_at=None):
        audit.record(team=template.team, by=by, kind="template.unarchived", **_named(template))


def _named(template: Template) -> dict[str, str]:
    return {"subject": template.name, "template": template.template_id}


def duplicate(*, template: Template, by: Member) -> Template:
    """A new template with an id of its own, named as a copy, that holds what `template` holds now."""
    content = content_of(template)
    content["name"] = f"Copy of {template.name}"[:NAME_LIMIT].rstrip()
    return create(team=template.team, by=by, how="duplicated", **content)


@atomic_again(DEADLOCK)
def delete(*, template: Template, by: Member) -> None:
    """Delete `template` with its revisions, its grants and the provisioning sessions that have ended.

    Raises Conflict, which lists them, while a device is made from it, and while a session is open. Does nothing for a
    template that somebody else deleted first.
    """
    current = Template.objects.select_for_update().filter(pk=template.pk).first()
    if current is None:
        return
    devices = list(current.devices.order_by("-pk").values("id", "name")[:LISTED])
    if devices:
        raise Conflict(
            "Devices are made from this template. Delete them first, or archive the template.", devices=devices
        )
    sessions = list(current.sessions.unfinished().order_by("-pk").values_list("pk", flat=True)[:LISTED])
    if sessions:
        raise Conflict("A provisioning session of this template is open. Cancel it first.", sessions=sessions)
    for named in (Grant.objects, GrantRequest.objects):
        named.filter(member__team=current.team_id, template_id=current.template_id).delete()
    audit.record(team=current.team, by=by, kind="template.deleted", subject=current.name, template=current.template_id)
    current.delete()
