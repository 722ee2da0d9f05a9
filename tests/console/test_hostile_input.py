"""Whatever people or programs send to a page, it is taken or refused, and never a fault."""

import pytest
from django.test import Client, override_settings

from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.isolation.expectations import Gate
from tests.isolation.stage import Stage, stage
from tests.isolation.table import TABLE

__all__ = ["stage"]
PAGES = [line for line in TABLE if line.gate is not Gate.ALL and not line.address.startswith(("/api/", "/accounts/"))]

FIELDS = (
    "name",
    "confirm",
    "pin",
    "value",
    "template",
    "board",
    "description",
    "request_id",
    "token",
    "revision",
    "count",
    "list",
    "lifetime",
    "note",
    "without",
)
PARAMETERS = (
    "q",
    "status",
    "state",
    "template",
    "kind",
    "before",
    "after",
    "show",
    "seen",
    "name",
    "board",
    "library",
    "tag",
    "from",
)

NASTY: dict[str, str | bytes] = {
    "nul": "a\x00b",
    "surrogates as bytes": b"\xed\xa0\x80\xff\xfe",
    "beyond every number": "9" * 40,
    "negative": "-1",
    "other digits": "٣²",
    "right to left": "\u202eexe.elif\u2066",
    "zero width": "\u200b\u2060",
    "emoji": "👩‍🌾" * 30,
    "long": "x" * 5000,
    "trigraphs and quotes": '??/"\\\r\n??= */ #include',
    "template tags": "{{ request }}{% debug %}%s %(x)s",
    "cursor": "1-" + "9" * 16,
    "pieces of a query": "a&b=c;d#e%00%zz",
}


@pytest.mark.parametrize("nasty", NASTY)
def test_every_form_takes_or_refuses_it(nasty: str, stage: Stage, cast: Cast) -> None:
    browser = signed_in(cast.alice)
    for page in PAGES:
        response = browser.post(stage.address(page), dict.fromkeys(FIELDS, NASTY[nasty]))
        assert response.status_code < 500, page


@pytest.mark.parametrize("nasty", NASTY)
def test_every_query_is_answered(nasty: str, stage: Stage, cast: Cast) -> None:
    browser = signed_in(cast.alice)
    for page in PAGES:
        for headers in ({}, {"hx-request": "true"}):
            response = browser.get(stage.address(page), dict.fromkeys(PARAMETERS, NASTY[nasty]), headers=headers)
            assert response.status_code < 500, page


@pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 31])
def test_ids_beyond_every_range_are_404(number: str, stage: Stage, cast: Cast) -> None:
    browser = signed_in(cast.alice)
    numbered = {name for name, row in stage.ours.items() if isinstance(row, int)} | {"number"}
    for page in PAGES:
        for name in numbered:
            if f"<{name}>" in page.address:
                assert browser.get(stage.address(page, **{name: number})).status_code in {404, 405}, page


@pytest.mark.parametrize("url", ["/templates/new/", "/accounts/login/", "/team/settings/"])
def test_body_beyond_the_limit_is_a_413_page(url: str, cast: Cast) -> None:
    browser = signed_in(cast.alice) if "accounts" not in url else Client()
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
        response = browser.post(url, {"name": "x" * 2000, "login": "x", "password": "y"})
    assert response.status_code == 413
    assert "<h1" in response.text


def test_too_many_fields_are_a_400_page(cast: Cast) -> None:
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=10):
        response = signed_in(cast.alice).post("/templates/new/", {f"field{number}": "x" for number in range(20)})
    assert response.status_code == 400
    assert "<h1" in response.text


@pytest.mark.parametrize("name", ["??/ quoted ??=", "tab\there", 'quote " here', "back\\slash"])
def test_firmware_lines_of_a_stored_name_stay_one_string(cast: Cast, template: Template, name: str) -> None:
    """Even a name that no form takes any more, as an import may have left one, is escaped for C."""
    Template.objects.filter(pk=template.pk).update(name=name)
    response = signed_in(cast.alice).get(f"/templates/{template.template_id}/")
    lines = [line for line in response.text.splitlines() if "BLYNK_TEMPLATE_NAME" in line]
    assert lines
    assert not any("??/" in line or "\t" in line.strip() for line in lines)
