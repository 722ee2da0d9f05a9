"""What people do to a revision: restore it."""

from console.teams.models import Member
from templates_app.actions import templates
from templates_app.models import Revision, Template


def restore(*, template: Template, to: Revision, revision: int, by: Member) -> Template:
    """Make what `template` was at `to` its next revision; the ones between stay in the history. See `templates.apply`.

    `revision` is the present one that the person saw. Raises Conflict when somebody saved another in the meantime,
    Invalid when what was saved then can no longer be.
    """
    return templates.apply(template=template, content=to.content, revision=revision, by=by)
