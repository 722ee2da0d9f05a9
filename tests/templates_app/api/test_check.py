"""Check my sketch in the API."""

import pytest

from console.kit.tokens import TOKEN_PREFIX, new_secret
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import PROBLEM, Caller, caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def vic(cast: Cast) -> Caller:
    return caller(cast.vic)


def path_of(template: Template) -> str:
    return f"templates/{template.template_id}/check/"


def test_findings_come_as_data(vic: Caller, template: Template) -> None:
    answer = vic.post(path_of(template), {"text": '#define BLYNK_TEMPLATE_NAME "soil sensor"', "library": "1.4"})

    assert answer.status == 200
    assert (answer.data["kind"], answer.data["is_clean"], answer.data["left_out"]) == ("config_lines", False, 0)
    (found,) = [row for row in answer.data["findings"] if row["code"] == "name-not-exact"]
    assert set(found) == {"code", "severity", "title", "evidence", "next_step", "line", "corrected"}
    assert (found["severity"], found["line"]) == ("error", 1)
    assert found["corrected"] == '#define BLYNK_TEMPLATE_NAME "Soil Sensor"'
    (missing,) = [row for row in answer.data["findings"] if row["code"] == "id-missing"]
    assert missing["line"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": None}, "text"),
        ({"text": "x" * 1_000_001}, "text"),
        ({"text": "x", "library": "9"}, "library"),
        ({"text": "x", "language": "C"}, "language"),
    ],
)
def test_unusable_bodies_are_refused_by_field(
    body: dict[str, str], field: str, vic: Caller, template: Template
) -> None:
    answer = vic.post(path_of(template), body)

    assert answer.status == 400
    assert answer.problem_fields() == {field}


def test_five_megabytes_are_too_many(vic: Caller, template: Template) -> None:
    answer = vic.post(path_of(template), {"text": "x" * 5_000_000})

    assert (answer.status, answer.content_type) == (413, PROBLEM)


def test_secrets_are_masked(vic: Caller, template: Template) -> None:
    token = new_secret(TOKEN_PREFIX)
    answer = vic.post(path_of(template), {"text": f"\x00[1] Blynk cloud: {token} @ x:1\n[2] WiFi SSID: a Pass: horse!"})

    assert answer.data["kind"] == "serial_log"
    assert token not in str(answer.data)
    assert "horse" not in str(answer.data)


def test_no_address_for_what_is_no_template_id(vic: Caller) -> None:
    assert vic.post("templates/nothing/check/", {"text": "x"}).status == 404
