"""The team's page, its name, and starting a team."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import Settings

from console.teams.actions import api_keys
from console.teams.links import link_to
from console.teams.models import ApiKey, AuditEntry, Member, Team
from console.teams.permissions import Permission, Role, allows
from tests.cast import Cast, make_user, signed_in
from tests.selectors import has, one, piece, soup, text_of, texts, words

TEAM, ROLES, SETTINGS, START = "/team/", "/team/roles/", "/team/settings/", "/team/start/"
KEYS = "/team/keys/"
SWITCH = "/team/switch/"


@pytest.mark.parametrize("name", ["alice", "ann", "dan", "ines", "vic"])
def test_every_member_sees_who_is_in_the_team(cast: Cast, name: str) -> None:
    response = signed_in(cast.member(name)).get(TEAM)

    assert words(one(response, "h1")) == "Greenhouse"
    assert texts(response, "td[data-label=Role]") == ["Owner", "Admin", "Developer", "Installer", "Viewer"]
    assert "sam@example.com" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("current", "back"),
    [
        ("http://testserver/devices/?q=a", "/devices/%3Fq%3Da"),
        ("http://elsewhere.example/devices/", "/palette/%3Fq%3Db"),
        ("", "/palette/%3Fq%3Db"),
    ],
)
def test_piece_of_a_page_leads_the_signed_out_to_sign_in_and_back_to_the_page(current: str, back: str) -> None:
    headers = {"HX-Request": "true"} | ({"HX-Current-URL": current} if current else {})
    response = Client().get("/palette/?q=b", headers=headers)
    assert (response["HX-Redirect"], response.content) == (f"/accounts/login/?next={back}", b"")


def test_matrix_says_what_permissions_say(cast: Cast) -> None:
    table = one(signed_in(cast.vic).get(ROLES), "table")
    rows = [[words(cell) for cell in row.select("td")] for row in table.select("tbody tr")]
    assert len(rows) == len(Permission)
    for permission, row in zip(Permission, rows, strict=True):
        assert [cell == "yes" for cell in row] == [allows(role, permission) for role in Role]


def test_installer_provisions_with_a_grant(cast: Cast) -> None:
    assert "with a grant" in texts(signed_in(cast.vic).get(ROLES), "td[data-label=Installer]")


def test_keys_show_a_hint_and_never_the_secret(cast: Cast) -> None:
    made = api_keys.create(member=cast.dan, name="factory <b>line</b>")
    api_keys.create(member=cast.sam, name="not ours")

    response = signed_in(cast.ann).get(KEYS)

    assert texts(response, "td[data-label=Key]") == [f"{made.key.hint}…"]
    assert texts(response, "td[data-label=State]") == ["Active"]
    assert str(made.secret) not in response.content.decode()
    assert "not ours" not in response.content.decode()
    assert not has(response, "main b")


def test_key_past_its_date_reads_expired_and_a_revoked_one_revoked(cast: Cast) -> None:
    now = timezone.now()
    old, gone = (api_keys.create(member=cast.dan, name=name).key for name in ("old", "gone"))
    ApiKey.objects.filter(pk=old.pk).update(expires_at=now - timedelta(seconds=1))
    ApiKey.objects.filter(pk=gone.pk).update(revoked_at=now)

    assert texts(signed_in(cast.ann).get(KEYS), "td[data-label=State]") == ["Revoked", "Expired"]


@pytest.mark.parametrize("name", ["ines", "vic"])
def test_those_who_may_not_manage_keys_see_none(cast: Cast, name: str) -> None:
    api_keys.create(member=cast.dan, name="factory line")

    response = signed_in(cast.member(name)).get(KEYS)
    assert response.status_code == 403
    assert "factory line" not in response.content.decode()


def test_page_of_keys_costs_the_same_for_many_keys(cast: Cast) -> None:
    browser = signed_in(cast.ann)
    api_keys.create(member=cast.dan, name="one")
    with CaptureQueriesContext(connection) as before:
        browser.get(KEYS)
    for number in range(5):
        api_keys.create(member=cast.ann, name=f"more {number}")

    with CaptureQueriesContext(connection) as after:
        browser.get(KEYS)

    assert len(after) == len(before) <= 5


def test_owner_renames_the_team(cast: Cast) -> None:
    response = signed_in(cast.alice).post(SETTINGS, {"name": "  Glasshouse 😀 "})

    assertRedirects(response, SETTINGS)
    cast.team.refresh_from_db()
    assert cast.team.name == "Glasshouse 😀"
    entry = AuditEntry.objects.get(kind="team.renamed")
    assert (entry.subject, entry.actor, entry.detail) == ("Glasshouse 😀", "Alice", {"was": "Greenhouse"})


def test_renaming_to_the_same_name_changes_nothing(cast: Cast) -> None:
    signed_in(cast.alice).post(SETTINGS, {"name": "Greenhouse"})

    assert not AuditEntry.objects.filter(kind="team.renamed").exists()


@pytest.mark.parametrize("name", ["", "  ", "n" * 81, "two\nlines", "bell\x07"])
def test_unusable_team_name_is_refused_at_its_field(cast: Cast, name: str) -> None:
    response = signed_in(cast.alice).post(SETTINGS, {"name": name})

    assert response.status_code == 422
    assert has(response, "#id_name_note.field-error")
    cast.team.refresh_from_db()
    assert cast.team.name == "Greenhouse"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["ann", "dan", "ines", "vic"])
def test_others_may_not_rename(cast: Cast, name: str, method: str) -> None:
    response = getattr(signed_in(cast.member(name)), method)(SETTINGS, {"name": "Mine"})

    assert response.status_code == 403
    assert "manage the team" in words(one(response, ".plain-lead"))


@pytest.mark.parametrize("url", [TEAM, ROLES])
def test_tabs_lead_to_what_the_role_may_open(cast: Cast, url: str) -> None:
    """And the one of the page itself is marked."""
    for name in ("alice", "ann", "dan", "ines", "vic"):
        tabs = soup(signed_in(cast.member(name)).get(url)).select(".tab-list a")
        assert [tab["href"] for tab in tabs if tab.get("aria-current")] == [url]
        assert (SETTINGS in [tab["href"] for tab in tabs]) == (name == "alice")
        assert {signed_in(cast.member(name)).get(str(tab["href"])).status_code for tab in tabs} == {200}


@pytest.mark.parametrize("url", [TEAM, ROLES, SETTINGS, START, SWITCH])
def test_signed_out_are_sent_to_sign_in(client: Client, db: None, url: str) -> None:
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize(("url", "method"), [(TEAM, "post"), (ROLES, "post"), (SETTINGS, "delete"), (START, "put")])
def test_wrong_method(cast: Cast, url: str, method: str) -> None:
    assert getattr(signed_in(cast.alice), method)(url).status_code == 405


@pytest.mark.parametrize("url", ["/overview/", "/templates/", "/team/", "/palette/"])
def test_person_without_a_team_is_sent_to_start_one(client: Client, db: None, url: str) -> None:
    client.force_login(make_user("noa"))

    assertRedirects(client.get(url), START)


def test_start_makes_a_team_with_its_owner(client: Client, db: None) -> None:
    noa = make_user("noa")
    client.force_login(noa)

    response = client.post(START, {"name": "Workshop"})

    assertRedirects(response, "/overview/")
    member = noa.memberships.get()
    assert (member.team.name, member.role) == ("Workshop", Role.OWNER)


def test_start_refuses_an_empty_name(client: Client, db: None) -> None:
    client.force_login(make_user("noa"))

    response = client.post(START, {"name": " "})

    assert response.status_code == 422
    assert not Team.objects.exists()


def test_another_team_is_started_and_shown(cast: Cast) -> None:
    browser = signed_in(cast.vic)
    assert words(one(browser.get(START), "h1")) == "Start another team"

    page = browser.post(START, {"name": "Second"}, follow=True)

    assert words(one(page, ".rail-team .truncate")) == "Second"
    assert cast.vic.user.memberships.filter(role=Role.OWNER, team__name="Second").exists()
    assert cast.team.members.filter(user=cast.vic.user, role=Role.VIEWER).exists()


def test_number_of_owned_teams_has_a_limit(cast: Cast, settings: Settings) -> None:
    settings.TEAMS_PER_PERSON = 1
    browser = signed_in(cast.vic)
    browser.post(START, {"name": "Second"})

    response = browser.post(START, {"name": "Third"})

    assert response.status_code == 422
    assert "may own 1 teams here" in words(one(response, ".form-errors"))
    assert not Team.objects.filter(name="Third").exists()


@pytest.fixture
def two_teams(cast: Cast) -> Client:
    """Dan, who is in Sam's team too, as a viewer."""
    Member.objects.create(team=cast.sam.team, user=cast.dan.user, role=Role.VIEWER)
    return signed_in(cast.dan)


