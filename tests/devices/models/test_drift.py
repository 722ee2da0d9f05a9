"""PostgreSQL draws the same verdicts as `templates_app.drift`, and draws them from the team's rows."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from devices.actions import facts
from devices.actions.values import Facts, Meta
from devices.models import Device
from devices.presenters.drift import verdict_of
from templates_app.actions import templates
from templates_app.drift import ANY, Drift
from templates_app.models import Template
from tests.cast import Cast, make_device


def make(template: Template, cast: Cast, *, hotspot: str = "", **reported: Any) -> Device:
    """A device that has reported these facts, as the gateway writes them."""
    device = make_device(template, cast.alice)
    facts.report([Facts(device.pk, **reported)])
    facts.set_metadata([Meta(device.pk, "Hotspot Name", hotspot)])
    return device


def rename(template: Template, name: str, cast: Cast) -> None:
    template.refresh_from_db()
    templates.edit(
        template=template, name=name, board="esp32", description="", revision=template.revision, by=cast.alice
    )


def found(cast: Cast, by: str = ANY) -> list[Device]:
    return list(Device.objects.drifted(team_id=cast.team.pk, by=by).order_by("pk"))


def test_a_device_that_reports_nothing_has_not_drifted(device: Device, cast: Cast) -> None:
    assert found(cast) == []


def test_reported_id_of_another_template(template: Template, cast: Cast) -> None:
    make(template, cast, template_id=template.template_id)
    other = make(template, cast, template_id="TMPLbbbbbbbbb")

    assert found(cast) == found(cast, Drift.TEMPLATE) == [other]


def test_hotspot_named_for_an_older_revision(template: Template, cast: Cast) -> None:
    old = make(template, cast, hotspot="Blynk Soil Sensor-9A4R")
    assert found(cast) == []

    rename(template, "Garden", cast)
    make(template, cast, hotspot="Blynk Garden-9A4R")
    make(template, cast, hotspot="Acme-9A4R")

    assert found(cast) == found(cast, Drift.NAME) == [old]


def test_name_that_came_back_is_the_present_one(template: Template, cast: Cast) -> None:
    make(template, cast, hotspot="Blynk Soil Sensor-11504")
    rename(template, "Garden", cast)
    rename(template, "Soil Sensor", cast)

    assert found(cast) == []


def test_names_that_hotspots_cannot_tell_apart_are_not_held_against_a_device(template: Template, cast: Cast) -> None:
    rename(template, "Irrigation Controller North", cast)
    make(template, cast, hotspot="Blynk Irrigation Controlle-9A4R")
    rename(template, "Irrigation Controller South", cast)

    assert found(cast) == []


def test_names_of_other_templates_do_not_count(template: Template, other_template: Template, cast: Cast) -> None:
    make(template, cast, hotspot="Blynk Boiler-9A4R")
    rename(template, "Garden", cast)

    assert found(cast) == []


def test_firmware_older_than_the_newest_of_the_template(template: Template, cast: Cast) -> None:
    old = make(template, cast, firmware_version="1.9.0")
    make(template, cast, firmware_version="1.10.0")
    make(template, cast, firmware_version="1.10")
    make(template, cast, firmware_version="nightly")

    assert found(cast) == found(cast, Drift.FIRMWARE) == [old]


def test_firmware_of_another_template_is_no_measure(template: Template, other_template: Template, cast: Cast) -> None:
    make(template, cast, firmware_version="1.0")
    make(template, cast, firmware_version="9.0", template_id="TMPLbbbbbbbbb")
    facts.report([Facts(make_device(other_template, cast.sam).pk, firmware_version="5.0")])

    assert found(cast, Drift.FIRMWARE) == []


def test_only_devices_of_the_team_and_the_template_are_counted(
    template: Template, other_template: Template, cast: Cast
) -> None:
    make(template, cast, template_id="TMPLbbbbbbbbb")
    second = templates.create(team=cast.team, name="Second", board="esp32", description="", by=cast.alice)

    assert found(replace(cast, team=cast.sam.team)) == []
    assert not second.devices.drifted(team_id=cast.team.pk, template_pk=second.pk).exists()
    assert template.devices.drifted(team_id=cast.team.pk, template_pk=template.pk).count() == 1


@settings(max_examples=30)
@given(
    reported=st.sampled_from(["", "own", "TMPLbbbbbbbbb"]),
    hotspot=st.sampled_from(["", "Blynk Soil Sensor-9A4R", "Blynk Garden-9A4R", "Blynk", "x-9A4R", "-9A4R"]),
    version=st.sampled_from(["", "1.0", "1.9", "1.10.0", "v2-beta", "none"]),
)
def test_both_draw_the_same_verdict(reported: str, hotspot: str, version: str, template: Template, cast: Cast) -> None:
    if template.revision == 1:
        rename(template, "Garden", cast)
        template.refresh_from_db()
    make(template, cast, firmware_version="1.9.1")
    own = template.template_id if reported == "own" else reported
    device = make(template, cast, template_id=own, hotspot=hotspot, firmware_version=version)

    verdict = verdict_of(Device.objects.with_evidence().select_related("template").get(pk=device.pk))

    assert [by for by in Drift if device in found(cast, by)] == ([verdict.drift] if verdict else [])
