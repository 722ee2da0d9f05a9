"""The audit log's page, files and API: what they show, and to whom."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from console.pages.audit.sentences import SENTENCES, sentence_of
from console.teams.actions import audit
from console.teams.audit_areas import area_of
from console.teams.models import AuditEntry, Member
from devices.actions import devices
from devices.models import Device
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller

pytestmark = pytest.mark.django_db
URL = "/team/audit/"


def said(cast: Cast, query: str = "", who: str = "alice") -> list[str]:
    """The sentences of the page."""
    page = BeautifulSoup(signed_in(cast.member(who)).get(URL + query).content, "html.parser")
    for detail in page.select("tbody details"):
        detail.decompose()
    return [" ".join(cell.get_text().split()) for cell in page.select("tbody th")]


def note(cast: Cast, subject: str, *, by: Member | None = None, kind: str = "device.renamed", **detail: Any) -> None:
    audit.record(team=cast.team, by=by or cast.alice, kind=kind, subject=subject, **detail)


def test_entries_are_sentences_newest_first(cast: Cast, template: Template) -> None:
    note(cast, "Tap", by=cast.dan, before="Valve")
    assert said(cast) == ["Dan renamed the device “Valve” to Tap.", "Alice made the template Soil Sensor."]


def test_admin_sees_it_and_the_others_do_not_see_the_tab(cast: Cast) -> None:
    assert signed_in(cast.ann).get(URL).status_code == 200
    assert URL in signed_in(cast.ann).get("/team/").text
    assert URL not in signed_in(cast.dan).get("/team/").text


def test_other_teams_entries_are_not_shown(cast: Cast, other_template: Template, template: Template) -> None:
    assert said(cast) == ["Alice made the template Soil Sensor."]
    for query in ("?q=boiler", "?q=sam", f"?who={cast.sam.user_id}", "?area=templates&q=boi"):
        assert said(cast, query) == []
    assert caller(cast.alice).get("audit/?q=boiler").data["results"] == []


def test_subjects_lead_to_what_is_still_there(cast: Cast, template: Template, device: Device) -> None:
    devices.rename(device=device, name="Tap", by=cast.alice)
    links = [
        link["href"] for link in BeautifulSoup(signed_in(cast.alice).get(URL).content, "html.parser").select("tbody a")
    ]
    assert links == [
        f"/devices/{device.pk}/",
        f"/sessions/{device.activation_id}/",
        f"/templates/{template.template_id}/",
    ]
    devices.delete(device=device, by=cast.alice)
    assert f"/devices/{device.pk}/" not in signed_in(cast.alice).get(URL).text


def test_ids_of_other_teams_in_a_detail_lead_nowhere(cast: Cast, other_template: Template) -> None:
    note(cast, "Boiler", kind="template.edited", template=other_template.template_id, device=1, session="x" * 40)
    assert f"/templates/{other_template.template_id}/" not in signed_in(cast.alice).get(URL).text


def test_page_costs_the_same_however_many_rows_and_things(
    cast: Cast, template: Template, device: Device, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        note(cast, f"Tap {number}", device=device.pk + number, template=template.template_id, session=number)
    browser = signed_in(cast.alice)
    with django_assert_max_num_queries(9):
        assert browser.get(URL).status_code == 200


def test_filters_narrow_by_area_person_and_day(cast: Cast) -> None:
    note(cast, "Tap", by=cast.dan, before="a")
    note(cast, "key", by=cast.ann, kind="api_key.created", hint="lfk_abcd")
    AuditEntry.objects.create(
        team_id=cast.team.pk,
        at=datetime(2025, 3, 4, 23, 59, 59, 999_999, tzinfo=UTC),
        actor="Vic",
        user_id=cast.vic.user_id,
        kind="member.left",
        area="members",
        subject="Vic",
    )
    assert said(cast, "?area=keys") == ["Ann made the API key key, which begins with lfk_abcd."]
    assert said(cast, f"?who={cast.dan.user_id}") == ["Dan renamed the device “a” to Tap."]
    assert said(cast, "?from=2025-03-04&to=2025-03-04") == ["Vic left the team."]
    assert said(cast, "?to=2025-03-03") == []
    assert len(said(cast, "?from=2025-03-05")) == 2
    assert said(cast, f"?area=keys&who={cast.dan.user_id}") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ta", 1),
        ("TAP", 1),
        ("ap", 0),
        ("dan", 1),
        ("dan@exam", 1),
        ("grün", 1),
        ("GRÜN tap", 1),
        ("dan pump", 0),
        ("+", 1),
    ],
)
def test_search_finds_beginnings_of_words_in_subject_and_person(cast: Cast, text: str, count: int) -> None:
    note(cast, "Grüner Tap", by=cast.dan, before="x")
    browser = signed_in(cast.alice)
    page = BeautifulSoup(browser.get(URL, {"q": text}).content, "html.parser")
    assert len(page.select("tbody th")) == count


def test_search_finds_addresses(cast: Cast) -> None:
    signed_in(cast.alice).post("/team/settings/", {"name": "Garden"}, REMOTE_ADDR="203.0.113.9")
    assert len(said(cast, "?q=203.0.113.9")) == 1
    assert said(cast, "?q=203.0.113.8") == []


@pytest.mark.parametrize(
    "query",
    [
        "?who=x",
        "?who=99999999999999999999",
        "?who=-1",
        "?from=yesterday&to=9999-12-31",
        "?area=nothing",
        "?before=1",
        "?before=9999999999999999999.1",
        "?after=253402300799000001.1",
        "?before=1.99999999999999999999",
        "?after=²³.1",
        "?q=%00",
        "?q='%20%26%20!(",
        "?q=" + "x" * 3000,
    ],
)
def test_any_query_is_answered(cast: Cast, query: str) -> None:
    note(cast, "Tap", before="x")
    assert signed_in(cast.alice).get(URL + query).status_code == 200
    assert signed_in(cast.alice).get(f"{URL}audit.csv{query}").status_code == 200


def _moved(cast: Cast, count: int) -> None:
    """Entries of which pairs have the same moment."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            team_id=cast.team.pk,
            at=start + timedelta(seconds=number // 2),
            actor="Alice",
            kind="device.renamed",
            subject=f"Tap {number}",
        )
        for number in range(count)
    )