def test_switch_shows_the_other_team_from_then_on(cast: Cast, two_teams: Client) -> None:
    assert texts(two_teams.get(SWITCH), ".team-choice .strong") == ["Greenhouse", "Elsewhere"]

    page = two_teams.post(SWITCH, {"team": cast.sam.team_id}, follow=True)

    assert words(one(page, ".rail-team .truncate")) == "Elsewhere"
    assert texts(two_teams.get(TEAM), "td[data-label=Role]") == ["Owner", "Viewer"]


def test_dialog_shows_what_the_page_shows(two_teams: Client) -> None:
    page, swapped = two_teams.get(SWITCH), two_teams.get(SWITCH, headers={"hx-request": "true"})

    assert piece(swapped, ".team-choice") == piece(page, ".team-choice")
    assert not has(swapped, "h1")


def test_link_of_a_mail_leads_on_where_its_team_is_shown(cast: Cast, two_teams: Client) -> None:
    link = link_to("/team/roles/", team_id=cast.dan.team_id).removeprefix(settings.CONSOLE_URL)
    assert two_teams.get(link)["Location"] == "/team/roles/"


def test_link_of_a_mail_asks_before_it_shows_another_team(cast: Cast, two_teams: Client) -> None:
    link = link_to("/team/roles/?a=b", team_id=cast.sam.team_id).removeprefix(settings.CONSOLE_URL)
    page = two_teams.get(link)
    assert "belongs to Elsewhere, and this browser shows Greenhouse" in text_of(page)
    assert texts(two_teams.get(TEAM), "td[data-label=Role]") != ["Owner", "Viewer"]

    place = one(page, "input[name=next]")["value"]
    answer = two_teams.post(SWITCH, {"team": cast.sam.team_id, "next": place})

    assert answer["Location"] == "/team/roles/?a=b"
    assert texts(two_teams.get(TEAM), "td[data-label=Role]") == ["Owner", "Viewer"]


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "", "/\t/x", "team/"]
)
def test_link_never_leads_out_of_landfall(cast: Cast, two_teams: Client, place: str) -> None:
    assert two_teams.get(SWITCH, {"team": str(cast.dan.team_id), "next": place}).status_code == 200
    answer = two_teams.post(SWITCH, {"team": cast.dan.team_id, "next": place})
    assert answer["Location"] == "/overview/"


