"""New and edit: the form, its live check, and two people at once."""

import pytest
from django.test import Client
from pytest_django.asserts import assertRedirects

from templates_app.actions import templates
from templates_app.models import Template
from templates_app.naming import NAME_LIMIT
from tests.cast import Cast, signed_in
from tests.selectors import has, markup, one, texts, words

NEW = "/templates/new/"
CHECK = "/templates/name-check/"
FIELDS = {"name": "Greenhouse", "board": "esp8266", "description": "South house"}


def edit_url(template: Template) -> str:
    return f"/templates/{template.template_id}/edit/"


@pytest.mark.parametrize("name", ["alice", "ann", "dan"])
def test_those_who_may_create(cast: Cast, name: str) -> None:
    response = signed_in(cast.member(name)).post(NEW, FIELDS)

    made = Template.objects.get()
    assertRedirects(response, f"/templates/{made.template_id}/")
    assert (made.name, made.board, made.description, made.team) == ("Greenhouse", "esp8266", "South house", cast.team)


@pytest.mark.parametrize("name", ["ines", "vic"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_are_told_which_permission_is_missing(cast: Cast, name: str, method: str) -> None:
    response = getattr(signed_in(cast.member(name)), method)(NEW, FIELDS)

    assert response.status_code == 403
    assert "permission to edit templates" in words(one(response, ".plain-lead"))
    assert not Template.objects.exists()


@pytest.mark.parametrize("url", [NEW, CHECK, "/templates/TMPLaaaaaaaaa/edit/"])
def test_signed_out_are_sent_to_sign_in(client: Client, db: None, url: str) -> None:
    assert "/accounts/login/" in client.get(url)["Location"]


def test_wrong_methods(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.alice)

    assert browser.delete(NEW).status_code == 405
    assert browser.post(CHECK).status_code == 405
    assert browser.put(edit_url(template)).status_code == 405


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Give the template a name"),
        ("   ", "Give it a short name"),
        ("n" * (NAME_LIMIT + 1), f"longer than {NAME_LIMIT} characters"),
        ('The "best"', "double quote"),
        ("back\\slash", "backslash"),
        ("two\nlines", "cannot be shown"),
        ("bell\x07", "cannot be shown"),
        ("nul\x00", "Null characters"),
    ],
)
def test_refused_name_stands_at_its_field_and_keeps_the_input(cast: Cast, name: str, sentence: str) -> None:
    response = signed_in(cast.dan).post(NEW, FIELDS | {"name": name})

    assert response.status_code == 422
    assert sentence in words(one(response, "#id_name_note"))
    assert words(one(response, "#id_description")) == "South house"
    assert not Template.objects.exists()


@pytest.mark.parametrize("name", ["n" * NAME_LIMIT, "Sensor 😀", "Grün", "<script>alert(1)</script>", "{{ 7|add:7 }}"])
def test_odd_but_legal_name_is_kept_and_shown_as_text(cast: Cast, name: str) -> None:
    response = signed_in(cast.dan).post(NEW, FIELDS | {"name": name}, follow=True)

    assert words(one(response, "h1")) == name
    assert not has(response, "h1 script")


def test_unknown_board_is_refused(cast: Cast) -> None:
    response = signed_in(cast.dan).post(NEW, FIELDS | {"board": "toaster"})

    assert "catalogue" in words(one(response, "#id_board_note"))


def test_description_counts_a_line_break_once(cast: Cast) -> None:
    response = signed_in(cast.dan).post(NEW, FIELDS | {"description": "a" * 100 + "\r\n" + "b" * 99})

    assert response.status_code == 302


def test_description_that_is_too_long_is_refused_at_its_field(cast: Cast) -> None:
    response = signed_in(cast.dan).post(NEW, FIELDS | {"description": "a" * 201})

    assert "200 characters" in words(one(response, "#id_description_note"))


