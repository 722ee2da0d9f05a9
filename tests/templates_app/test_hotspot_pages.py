"""The pages on a template's hotspot: names by library, names of one board, labels."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, markup, one, texts

PIECE = {"HX-Request": "true"}
MAC = "24:6F:28:01:02:03"


def url_of(template: Template, page: str = "hotspot") -> str:
    return f"/templates/{template.template_id}/{page}/"


def make(cast: Cast, name: str, board: str = "esp32") -> Template:
    return templates.create(team=cast.team, name=name, board=board, description="", by=cast.dan)


@pytest.fixture
def root(cast: Cast) -> Template:
    return make(cast, "Root Template")


def test_each_library_has_its_name_and_meter(cast: Cast, root: Template) -> None:
    response = signed_in(cast.vic).get(url_of(root))

    assert texts(response, "td[data-label='Hotspot name']") == [
        "Blynk Root Template-XXXXX", "Blynk Root Template-XXXXX",
        "Blynk Root Template-XXXX", "Blynk Root Template-XXXX",
    ]  # fmt: skip
    assert texts(response, "td[data-label='Bytes']") == ["25 of 32", "25 of 32", "24 of 32", "24 of 32"]
    assert has(response, "meter[max='32'][value='24']")


def test_what_is_cut_is_struck_out(cast: Cast) -> None:
    response = signed_in(cast.vic).get(url_of(make(cast, "Irrigation Controller North")))

    assert texts(response, "td[data-label='Hotspot name'] del") == ["er North", "r North", "ler North"]
    assert has(response, "td[data-label='Bytes'] .badge-warn")


def test_another_template_with_the_same_name_once_cut_is_a_finding(cast: Cast) -> None:
    make(cast, "Irrigation Controller South")

    response = signed_in(cast.vic).get(url_of(make(cast, "Irrigation Controller North")))

    assert "Boards of another template open a hotspot with the same name." in texts(response, ".finding-what")


def test_archived_and_strangers_templates_do_not_count(cast: Cast, root: Template) -> None:
    templates.archive(template=make(cast, "root template"), by=cast.dan)
    templates.create(team=cast.sam.team, name="Root Template", board="esp32", description="", by=cast.sam)

    assert not has(signed_in(cast.vic).get(url_of(root)), ".finding")


def test_exact_names_of_the_known_board(cast: Cast, root: Template) -> None:
    response = signed_in(cast.vic).get(url_of(root), {"mac": MAC})

    assert texts(response, "#exact .ssid") == [
        "Blynk Root Template-11504", "Blynk Root Template-11504",
        "Blynk Root Template-9A4R", "Blynk Root Template-9A4R",
    ]  # fmt: skip


def test_swapped_piece_equals_the_page(cast: Cast, root: Template) -> None:
    browser = signed_in(cast.vic)

    piece, page = (browser.get(url_of(root), {"mac": MAC}, headers=headers) for headers in (PIECE, {}))

    assert not has(piece, "main")
    assert markup(one(piece, "#exact")) == markup(one(page, "#exact"))


@pytest.mark.parametrize("headers", [PIECE, {}])
@pytest.mark.parametrize("mac", ["", "24:6F", "zz:6F:28:01:02:03", "a" * 50, "\x00"])
def test_what_is_no_mac_is_an_error_at_the_field(cast: Cast, root: Template, mac: str, headers: dict[str, str]) -> None:
    response = signed_in(cast.vic).get(url_of(root), {"mac": mac}, headers=headers)

    assert response.status_code == 422
    assert has(response, "#exact [aria-invalid=true]")
    assert not has(response, "#exact .ssid")


def test_board_whose_suffix_is_not_known_offers_no_form(cast: Cast) -> None:
    template = make(cast, "Pump", "cc3220")

    for page in ("hotspot", "labels"):
        assert not has(signed_in(cast.vic).get(url_of(template, page)), "main form")


def test_sheet_has_a_label_for_each_board(cast: Cast, root: Template) -> None:
    response = signed_in(cast.vic).post(url_of(root, "labels"), {"library": "1.2", "macs": f"{MAC}\n246f28010204"})

    labels = texts(response, ".label-text")
    assert labels[0] == f"Blynk Root Template-9A4R{MAC}"
    assert len(labels) == 2
    assert [qr["aria-label"] for qr in [one(response, ".label:first-child .qr")]] == ["Blynk Root Template-9A4R"]
    assert has(response, ".label .qr svg")


def test_older_library_has_older_names(cast: Cast, root: Template) -> None:
    response = signed_in(cast.vic).post(url_of(root, "labels"), {"library": "1.1", "macs": MAC})

    assert texts(response, ".label-text") == [f"Blynk Root Template-11504{MAC}"]


def test_bad_lines_are_named_and_no_sheet_is_made(cast: Cast, root: Template) -> None:
    response = signed_in(cast.vic).post(url_of(root, "labels"), {"library": "1.2", "macs": f"{MAC}\npump\n{MAC}"})

    assert response.status_code == 422
    assert not has(response, ".label")
    (note,) = texts(response, "#id_macs_note")
    assert "Line 2: “pump” is no MAC address." in note
    assert "Line 3 repeats line 1." in note
    assert one(response, "textarea").get_text().strip().startswith(MAC)


@pytest.mark.parametrize("values", [{}, {"library": "9", "macs": MAC}, {"library": "1.2", "macs": "x" * 20_001}])
def test_unusable_form_is_refused(cast: Cast, root: Template, values: dict[str, str]) -> None:
    response = signed_in(cast.vic).post(url_of(root, "labels"), values)

    assert response.status_code == 422
    assert has(response, "[aria-invalid=true]")


def test_name_that_opens_no_hotspot_gets_no_labels(cast: Cast) -> None:
    template = make(cast, "Irrigation Controller North")

    response = signed_in(cast.vic).post(url_of(template, "labels"), {"library": "1.0", "macs": MAC})

    assert response.status_code == 422
    assert "open no hotspot" in texts(response, "#id_library_note")[0]


@pytest.mark.parametrize("page", ["hotspot", "labels"])
def test_stranger_gets_404(cast: Cast, root: Template, page: str) -> None:
    assert signed_in(cast.sam).get(url_of(root, page)).status_code == 404


@pytest.mark.parametrize("page", ["hotspot", "labels"])
def test_signed_out_are_sent_to_sign_in(client: Client, root: Template, page: str) -> None:
    assert "/accounts/login/" in client.get(url_of(root, page))["Location"]


@pytest.mark.parametrize(("page", "method"), [("hotspot", "post"), ("labels", "delete")])
def test_wrong_method(cast: Cast, root: Template, page: str, method: str) -> None:
    assert getattr(signed_in(cast.alice), method)(url_of(root, page)).status_code == 405


def test_costs_the_same_however_many_templates_there_are(cast: Cast, root: Template) -> None:
    browser = signed_in(cast.vic)
    with CaptureQueriesContext(connection) as before:
        browser.get(url_of(root))
    for number in range(5):
        make(cast, f"Root Temp1ate {number}")

    with CaptureQueriesContext(connection) as after:
        browser.get(url_of(root))

    assert len(after) == len(before)


def test_name_is_held_against_the_others_while_it_is_typed(cast: Cast, root: Template) -> None:
    browser = signed_in(cast.dan)
    typed = {"name": "R00t Template", "board": "esp32"}

    piece = browser.get("/templates/name-check/", typed)
    own = browser.get("/templates/name-check/", typed | {"template": root.template_id})

    assert "Boards of another template open a hotspot whose name looks the same." in texts(piece, ".finding-what")
    assert not has(own, ".finding")
    assert root.template_id in str(one(browser.get(url_of(root, "edit")), "#name-check")["hx-get"])
