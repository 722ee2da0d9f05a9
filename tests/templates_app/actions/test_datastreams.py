"""Saving datastreams and events: revisions, refusals, and many editors at once."""

from functools import partial
from typing import Any

import pytest
from django.test import override_settings

from console.kit.problems import Conflict, Invalid
from console.teams.models import AuditEntry
from templates_app.actions import datastreams, templates
from templates_app.models import Revision, Template
from templates_app.snapshot import content_of
from tests.cast import Cast
from tests.devices.actions.racing import at_once

AIR = {"pin": 0, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85.5}
LAMP = {"pin": 1, "name": "Lamp", "kind": "switch", "unit": "", "minimum": None, "maximum": None}
HOT = {"code": "too_hot", "title": "Too hot", "severity": "critical"}


def save(template: Template, cast: Cast, *streams: Any, events: Any = (), revision: int | None = None) -> Template:
    at = template.revision if revision is None else revision
    return datastreams.save(template=template, datastreams=streams, events=events, revision=at, by=cast.dan)


@pytest.mark.django_db
def test_saved_streams_are_the_next_revision(template: Template, cast: Cast) -> None:
    saved = save(template, cast, LAMP, AIR, events=[HOT])
    assert saved.revision == 2
    content = content_of(saved)
    assert content["datastreams"] == [AIR, LAMP]
    assert content["events"] == [HOT]
    assert Revision.objects.get(template=template, number=2).content == content
    assert Revision.objects.get(template=template, number=1).content["datastreams"] == []


@pytest.mark.django_db
def test_saving_is_audited_with_what_changed(template: Template, cast: Cast) -> None:
    save(template, cast, AIR)
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.kind, entry.actor) == ("template.edited", cast.dan.label)
    assert entry.detail == {"template": template.template_id, "revision": 2, "changed": ["datastreams"]}


@pytest.mark.django_db
def test_saving_the_same_again_makes_no_revision(template: Template, cast: Cast) -> None:
    saved = save(template, cast, AIR, LAMP)
    assert save(saved, cast, LAMP, {**AIR, "maximum": 85.50}).revision == saved.revision
    assert save(saved, cast, AIR, LAMP, revision=1).revision == saved.revision


@pytest.mark.django_db
def test_editing_the_name_keeps_the_streams(template: Template, cast: Cast) -> None:
    saved = save(template, cast, AIR, events=[HOT])
    renamed = templates.edit(template=saved, name="Boiler", board="esp32", description="", revision=2, by=cast.dan)
    assert content_of(renamed) == {**content_of(saved), "name": "Boiler"}
    assert renamed.revisions.get(number=3).content == content_of(renamed)


@pytest.mark.django_db
def test_whole_content_of_an_old_revision_can_be_applied(template: Template, cast: Cast) -> None:
    before = content_of(template)
    saved = save(template, cast, AIR, events=[HOT])
    restored = templates.apply(template=saved, content=before, revision=2, by=cast.dan)
    assert (restored.revision, content_of(restored)) == (3, before)


@pytest.mark.django_db
def test_new_template_with_streams_has_them_in_its_first_revision(cast: Cast) -> None:
    made = templates.create(
        team=cast.team, name="Air", board="esp32", description="", datastreams=[AIR], events=[HOT], by=cast.dan
    )
    assert content_of(made)["datastreams"] == [AIR]
    assert made.revisions.get().content == content_of(made)


@pytest.mark.django_db
def test_unusable_rows_change_nothing_and_are_all_named(template: Template, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        save(template, cast, AIR, {**LAMP, "pin": 256, "name": ""}, events=[{**HOT, "code": "no way"}])
    fields = [error["field"] for error in refused.value.errors]
    assert fields == ["datastreams.1.pin", "datastreams.1.name", "events.0.code"]
    template.refresh_from_db()
    assert (template.revision, content_of(template)["datastreams"]) == (1, [])


@pytest.mark.django_db
@override_settings(TEMPLATE_DATASTREAMS_LIMIT=1, TEMPLATE_EVENTS_LIMIT=0)
def test_limits_are_settings(template: Template, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        save(template, cast, AIR, LAMP, events=[HOT])
    assert [error["field"] for error in refused.value.errors] == ["datastreams", "events"]


@pytest.mark.django_db
@pytest.mark.parametrize("end", [4294967295, -9_999_999_999, 9_999_999_999.12345, 0.1, -0.00001])
def test_ends_of_a_range_come_back_as_they_were_given(end: float, template: Template, cast: Cast) -> None:
    saved = save(template, cast, {**AIR, "minimum": end, "maximum": None})
    assert content_of(Template.objects.get(pk=saved.pk))["datastreams"][0]["minimum"] == end


def _try(template: Template, cast: Cast, round_: int, editor: int) -> Template | Conflict:
    row = {**AIR, "pin": editor, "name": f"Round {round_} editor {editor}"}
    try:
        return save(template, cast, row, revision=round_)
    except Conflict as problem:
        return problem


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_edits_one_wins_per_revision_and_none_is_lost_unsaid(template: Template, cast: Cast) -> None:
    winners = []
    for round_ in range(1, 6):
        results = at_once(*(partial(_try, template, cast, round_, editor) for editor in range(20)))
        (winner,) = [editor for editor, result in enumerate(results) if isinstance(result, Template)]
        winners.append(f"Round {round_} editor {winner}")
    kept = template.revisions.order_by("number").values_list("number", "content")
    assert [number for number, _ in kept] == [1, 2, 3, 4, 5, 6]
    assert [[row["name"] for row in content["datastreams"]] for _, content in kept][1:] == [[name] for name in winners]
    assert [row["name"] for row in content_of(template)["datastreams"]] == [winners[-1]]
