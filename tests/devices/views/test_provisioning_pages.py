"""The matrix of members and templates, by mouse, by form and by htmx."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from console.teams.models import Grant, GrantRequest, Member, Team
from console.teams.permissions import Role
from devices.actions import sessions
from devices.models import ProvisioningSession
from templates_app.models import Template
from tests.cast import Cast, make_user, signed_in
from tests.selectors import has, markup, one, piece, soup, text_of, texts, words

pytestmark = pytest.mark.django_db
MATRIX = reverse("provisioning:matrix")
HTMX = {"HX-Request": "true"}


def cell_url(cast: Cast, slug: str, name: str = "grant") -> str:
    return reverse(f"provisioning:{name}", args=[cast.ines.pk, slug])


def cells(response: object, member: Member) -> list[str]:
    """The words of each cell in a member's row."""
    row = one(response, f"#member-{member.pk}")
    for hidden in row.select(".visually-hidden"):
        hidden.decompose()
    return [words(cell) for cell in row.select("td")]


def test_cells_say_yes_by_role_or_no_until_when_and_how_many_are_left(cast: Cast, template: Template) -> None:
    Grant.objects.create(
        member=cast.ines,
        template_id=template.template_id,
        until_at=datetime(2099, 12, 1, tzinfo=UTC),
        devices_limit=5,
        devices_count=2,
    )
    page = signed_in(cast.ann).get(MATRIX)
    assert texts(page, ".table-grants thead th") == ["Member", "All templates", "Soil Sensor"]
    assert cells(page, cast.alice) == cells(page, cast.dan) == ["by role", "by role"]
    assert cells(page, cast.vic) == ["no", "no"]
    assert cells(page, cast.ines) == ["no", "yes 3 of 5 left, until 30 Nov 2099"]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"until_at": datetime(2026, 1, 2, 9, 30, tzinfo=UTC)}, "no ended 2 Jan 2026, 09:30 UTC"),
        ({"devices_limit": 2, "devices_count": 2}, "no 0 of 2 left"),
    ],
)
def test_grant_that_is_over_or_used_up_says_so(
    limits: dict[str, object], said: str, cast: Cast, template: Template
) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id, **limits)
    assert cells(signed_in(cast.ann).get(MATRIX), cast.ines) == ["no", said]


def test_grant_runs_out_on_the_page_when_its_time_has_come(cast: Cast, template: Template) -> None:
    until = timezone.now() + timedelta(hours=1)
    Grant.objects.create(member=cast.ines, template_id=template.template_id, until_at=until)
    for moment, word in ((until - timedelta(seconds=1), "yes"), (until, "no")):
        with time_machine.travel(moment, tick=False):
            assert cells(signed_in(cast.ann).get(MATRIX), cast.ines)[1].startswith(word)


def test_grant_for_all_templates_shows_in_each_and_is_taken_where_it_was_given(cast: Cast, template: Template) -> None:
    Grant.objects.create(member=cast.ines)
    page = signed_in(cast.ann).get(MATRIX)
    assert cells(page, cast.ines) == ["yes", "yes as all templates"]
    assert has(page, f"button#cell-{cast.ines.pk}-all")
    assert has(page, f"span#cell-{cast.ines.pk}-{template.template_id}")


def test_one_click_gives_and_another_takes(cast: Cast, template: Template) -> None:
    ann, url = signed_in(cast.ann), cell_url(cast, template.template_id, "toggle")
    assertRedirects(
        ann.post(url, {"act": "give"}),
        f"{MATRIX}#cell-{cast.ines.pk}-{template.template_id}",
        fetch_redirect_response=False,
    )
    assert Grant.objects.get().template_id == template.template_id
    session = sessions.open_session(template=template, by=cast.ines).session
    assert "1 open session is cancelled" in text_of(ann.post(url, {"act": "take"}, follow=True))
    assert not Grant.objects.exists()
    session.refresh_from_db()
    assert session.state == "cancelled"


def test_asking_twice_is_once(cast: Cast, template: Template) -> None:
    ann, url = signed_in(cast.ann), cell_url(cast, template.template_id, "toggle")
    for _ in range(2):
        ann.post(url, {"act": "give"})
    assert Grant.objects.count() == 1
    for _ in range(2):
        ann.post(url, {"act": "take"})
    assert Grant.objects.count() == 0


@pytest.mark.parametrize("slug", ["all", "template"])
def test_swapped_row_equals_the_reloaded_one(slug: str, cast: Cast, template: Template) -> None:
    ann = signed_in(cast.ann)
    url = cell_url(cast, template.template_id if slug == "template" else slug, "toggle")
    view = f"{MATRIX}?t=Soil"
    swapped = ann.post(url, {"act": "give", "view": view}, headers=HTMX)
    assert "may provision" in swapped["HX-Trigger"]
    swapped.content = b"<table><tbody>" + swapped.content + b"</tbody></table>"
    reloaded = ann.get(view)
    row = f"#member-{cast.ines.pk}"
    for response in (swapped, reloaded):
        assert 'aria-pressed="true"' in piece(response, row)
    strip = [markup(one_without_tokens(response, row)) for response in (swapped, reloaded)]
    assert strip[0] == strip[1]


