"""A hundred people at one template: whoever is not told of a conflict has a revision, and no revision is lost."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.management import call_command

from console.kit.problems import Conflict
from devices.actions import sessions
from devices.models import ProvisioningSession
from templates_app.actions import revisions, templates
from templates_app.models import Revision, Template
from tests.cast import Cast
from tests.devices.actions.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, ROUNDS = 20, 5


def save(template: Template, cast: Cast, name: str) -> str:
    """Save `name`, again after each conflict as a person would; gives what was saved."""
    for _ in range(AT_ONCE * ROUNDS):
        now = Template.objects.get(pk=template.pk)
        try:
            templates.edit(template=now, name=name, board="esp32", description="", revision=now.revision, by=cast.dan)
        except Conflict:
            continue
        return name
    raise AssertionError("never saved")


def restore(template: Template, cast: Cast) -> str:
    """Restore the first revision, once; a conflict is told and changes nothing."""
    now = Template.objects.get(pk=template.pk)
    first = now.revisions.get(number=1)
    try:
        revisions.restore(template=now, to=first, revision=now.revision, by=cast.ann)
    except Conflict:
        return ""
    return first.name


def test_a_hundred_edits_and_restores_lose_no_revision(cast: Cast, template: Template) -> None:
    saved: list[str] = []
    for turn in range(ROUNDS):
        acts: list[Callable[[], str]] = [
            partial(save, template, cast, f"Edit {turn}-{number}") for number in range(AT_ONCE - 4)
        ]
        saved += filter(None, at_once(*acts, *[partial(restore, template, cast)] * 4))

    template.refresh_from_db()
    kept = list(Revision.objects.order_by("number").values_list("number", "name"))
    assert [number for number, _ in kept] == list(range(1, template.revision + 1))
    names = [name for _, name in kept]
    assert {name for name in saved if name.startswith("Edit")} <= set(names)
    assert sum(name.startswith("Edit") for name in names) == (AT_ONCE - 4) * ROUNDS
    assert names[-1] == template.name


def test_of_edits_from_one_page_one_is_saved_and_the_others_are_told(cast: Cast, template: Template) -> None:
    def edit(number: int) -> bool:
        try:
            templates.edit(
                template=template, name=f"Edit {number}", board="esp32", description="", revision=1, by=cast.dan
            )
        except Conflict:
            return False
        return True

    outcomes = at_once(*[partial(edit, number) for number in range(AT_ONCE)])

    template.refresh_from_db()
    assert (outcomes.count(True), template.revision) == (1, 2)
    assert template.name == f"Edit {outcomes.index(True)}"


def test_a_session_opened_while_its_template_is_deleted_keeps_it_or_is_refused(cast: Cast) -> None:
    for _ in range(8):
        template = templates.create(team=cast.team, name="Pump", board="esp32", description="", by=cast.alice)

        def act(do: Callable[[], object]) -> bool:
            try:
                do()
            except Conflict:
                return False
            return True

        deleted, opened = at_once(
            partial(act, partial(templates.delete, template=template, by=cast.alice)),
            partial(act, partial(sessions.open_session, template=template, by=cast.dan)),
        )

        assert deleted is not opened
        assert Template.objects.filter(pk=template.pk).exists() is opened
        assert ProvisioningSession.objects.filter(template_id=template.pk).exists() is opened
    call_command("check_integrity")
