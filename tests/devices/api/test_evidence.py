"""Evidence in and findings out, through the API."""

import pytest

from devices.actions import sessions
from devices.models import ProvisioningSession, SessionEvidence
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import PROBLEM, caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(template: Template, cast: Cast) -> str:
    session = sessions.open_session(template=template, by=cast.alice).session
    return f"provisioning-sessions/{session.pk}/"


def test_evidence_is_answered_with_findings_as_data(path: str, cast: Cast) -> None:
    who = caller(cast.alice)
    answer = who.post(f"{path}evidence/", {"kind": "last_error", "value": 701})
    assert answer.status == 201
    finding = answer.data["findings"][0]
    assert (finding["code"], finding["severity"], finding["certainty"]) == ("last_error_701", "error", "likely")
    assert answer.data["question"] is None
    session = who.get(path).data
    assert session["findings"] == answer.data["findings"]
    assert session["finding"] is None


def test_question_says_what_to_send(path: str, cast: Cast) -> None:
    answer = caller(cast.alice).post(f"{path}evidence/", {"kind": "led", "value": "waiting"})
    question = answer.data["question"]
    assert question["kind"] == "answer"
    assert {"value": "phone_left", "label": "It was on the hotspot and has left it"} in question["choices"]
    waiting = next(finding for finding in answer.data["findings"] if finding["code"] == "led_waiting")
    assert waiting["action"]["url"].endswith("#token-head")


def test_description_may_be_an_object_or_its_text(path: str, cast: Cast) -> None:
    who = caller(cast.alice)
    for value in ({"last_error": 702}, '{"last_error": 702}'):
        SessionEvidence.objects.all().delete()
        answer = who.post(f"{path}evidence/", {"kind": "board_info", "value": value})
        assert "last_error_702" in [finding["code"] for finding in answer.data["findings"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "led"},
        {"kind": "smell", "value": "x"},
        {"kind": "led", "value": "purple"},
        {"kind": "led", "value": ["dark"]},
        {"kind": "last_error", "value": True},
        {"kind": "serial", "value": None},
        {"kind": "led", "value": "dark", "colour": "blue"},
        {"kind": "serial", "value": "x" * 70_000},
    ],
)
def test_what_cannot_be_used_is_a_problem(path: str, cast: Cast, body: dict[str, object]) -> None:
    answer = caller(cast.alice).post(f"{path}evidence/", body)
    assert (answer.status, answer.content_type) == (400, PROBLEM)
    assert answer.problem_fields()


def test_cancelled_session_is_a_conflict(path: str, cast: Cast) -> None:
    who = caller(cast.alice)
    who.delete(path)
    answer = who.post(f"{path}evidence/", {"kind": "led", "value": "dark"})
    assert (answer.status, answer.content_type) == (409, PROBLEM)


def test_report_is_plain_text(path: str, cast: Cast) -> None:
    answer = caller(cast.vic).get(f"{path}report/", accept="text/plain")
    assert (answer.status, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert caller(cast.vic).get(f"{path}report/").status == 200


def test_where_a_session_was_opened_from_is_kept(template: Template, cast: Cast) -> None:
    caller(cast.alice).post("provisioning-sessions/", {"template_id": template.template_id})
    assert ProvisioningSession.objects.get().opened_from == "127.0.0.1"