def one_without_tokens(response: object, selector: str) -> Tag:
    element = one(response, selector)
    for field in element.select("input[name=csrfmiddlewaretoken]"):
        field["value"] = ""
    return element


def test_refused_click_is_told_and_swaps_nothing(cast: Cast, template: Template) -> None:
    url = reverse("provisioning:toggle", args=[cast.dan.pk, "all"])
    refused = signed_in(cast.ann).post(url, {"act": "give"}, headers=HTMX)
    assert (refused.status_code, refused.content) == (400, b"")
    assert "by role" in refused["HX-Trigger"]
    assert "by role" in text_of(signed_in(cast.ann).post(url, {"act": "give"}, follow=True))


def test_dialog_is_the_page_without_its_shell(cast: Cast, template: Template) -> None:
    ann, url = signed_in(cast.ann), cell_url(cast, template.template_id)
    fetched, page = ann.get(url, headers=HTMX), ann.get(url)
    assert not has(fetched, "h1")
    assert has(page, "h1")
    for response in (fetched, page):
        assert has(response, f"form[action='{url}'] input[type=date][name=until_at]")


def test_dialog_sets_a_day_a_number_and_a_note(cast: Cast, template: Template) -> None:
    ann, url = signed_in(cast.ann), cell_url(cast, template.template_id)
    ann.post(url, {"until_at": "2035-12-31", "devices_limit": "5", "note": "Bed 4 😀"})
    grant = Grant.objects.get()
    assert (grant.until_at, grant.devices_limit) == (datetime(2036, 1, 1, tzinfo=UTC), 5)
    form = ann.get(url)
    assert one(form, "[name=until_at]")["value"] == "2035-12-31"
    assert one(form, "[name=note]")["value"] == "Bed 4 😀"
    ann.post(url, {"until_at": "", "devices_limit": "", "note": ""})
    grant.refresh_from_db()
    assert (grant.until_at, grant.devices_limit, grant.note) == (None, None, "")
    ann.post(url, {"act": "take", "until_at": "nonsense"})
    assert not Grant.objects.exists()


def test_moment_that_a_program_set_stays_when_its_day_is_saved_again(cast: Cast, template: Template) -> None:
    until = datetime(2035, 5, 5, 14, 0, tzinfo=UTC)
    grant = Grant.objects.create(member=cast.ines, template_id=template.template_id, until_at=until)
    signed_in(cast.ann).post(cell_url(cast, template.template_id), {"until_at": "2035-05-05", "devices_limit": "3"})
    grant.refresh_from_db()
    assert (grant.until_at, grant.devices_limit) == (until, 3)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"until_at": "2020-01-01"}, "until_at"),
        ({"until_at": "9999-12-31"}, "until_at"),
        ({"until_at": "soon"}, "until_at"),
        ({"devices_limit": "0"}, "devices_limit"),
        ({"devices_limit": "1"}, "devices_limit"),
        ({"devices_limit": "99999999999999999999"}, "devices_limit"),
        ({"note": "two\nlines"}, "note"),
        ({"note": "n" * 201}, "note"),
    ],
)
def test_unusable_limits_are_told_at_their_field(
    typed: dict[str, str], field: str, cast: Cast, template: Template
) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id, devices_limit=7, devices_count=2)
    response = signed_in(cast.ann).post(cell_url(cast, template.template_id), typed)
    assert response.status_code == 422
    assert has(response, f"#id_{field}_note.field-error"), texts(response, "form")
    assert Grant.objects.get().devices_limit == 7


def test_others_look_and_change_nothing(cast: Cast, template: Template) -> None:
    for name in ("dan", "ines", "vic"):
        browser = signed_in(cast.member(name))
        page = browser.get(MATRIX)
        assert cells(page, cast.ines) == ["no", "no"]
        assert not has(page, ".table-grants form, .table-grants td a")
        for url in (cell_url(cast, "all"), cell_url(cast, "all", "toggle")):
            refused = browser.post(url, {"act": "give"})
            assert refused.status_code == 403
            assert "manage members" in text_of(refused)
            assert "Alice or Ann" in text_of(refused)
    assert not Grant.objects.exists()


def test_other_teams_are_out_of_reach(cast: Cast, template: Template, other_template: Template) -> None:
    ann = signed_in(cast.ann)
    outside = [
        reverse("provisioning:toggle", args=[cast.sam.pk, "all"]),
        cell_url(cast, other_template.template_id, "toggle"),
        cell_url(cast, other_template.template_id),
        cell_url(cast, "nonsense"),
    ]
    for url in outside:
        assert ann.post(url, {"act": "give"}).status_code == 404
    assert signed_in(cast.sam).post(cell_url(cast, template.template_id, "toggle"), {"act": "give"}).status_code == 404
    assert "Boiler" not in ann.get(MATRIX).text
    assert not Grant.objects.exists()


