"""Check my sketch: the page, for whom it is, and what it never keeps."""

import logging
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from console.kit.tokens import TOKEN_PREFIX, new_secret
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, piece, text_of, texts

SECRET = "correct horse battery"
HTMX = {"HX-Request": "true"}


def url_of(template: Template) -> str:
    return f"/templates/{template.template_id}/check/"


def post(browser: Client, template: Template, text: str, **more: Any) -> Any:
    return browser.post(url_of(template), {"text": text, "library": "", **more})


@pytest.mark.parametrize("name", ["alice", "ann", "dan", "ines", "vic"])
def test_every_member_may_check(cast: Cast, template: Template, name: str) -> None:
    browser = signed_in(cast.member(name))

    assert one(browser.get(url_of(template)), "form[data-sketch-check]")["action"] == url_of(template)
    assert "BLYNK_TEMPLATE_ID is missing." in texts(post(browser, template, "#define X"), ".finding-what")


def test_finding_has_line_evidence_and_the_corrected_line_to_copy(cast: Cast, template: Template) -> None:
    response = post(signed_in(cast.vic), template, '\n#define BLYNK_TEMPLATE_ID "TMPL-somewhere"\n')

    card = "[data-finding=id-unknown]"
    assert 'Line 2: #define BLYNK_TEMPLATE_ID "TMPL-somewhere"' in text_of(response, f"{card} .finding-evidence")
    assert text_of(response, f"{card} code") == f'#define BLYNK_TEMPLATE_ID "{template.template_id}"'
    assert has(response, f"{card} [data-copy-target]")


def test_another_template_of_the_team_is_named_and_a_strangers_is_not(
    cast: Cast, template: Template, other_template: Template
) -> None:
    mine = templates.create(team=cast.team, name="Pump House", board="esp32", description="", by=cast.dan)

    for other, title in (
        (mine, "The template id is that of another template: Pump House."),
        (other_template, "The template id is that of no template of your team."),
    ):
        response = post(signed_in(cast.vic), template, f'#define BLYNK_TEMPLATE_ID "{other.template_id}"')
        assert title in texts(response, ".finding-what")


def test_nothing_wrong_says_what_was_checked(cast: Cast, template: Template, settings: Settings) -> None:
    browser = signed_in(cast.vic)
    settings.GATEWAY_PUBLIC_HOST, settings.GATEWAY_PUBLIC_PORT, settings.GATEWAY_TLS_CERT = "gw.example.com", 8081, ""
    lines = (
        f'#define BLYNK_TEMPLATE_ID "{template.template_id}"\n#define BLYNK_TEMPLATE_NAME "Soil Sensor"\n'
        '#define CONFIG_DEFAULT_SERVER "gw.example.com"\n#define CONFIG_DEFAULT_PORT 8081\n'
    )

    response = post(browser, template, lines)

    assert texts(response, "#report-heading") == ["Nothing wrong found."]
    assert "template id and name, character by character" in text_of(response, "#check-result .notice")
    assert not has(response, ".finding")


def test_the_library_decides_the_macro(cast: Cast, template: Template) -> None:
    response = post(signed_in(cast.vic), template, '#define BLYNK_DEVICE_NAME "Soil Sensor"', library="1.4")

    assert text_of(response, "[data-finding=name-macro] code") == '#define BLYNK_TEMPLATE_NAME "Soil Sensor"'


def test_the_piece_that_is_swapped_in_is_that_of_the_page(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.vic)

    for text in ("#define X", "hello", "", "x" * 1_000_001):
        whole = post(browser, template, text)
        swapped = browser.post(url_of(template), {"text": text, "library": ""}, headers=HTMX)
        assert piece(swapped, "#check-result") == piece(whole, "#check-result")
        assert swapped.status_code == whole.status_code
        assert not has(swapped, "form")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": ""}, "Paste a text to check."),
        ({"text": "é" * 600_000}, "The text has 1,200,000 bytes, and 1,000,000 are checked at most."),
        ({"text": "#define X", "library": "9.9"}, "Choose a library from the list."),
    ],
)
def test_what_cannot_be_checked_is_refused_by_name(
    cast: Cast, template: Template, given: dict[str, str], sentence: str
) -> None:
    response = signed_in(cast.vic).post(url_of(template), given)

    assert response.status_code == 422
    assert sentence in text_of(response, "#check-result")


def test_a_text_beyond_what_the_server_takes_gets_a_page(cast: Cast, template: Template) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.vic.user)

    token = one(browser.get(url_of(template)), "form[data-sketch-check] [name=csrfmiddlewaretoken]")["value"]

    response = browser.post(url_of(template), {"csrfmiddlewaretoken": token, "text": "x" * 5_000_000})

    assert response.status_code == 413
    assert "too large" in text_of(response, "h1")


def test_a_file_is_not_taken(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).post(url_of(template), {"text": SimpleUploadedFile("firmware.bin", b"blnkinf\0")})

    assert response.status_code == 422


def test_zero_bytes_of_a_serial_log_are_taken(cast: Cast, template: Template) -> None:
    response = post(signed_in(cast.vic), template, "\x00\x00[1] Invalid auth token")

    assert has(response, "[data-finding=log-invalid-token]")


def test_markup_in_a_text_stays_text(cast: Cast, template: Template) -> None:
    response = post(
        signed_in(cast.vic), template, '#define BLYNK_TEMPLATE_NAME "</pre></textarea><script>alert(1)</script>"'
    )

    assert not has(response, "main script")
    assert "<script>alert(1)" in text_of(response, "[data-finding=name-not-exact] .finding-evidence")


def test_text_is_neither_kept_nor_logged_nor_cached(
    cast: Cast, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    token = new_secret(TOKEN_PREFIX)
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        response = signed_in(cast.vic).post(
            url_of(template), {"text": f"[1] WiFi SSID: a Pass: {SECRET}\n[2] Blynk cloud: {token} @ x"}, headers=HTMX
        )

    assert SECRET not in response.content.decode()
    assert token not in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert SECRET not in caplog.text
    assert all(SECRET not in query["sql"] and token not in query["sql"] for query in queries)


def test_costs_two_queries_at_most_however_many_templates_there_are(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.vic)
    text = "".join(f'#define BLYNK_TEMPLATE_ID "TMPL{n:09d}"\n' for n in range(300))
    with CaptureQueriesContext(connection) as plain:
        browser.get(url_of(template))
    with CaptureQueriesContext(connection) as checked:
        post(browser, template, text)

    assert len(checked) == len(plain) + 1


def test_signed_out_are_sent_to_sign_in(client: Client, template: Template) -> None:
    assert "/accounts/login/" in client.get(url_of(template))["Location"]
    assert "/accounts/login/" in client.post(url_of(template), {"text": "x"})["Location"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_gets_404(cast: Cast, template: Template, method: str) -> None:
    assert getattr(signed_in(cast.sam), method)(url_of(template)).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_wrong_method(cast: Cast, template: Template, method: str) -> None:
    assert getattr(signed_in(cast.alice), method)(url_of(template)).status_code == 405


def test_the_tab_leads_here(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    assert one(response, ".page-tabs [aria-current=page]")["href"] == url_of(template)
    assert one(response, "[data-firmware-tag]")["data-template-id"] == template.template_id
    assert not one(response, "[data-firmware-file]").has_attr("name")
