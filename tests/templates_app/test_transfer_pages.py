"""Export, and import in two steps."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import Settings

from templates_app import files
from templates_app.actions import templates
from templates_app.models import Template
from templates_app.snapshot import content_of
from tests.cast import Cast, signed_in
from tests.selectors import has, one, text_of, texts

IMPORT = "/templates/import/"
GOOD = "landfall: 1\nname: Pump\nboard: esp8266\ndatastreams:\n- {pin: 3, name: Flow, kind: integer, unit: l}\n"
BAD = "landfall: 1\nname: Pump\nboard: toaster\ncolour: <script>alert(1)</script>\n"


def upload(text: str | bytes) -> dict[str, Any]:
    data = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile("template.yaml", data), "text": ""}


@pytest.mark.parametrize("name", ["alice", "ines", "vic"])
def test_every_member_may_export(cast: Cast, template: Template, name: str) -> None:
    response = signed_in(cast.member(name)).get(f"/templates/{template.template_id}/export/")

    assert response["Content-Disposition"] == f'attachment; filename="{template.template_id}.yaml"'
    assert files.read(response.content, max_bytes=10_000).content == content_of(template)


@pytest.mark.parametrize("sent", [{"text": GOOD}, {"text": GOOD.replace("\n", "\r\n")}, upload(GOOD)])
def test_a_file_is_shown_before_it_is_made(cast: Cast, sent: dict[str, Any]) -> None:
    browser = signed_in(cast.dan)
    shown = browser.post(IMPORT, sent)
    assert texts(shown, "tbody tr") == ["Name Pump", "Board ESP8266", "Datastream V3 Flow, Integer, l"]
    assert not Template.objects.exists()

    kept = str(one(shown, "main form input[name=text]")["value"])
    response = browser.post(IMPORT, {"text": kept, "make": "1"})

    made = Template.objects.get()
    assertRedirects(response, f"/templates/{made.template_id}/")
    assert (made.name, made.revision, made.datastreams.get().name) == ("Pump", 1, "Flow")


@pytest.mark.parametrize("sent", [{"text": BAD}, upload(BAD), {"text": BAD, "make": "1"}])
def test_errors_are_listed_by_line_and_nothing_is_made(cast: Cast, sent: dict[str, Any]) -> None:
    response = signed_in(cast.dan).post(IMPORT, sent)

    assert response.status_code == 422
    assert texts(response, "tbody th") == ["Line 3", "Line 4"]
    assert texts(response, "td[data-label=Where]") == ["board", "colour"]
    assert "colour" in one(response, "textarea").get_text()
    assert not has(response, "main script")
    assert not Template.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"text": "  "}, {"text": "", "make": "1"}])
def test_nothing_sent_is_asked_for(cast: Cast, sent: dict[str, str]) -> None:
    response = signed_in(cast.dan).post(IMPORT, sent)

    assert (response.status_code, "Choose a file" in text_of(response, ".field-error")) == (422, True)


def test_a_file_over_the_limit_is_refused_unread(cast: Cast, settings: Settings) -> None:
    settings.TEMPLATE_IMPORT_MAX_BYTES = 100
    browser = signed_in(cast.dan)

    for sent in (upload("x" * 101), upload(b"\xff" * 5_000_000), {"text": "x" * 101}):
        response = browser.post(IMPORT, sent)
        assert (response.status_code, texts(response, "tbody th")) == (422, ["Line 1"])
        assert "100 is the most" in text_of(response, "td[data-label='What is wrong']")


def test_five_megabytes_of_pasted_text_are_too_many(cast: Cast) -> None:
    assert signed_in(cast.dan).post(IMPORT, {"text": "x" * 5_000_000}).status_code in (400, 413)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: [*a]\n",
        "a: !!python/name:os.system ''",
        "[" * 10_000,
        "\x00\x01",
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe\x00",
    ],
)
def test_hostile_files_are_answered_with_what_is_wrong(cast: Cast, text: str | bytes) -> None:
    response = signed_in(cast.dan).post(IMPORT, upload(text))

    assert (response.status_code, len(texts(response, "tbody th"))) == (422, 1)


def test_a_name_that_will_be_cut_is_said_before(cast: Cast) -> None:
    text = "landfall: 1\nname: Irrigation Controller North\nboard: esp32\n"

    assert has(signed_in(cast.dan).post(IMPORT, {"text": text}), ".finding")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["ines", "vic"])
def test_importing_needs_the_permission(cast: Cast, name: str, method: str) -> None:
    assert getattr(signed_in(cast.member(name)), method)(IMPORT, {"text": GOOD, "make": "1"}).status_code == 403
    assert not Template.objects.exists()


def test_what_is_imported_belongs_to_ones_own_team(cast: Cast, template: Template) -> None:
    templates.edit(template=template, name="Pump", board="esp32", description="", revision=1, by=cast.dan)

    signed_in(cast.sam).post(IMPORT, {"text": GOOD, "make": "1"})

    assert Template.objects.exclude(pk=template.pk).get().team == cast.sam.team


def test_strangers_and_the_signed_out_export_nothing(cast: Cast, template: Template, client: Client) -> None:
    url = f"/templates/{template.template_id}/export/"
    assert signed_in(cast.sam).get(url).status_code == 404
    assert "/accounts/login/" in client.get(url)["Location"]
    assert "/accounts/login/" in client.post(IMPORT, {"text": GOOD})["Location"]


def test_wrong_methods(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.dan)
    assert browser.post(f"/templates/{template.template_id}/export/").status_code == 405
    assert browser.put(IMPORT).status_code == 405
    assert browser.post("/templates/schema.json").status_code == 405


def test_the_schema_is_served(client: Client) -> None:
    response = client.get("/templates/schema.json")

    assert (response["Content-Type"], response.json()["properties"]["landfall"]["const"]) == ("application/json", 1)