def test_wrong_methods(cast: Cast) -> None:
    ann = signed_in(cast.ann)
    assert ann.post(MATRIX).status_code == 405
    assert ann.get(cell_url(cast, "all", "toggle")).status_code == 405
    assert ann.put(cell_url(cast, "all")).status_code == 405


@pytest.mark.parametrize(
    "query", ["q=%00", "t=%00%27%22<b>", "p=0&c=-1", "p=99999999999&c=x", "q=" + "x" * 5000, "p=5000"]
)
def test_hostile_addresses_show_a_page(query: str, cast: Cast, template: Template) -> None:
    response = signed_in(cast.ann).get(f"{MATRIX}?{query}")
    assert response.status_code == 200
    assert not has(response, "main b")


def test_way_back_leads_nowhere_else(cast: Cast, template: Template) -> None:
    response = signed_in(cast.ann).post(
        cell_url(cast, "all", "toggle"), {"act": "give", "view": "https://evil.example/?q=a"}
    )
    assert response["Location"] == f"{MATRIX}?q=a#cell-{cast.ines.pk}-all"


def many(cast: Cast, *, members: int, templates: int) -> None:
    users = [make_user(f"m{number}") for number in range(members)]
    made = Member.objects.bulk_create(Member(team=cast.team, user=user, role=Role.INSTALLER.value) for user in users)
    rows = Template.objects.bulk_create(
        Template(team=cast.team, name=f"Kind {number:03}", board="esp32") for number in range(templates)
    )
    Grant.objects.bulk_create(
        Grant(member=member, template_id=row.template_id) for member in made for row in rows[: 500 // members]
    )


def test_many_members_and_templates_come_in_pages_that_can_be_searched(cast: Cast) -> None:
    many(cast, members=60, templates=20)
    ann = signed_in(cast.ann)
    page = ann.get(MATRIX)
    assert len(soup(page).select(".table-grants tbody tr")) == 25
    assert len(soup(page).select(".table-grants thead th")) == 8
    second = ann.get(f"{MATRIX}?p=3&c=2")
    assert len(soup(second).select(".table-grants tbody tr")) == 15
    assert texts(second, ".table-grants thead th")[2] == "Kind 006"
    assert has(second, f"a[rel=prev][href='{MATRIX}?p=2&c=2']")
    found = ann.get(f"{MATRIX}?q=m7@&t=019")
    assert texts(found, ".table-grants tbody th") == ["M7 Installer"]
    assert texts(found, ".table-grants thead th")[1:] == ["All templates", "Kind 019"]
    assert "No member matches" in text_of(ann.get(f"{MATRIX}?q=nobody-like-it"))


def test_matrix_costs_the_same_for_many(cast: Cast, template: Template) -> None:
    ann = signed_in(cast.ann)
    with CaptureQueriesContext(connection) as few:
        ann.get(MATRIX)
    many(cast, members=50, templates=30)
    with CaptureQueriesContext(connection) as after:
        ann.get(MATRIX)
    assert len(after) == len(few)


@pytest.mark.parametrize("name", ["ines", "dan"])
def test_permission_of_one_page_costs_two_queries_whatever_there_is(name: str, cast: Cast, template: Template) -> None:
    """50 teams of one person, 500 grants, many members: who is asking is one query, what they may provision another."""
    member = cast.member(name)
    many(cast, members=50, templates=20)
    for number in range(50):
        team = Team.objects.create(name=f"Team {number}")
        Member.objects.create(team=team, user=member.user, role=Role.INSTALLER.value)
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    assert Grant.objects.count() >= 500
    browser = signed_in(member)
    for url in ("/sessions/new/", f"/sessions/new/?template={template.template_id}"):
        with CaptureQueriesContext(connection) as asked:
            assert has(browser.get(url), "select#template option")
        about = [row["sql"] for row in asked if re.search(r'FROM "teams_(member|grant)"', row["sql"])]
        assert len(about) <= 2, about


def test_waiting_requests_stand_above_the_matrix(cast: Cast, template: Template) -> None:
    asked = GrantRequest.objects.create(member=cast.ines, template_id=template.template_id, note="Bed 4")
    page = signed_in(cast.ann).get(MATRIX)
    assert "Ines asks for Soil Sensor: “Bed 4”" in text_of(page)
    assert has(page, f"form[action='{reverse('provisioning:approve', args=[asked.pk])}']")
    assert "Ines asks" not in text_of(signed_in(cast.dan).get(MATRIX))


def test_team_without_templates_is_told_what_this_is(cast: Cast) -> None:
    assert "No template to provision yet" in text_of(signed_in(cast.ann).get(MATRIX))


def test_sessions_of_others_are_left_alone(cast: Cast, template: Template) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id)
    sessions.open_session(template=template, by=cast.dan)
    signed_in(cast.ann).post(cell_url(cast, template.template_id, "toggle"), {"act": "take"})
    assert ProvisioningSession.objects.get().state == "open"