def test_link_to_a_strangers_team_is_404(cast: Cast, two_teams: Client) -> None:
    link = link_to("/team/", team_id=cast.sam.team_id).removeprefix(settings.CONSOLE_URL)
    assert signed_in(cast.vic).get(link).status_code == 404


@pytest.mark.parametrize("team", ["", "0", "x", "\0", "9" * 40])
def test_switch_to_no_team_of_ones_own_is_404(cast: Cast, two_teams: Client, team: str) -> None:
    assert two_teams.post(SWITCH, {"team": team}).status_code == 404
    assert signed_in(cast.vic).post(SWITCH, {"team": cast.sam.team_id}).status_code == 404


def test_team_that_one_was_removed_from_is_shown_no_longer(cast: Cast, two_teams: Client) -> None:
    two_teams.post(SWITCH, {"team": cast.sam.team_id})
    Member.objects.filter(user=cast.dan.user, team=cast.sam.team).delete()

    assert words(one(two_teams.get(TEAM), ".rail-team .truncate")) == "Greenhouse"


def test_days_that_things_are_kept_are_saved(cast: Cast) -> None:
    typed = {"name": "Greenhouse", "timeline_days": "120", "readings_days": "", "audit_days": "400"}

    assertRedirects(signed_in(cast.alice).post(SETTINGS, typed), SETTINGS)

    cast.team.refresh_from_db()
    assert (cast.team.timeline_days, cast.team.readings_days, cast.team.audit_days) == (120, None, 400)
    entry = AuditEntry.objects.get(kind="team.retention_changed")
    assert entry.detail["now"] == {"timeline_days": 120, "audit_days": 400}


def test_shorter_time_says_what_goes_and_waits_for_a_yes(cast: Cast) -> None:
    browser = signed_in(cast.alice)
    typed = {"name": "Glasshouse", "timeline_days": "7", "readings_days": "", "audit_days": ""}

    asked = browser.post(SETTINGS, typed)

    assert asked.status_code == 422
    assert "older than 7 days goes from timelines of devices, for good" in words(one(asked, ".tone-warn"))
    cast.team.refresh_from_db()
    assert (cast.team.name, cast.team.timeline_days) == ("Greenhouse", None)

    assertRedirects(browser.post(SETTINGS, typed | {"may_shorten": "on"}), SETTINGS)
    cast.team.refresh_from_db()
    assert (cast.team.name, cast.team.timeline_days) == ("Glasshouse", 7)


@pytest.mark.parametrize("days", ["0", "-1", "3651", "9" * 40, "x", "\0", "1.5"])
def test_unusable_number_of_days_is_refused_at_its_field(cast: Cast, days: str) -> None:
    response = signed_in(cast.alice).post(SETTINGS, {"name": "Greenhouse", "readings_days": days})

    assert response.status_code == 422
    assert has(response, "#id_readings_days_note.field-error")