def test_pages_hold_each_entry_once_in_both_directions(cast: Cast, settings: Any) -> None:
    settings.PAGE_SIZE = 3
    _moved(cast, 8)
    browser, seen, url = signed_in(cast.alice), [], "?area="
    while url:
        page = browser.get(URL + url).context["page"]
        seen.append([row.subject for row in page.rows])
        last, url = page, page.next_url
    assert seen == [["Tap 7", "Tap 6", "Tap 5"], ["Tap 4", "Tap 3", "Tap 2"], ["Tap 1", "Tap 0"]]
    back = browser.get(URL + last.previous_url).context["page"]
    assert [row.subject for row in back.rows] == seen[1]
    assert browser.get(URL + back.previous_url).context["page"].previous_url is None


def test_filters_stay_in_the_addresses_of_pages_and_files(cast: Cast, settings: Any) -> None:
    settings.PAGE_SIZE = 1
    note(cast, "Tap one", before="x")
    note(cast, "Tap two", before="x")
    text = signed_in(cast.alice).get(URL + "?q=tap&area=devices").text
    assert "?area=devices&amp;q=tap&amp;before=" in text
    assert "/team/audit/audit.csv?area=devices&amp;q=tap" in text


def body(cast: Cast, form: str, query: str = "") -> str:
    answer = signed_in(cast.alice).get(f"{URL}audit.{form}{query}")
    assert answer["Content-Disposition"] == f'attachment; filename="audit.{form}"'
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_csv_has_every_entry_that_passes_and_no_formula(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("console.pages.audit.files.PIECE", 2)
    names = ["=HYPERLINK(1)", "+1", "-1", "@x", "Tap, two", 'q"uote']
    for name in names:
        note(cast, name, before="x")
    note(cast, "Pump", kind="template.created")
    rows = list(csv.DictReader(io.StringIO(body(cast, "csv", "?area=devices"))))
    assert [row["subject"] for row in reversed(rows)] == ["'=HYPERLINK(1)", "'+1", "'-1", "'@x", "Tap, two", 'q"uote']
    assert json.loads(rows[0]["detail"]) == {"before": "x"}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_json_is_one_array(cast: Cast, monkeypatch: Any, count: int) -> None:
    monkeypatch.setattr("console.pages.audit.files.PIECE", 2)
    _moved(cast, count)
    found = json.loads(body(cast, "json", "?area=&q="))
    assert [entry["subject"] for entry in found if entry["kind"] == "device.renamed"] == [
        f"Tap {number}" for number in reversed(range(count))
    ]


def test_saving_the_log_is_in_the_log(cast: Cast) -> None:
    body(cast, "csv", "?q=tap")
    assert said(cast) == ["Alice saved the audit log as CSV."]
    assert signed_in(cast.alice).head(f"{URL}audit.csv").status_code == 200
    assert len(said(cast)) == 1


def test_api_tells_the_same_in_pages(cast: Cast) -> None:
    _moved(cast, 5)
    note(cast, "Pump", kind="template.created", by=cast.dan)
    key, url, seen = caller(cast.ann), "audit/?page_size=2&until=2026-12-31&since=2026-01-01", []
    while url:
        answer = key.get(url)
        assert answer.status == 200
        seen += [entry["subject"] for entry in answer.data["results"]]
        url = answer.data["next"]
    assert [subject for subject in seen if subject.startswith("Tap")] == [f"Tap {number}" for number in (4, 3, 2, 1, 0)]
    (entry,) = key.get(f"audit/?area=templates&user={cast.dan.user_id}&q=pum").data["results"]
    assert (entry["actor"], entry["user_id"], entry["kind"]) == ("Dan", cast.dan.user_id, "template.created")


@pytest.mark.parametrize(
    "query", ["area=nothing", "user=x", "since=yesterday", "until=1", "q=" + "x" * 200, "cursor=x"]
)
def test_api_names_the_parameter_that_it_cannot_use(cast: Cast, query: str) -> None:
    answer = caller(cast.alice).get(f"audit/?{query}")
    assert answer.status == 400
    assert answer.problem_fields() == {query.partition("=")[0]}


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_is_a_sentence_without_its_details_and_has_an_area(kind: str) -> None:
    entry = AuditEntry(actor="Ann", kind=kind, subject="Tap", detail={})
    sentence = sentence_of(entry)
    assert sentence.after.endswith(".")
    assert "{" not in sentence.before + sentence.after
    assert area_of(kind)


@pytest.mark.parametrize("detail", [{}, {"changed": 5}, [], "x", {"subject": "{evil}", "was": "{0}"}, None])
def test_kinds_and_details_of_a_newer_version_are_shown_all_the_same(cast: Cast, detail: Any) -> None:
    for kind in ("rocket.{launched}", "template.edited", "team.renamed"):
        AuditEntry.objects.create(team_id=cast.team.pk, actor="Ann", kind=kind, subject="Tap", detail=detail or {})
    assert said(cast)[2] == "Ann did “rocket.launched” to Tap."


def test_every_kind_that_is_written_has_a_sentence() -> None:
    """Kinds that stand in the code as such; those that are put together are in the tests of their actions."""
    root = Path(__file__).parents[3]
    written = {
        kind
        for folder in ("console", "templates_app", "devices")
        for file in (root / folder).rglob("*.py")
        if "audit" in (text := file.read_text())
        for kind in re.findall(r'kind="([a-z_]+\.[a-z_]+)"', text)
    }
    assert written - set(SENTENCES) == set()
