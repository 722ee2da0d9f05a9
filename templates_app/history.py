"""The revisions of a template, for its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.urls import reverse

from templates_app.changes import sentence
from templates_app.models import Revision, Template


@dataclass(frozen=True, slots=True)
class Row:
    """One revision in the history; an address is empty where there is nothing to compare with or to restore."""

    number: int
    by: str
    at: datetime
    sentence: str
    is_present: bool
    diff_url: str
    restore_url: str


def rows_of(template: Template, revisions: Sequence[Revision]) -> list[Row]:
    """`revisions`, newest first and without gaps, as rows; one more query for what the oldest of them changed."""
    if not revisions:
        return []
    oldest = template.revisions.filter(number=revisions[-1].number - 1).first()
    befores = [*revisions[1:], oldest]
    return [_row(template, revision, before) for revision, before in zip(revisions, befores, strict=True)]


def _row(template: Template, revision: Revision, before: Revision | None) -> Row:
    is_present = revision.number == template.revision
    restore_url = reverse("templates:restore", args=[template.template_id, revision.number])
    return Row(
        number=revision.number,
        by=revision.by,
        at=revision.at,
        sentence=sentence(before.content if before else None, revision.content),
        is_present=is_present,
        diff_url=diff_url(template, before.number, revision.number) if before else "",
        restore_url="" if is_present else restore_url,
    )


def diff_url(template: Template, first: int, second: int) -> str:
    """The address of the page that holds two revisions side by side."""
    return f"{reverse('templates:diff', args=[template.template_id])}?from={first}&to={second}"


def revision_of(template: Template, number: int) -> Revision:
    """One revision of `template`. Raises Http404 for a number that it never had."""
    found = template.revisions.filter(number=number).first() if 0 < number <= template.revision else None
    if found is None:
        raise Http404("No such revision.")
    return found