def test_check_equals_the_piece_of_the_reloaded_page(cast: Cast) -> None:
    browser = signed_in(cast.dan)
    typed = {"name": "Irrigation Controller of the South House 😀", "board": "esp32"}

    fragment = browser.get(CHECK, typed, headers={"HX-Request": "true"})
    reloaded = browser.get(NEW, typed)

    assert markup(one(reloaded, "#name-check")) == markup(one(fragment, "body"))
    assert has(fragment, ".finding")


def test_check_shows_hotspot_names_and_what_is_cut(cast: Cast) -> None:
    response = signed_in(cast.vic).get(CHECK, {"name": "Irrigation Controller", "board": "mkr1000"})

    assert texts(response, "tbody td[data-label='Hotspot name']")[-1] == "Blynk Irrigation Controller-XXXX"
    assert texts(response, "tbody td[data-label='Hotspot name'] del")[-1] == "r"


@pytest.mark.parametrize("typed", [{}, {"name": ""}, {"name": "x", "board": "toaster"}, {"name": '\x00"<b>'}])
def test_check_answers_whatever_is_typed(cast: Cast, typed: dict[str, str]) -> None:
    response = signed_in(cast.vic).get(CHECK, typed)

    assert response.status_code == 200
    assert not has(response, "b")


def test_edit_saves_a_revision(cast: Cast, template: Template) -> None:
    response = signed_in(cast.dan).post(edit_url(template), FIELDS | {"revision": "1"})

    template.refresh_from_db()
    assertRedirects(response, f"/templates/{template.template_id}/")
    assert (template.name, template.revision) == ("Greenhouse", 2)


def test_edit_form_is_filled_with_what_is_saved(cast: Cast, template: Template) -> None:
    response = signed_in(cast.dan).get(edit_url(template))

    assert one(response, "#id_name")["value"] == "Soil Sensor"
    assert one(response, "input[name=revision]")["value"] == "1"


@pytest.mark.parametrize("revision", ["1", "", "nonsense", "-1", "9" * 30])
def test_two_editors_at_once_see_both_versions(cast: Cast, template: Template, revision: str) -> None:
    templates.edit(template=template, name="Theirs", board="esp32", description="", revision=1, by=cast.ann)
    browser = signed_in(cast.dan)

    response = browser.post(edit_url(template), FIELDS | {"revision": revision})

    assert response.status_code == 409
    assert texts(response, "td[data-label=Yours]") == ["Greenhouse", "ESP8266", "South house"]
    assert texts(response, "td[data-label=Saved]") == ["Theirs", "ESP32", "(empty)"]
    assert one(response, "#id_name")["value"] == "Greenhouse"
    assert one(response, "input[name=revision]")["value"] == "2"
    template.refresh_from_db()
    assert template.name == "Theirs"


def test_saving_again_after_a_conflict_is_a_choice(cast: Cast, template: Template) -> None:
    templates.edit(template=template, name="Theirs", board="esp32", description="", revision=1, by=cast.ann)
    browser = signed_in(cast.dan)
    conflict = browser.post(edit_url(template), FIELDS | {"revision": "1"})

    browser.post(edit_url(template), FIELDS | {"revision": str(one(conflict, "input[name=revision]")["value"])})

    template.refresh_from_db()
    assert (template.name, template.revision) == ("Greenhouse", 3)


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_gets_404_for_edit(cast: Cast, template: Template, method: str) -> None:
    response = getattr(signed_in(cast.sam), method)(edit_url(template), FIELDS | {"revision": "1"})

    assert response.status_code == 404


@pytest.mark.parametrize("name", ["ines", "vic"])
def test_teammate_without_permission_gets_403_for_edit(cast: Cast, template: Template, name: str) -> None:
    response = signed_in(cast.member(name)).post(edit_url(template), FIELDS | {"revision": "1"})

    assert response.status_code == 403
    template.refresh_from_db()
    assert template.revision == 1


def test_form_without_csrf_token_is_refused_with_a_sentence(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.dan.user)

    response = browser.post(NEW, FIELDS)

    assert response.status_code == 403
    assert words(one(response, "h1")) == "This form is too old"
