"""The page of datastreams and events."""

from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from templates_app.actions import datastreams
from templates_app.models import Template
from templates_app.snapshot import content_of
from tests.cast import Cast, signed_in
from tests.selectors import has, one, soup, text_of, texts

pytestmark = pytest.mark.django_db

AIR = {"pin": 0, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85.5}
HOT = {"code": "too_hot", "title": "Too hot", "severity": "critical"}
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def url(template: Template) -> str:
    return reverse("templates:streams", args=[template.template_id])


def described(template: Template, cast: Cast, **values: Any) -> Template:
    return datastreams.save(
        template=template, datastreams=[{**AIR, **values}], events=[HOT], revision=template.revision, by=cast.dan
    )


def fields(response: Any) -> dict[str, list[str]]:
    """What the form of the page would send, all rows of it."""
    sent: dict[str, list[str]] = {}
    for control in soup(response).select("main form[method=post] :is(input, select)"):
        chosen = control.select_one("option[selected]") if control.name == "select" else None
        value = str(chosen["value"]) if chosen else str(control.get("value", ""))
        sent.setdefault(str(control["name"]), []).append(value)
    return sent


def rows_in(response: Any, noun: str) -> int:
    return len(soup(response).select(f'[data-rows="{noun}"] > li'))


def test_page_shows_the_rows_as_they_are(url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    sent = fields(signed_in(cast.dan).get(url))
    assert {name: values for name, values in sent.items() if "-" in name} == {
        "datastream-pin": ["V0"],
        "datastream-name": ["Air"],
        "datastream-kind": ["decimal"],
        "datastream-unit": ["°C"],
        "datastream-minimum": ["-40"],
        "datastream-maximum": ["85.5"],
        "event-code": ["too_hot"],
        "event-title": ["Too hot"],
        "event-severity": ["critical"],
    }


def test_saving_the_form_untouched_changes_nothing(url: str, template: Template, cast: Cast) -> None:
    saved = described(template, cast)
    client = signed_in(cast.dan)
    client.post(url, fields(client.get(url)))
    template.refresh_from_db()
    assert template.revision == saved.revision


def test_rows_are_added_edited_and_removed_without_script(url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    client = signed_in(cast.dan)
    added = client.post(url, {**fields(client.get(url)), "add": "datastream"})
    assert "not saved yet" in text_of(added, "main")
    form = fields(added)
    assert form["datastream-pin"] == ["V0", "V1"]
    form["datastream-name"][1] = "Lamp"
    form["datastream-kind"][1] = "switch"
    form = fields(client.post(url, {**form, "add": "event"}))
    form["event-code"][1], form["event-title"][1] = "low", "Battery low"
    removed = client.post(url, {**form, "remove": "datastream-0"})
    answer = client.post(url, fields(removed))
    assert answer["Location"] == url
    content = content_of(Template.objects.get(pk=template.pk))
    assert [row["name"] for row in content["datastreams"]] == ["Lamp"]
    assert [row["code"] for row in content["events"]] == ["low", "too_hot"]
    assert "Revision 3 is saved." in text_of(client.get(url))


@pytest.mark.parametrize("row", ["datastream-1", "datastream-", "x-0", "event-²", "event--1", "\0", "9" * 5000])
def test_removing_what_is_no_row_removes_none(row: str, url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    client = signed_in(cast.dan)
    answer = client.post(url, {**fields(client.get(url)), "remove": row})
    assert (rows_in(answer, "datastream"), rows_in(answer, "event")) == (1, 1)


def test_blank_rows_are_left_out(url: str, template: Template, cast: Cast) -> None:
    client = signed_in(cast.dan)
    form = fields(client.post(url, {**fields(client.get(url)), "add": "datastream"}))
    form["datastream-pin"] = ["  "]
    assert client.post(url, form).status_code == 302
    assert content_of(template)["datastreams"] == []


def test_errors_stand_at_their_fields_and_keep_the_input(url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    client = signed_in(cast.dan)
    form = fields(client.get(url))
    form |= {"datastream-pin": ["V999"], "datastream-minimum": ["NaN"], "event-code": ["no way"]}
    refused = client.post(url, form)
    assert refused.status_code == 422
    wrong = [str(control["name"]) for control in soup(refused).select("[aria-invalid=true]")]
    assert wrong == ["datastream-pin", "datastream-minimum", "event-code"]
    assert fields(refused)["datastream-pin"] == ["V999"]
    ids = [str(control["aria-describedby"]) for control in soup(refused).select("[aria-invalid=true]")]
    assert all(has(refused, f"#{error}") for error in ids)


@pytest.mark.parametrize("text", ["Infinity", "1e999", "1_000", "٣", "0x10", "9" * 5000, "--1", "1,5", "\0"])
def test_what_is_no_number_is_refused_as_an_end(text: str, url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    client = signed_in(cast.dan)
    refused = client.post(url, {**fields(client.get(url)), "datastream-maximum": [text]})
    assert refused.status_code == 422
    assert has(refused, '[name="datastream-maximum"][aria-invalid="true"]')


def test_hostile_names_are_shown_as_text(url: str, template: Template, cast: Cast) -> None:
    described(template, cast, name=HOSTILE, unit="<b>&quot;")
    for member in (cast.dan, cast.vic):
        page = signed_in(member).get(url)
        assert not has(page, "main script")
        assert not has(page, "main b")
    assert HOSTILE in text_of(signed_in(cast.vic).get(url), "main")


def test_conflict_shows_both_and_keeps_the_input(url: str, template: Template, cast: Cast) -> None:
    client = signed_in(cast.ann)
    form = fields(client.post(url, {**fields(client.get(url)), "add": "datastream"}))
    form["datastream-name"] = ["Water <i>"]
    described(template, cast)
    conflict = client.post(url, form)
    assert conflict.status_code == 409
    assert texts(conflict, "tbody tr")[0] == "V0 Water <i>, integer Air, decimal, °C, -40 to 85.5"
    assert texts(conflict, "tbody tr")[1] == "too_hot (empty) Too hot, critical"
    assert fields(conflict)["datastream-name"] == ["Water <i>"]
    assert client.post(url, fields(conflict)).status_code == 302
    assert content_of(Template.objects.get(pk=template.pk))["datastreams"][0]["name"] == "Water <i>"


def test_full_template_fits_the_form(url: str, template: Template, cast: Cast) -> None:
    rows = [{**AIR, "pin": pin} for pin in range(256)]
    events = [{**HOT, "code": f"code{number}"} for number in range(100)]
    datastreams.save(template=template, datastreams=rows, events=events, revision=1, by=cast.dan)
    client = signed_in(cast.dan)
    form = fields(client.get(url))
    form["datastream-name"][255] = "The last"
    assert client.post(url, form).status_code == 302
    assert content_of(template)["datastreams"][255]["name"] == "The last"


@override_settings(TEMPLATE_DATASTREAMS_LIMIT=0)
def test_limit_is_told_above_the_rows(url: str, cast: Cast) -> None:
    client = signed_in(cast.dan)
    refused = client.post(url, fields(client.post(url, {**fields(client.get(url)), "add": "datastream"})))
    assert refused.status_code == 422
    assert "0 datastreams at most" in text_of(refused, "main")


def test_form_that_arrived_in_part_is_refused(url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    refused = signed_in(cast.dan).post(url, {"datastream-pin": ["1"], "revision": "2"})
    assert refused.status_code == 422
    assert "did not arrive" in text_of(refused, "main")
    assert content_of(Template.objects.get(pk=template.pk))["datastreams"] == [AIR]


@pytest.mark.parametrize("revision", ["", "x", "0", "9" * 5000, "\0"])
def test_form_without_a_revision_is_a_conflict(revision: str, url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    client = signed_in(cast.dan)
    form = {**fields(client.get(url)), "revision": revision, "datastream-name": ["Water"]}
    assert client.post(url, form).status_code == 409


def test_viewer_reads_and_may_not_save(url: str, template: Template, cast: Cast) -> None:
    described(template, cast)
    client = signed_in(cast.vic)
    page = client.get(url)
    for part in ("Air", "V0", "Decimal", "°C", "-40 to 85.5", "Too hot", "too_hot", "Critical"):
        assert part in text_of(page, "main")
    assert not has(page, "main form")
    refused = client.post(url, {"revision": "1"})
    assert refused.status_code == 403
    assert "edit templates" in text_of(refused)


def test_viewer_of_a_bare_template_is_told_what_shows_instead(url: str, cast: Cast) -> None:
    assert "V0, V1" in text_of(signed_in(cast.vic).get(url), "main")


def test_stranger_sees_404(url: str, cast: Cast) -> None:
    client = signed_in(cast.sam)
    assert client.get(url).status_code == 404
    assert client.post(url, {"revision": "1"}).status_code == 404


def test_signed_out_visitor_is_sent_to_sign_in(url: str) -> None:
    assert Client().get(url)["Location"].startswith(reverse("account_login"))


def test_other_methods_are_refused(url: str, cast: Cast) -> None:
    assert signed_in(cast.dan).delete(url).status_code == 405


def test_template_page_leads_here(url: str, template: Template, cast: Cast) -> None:
    page = signed_in(cast.dan).get(url)
    assert one(page, '.page-tabs [aria-current="page"]').get_text(strip=True) == "Datastreams"
