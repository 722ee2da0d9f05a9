"""What nobody sends by accident is refused as a problem, never answered by an error of ours."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.actions import sessions
from devices.models import Device
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import PROBLEM, Caller, caller

pytestmark = pytest.mark.django_db
NOON_AND_A_BIT = datetime(2026, 11, 25, 12, 0, 17, tzinfo=UTC)


@pytest.fixture
def alice(cast: Cast) -> Caller:
    return caller(cast.alice)


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"name": NaN}',
    b"[" * 200_000,
    b'{"a":' * 50_000,
    b'{"name": "\\u0000", "board": "esp32", "template_id": "\\u0000", "pin": 1, "value": "\\u0000"}',
    b'{"name": "\\ud800", "board": "esp32", "template_id": "\\ud800", "pin": 1, "value": "\\ud800"}',
    b'{"name": {"a": 1}, "board": [], "template_id": {}, "pin": {}, "value": []}',
    b'{"name": true, "board": true, "template_id": true, "pin": true, "value": true}',
    b'{"name": "x", "board": "esp32", "revision": 1e999}',
    b'{"pin": 1e999, "value": "1"}',
    b'{"pin": ' + b"9" * 5000 + b', "value": "1"}',
    b'{"pin": -1, "value": "1"}',
    b'{"pin": 256, "value": "1"}',
    b'{"name": "' + b"x" * 5000 + b'", "board": "esp32"}',
]


@pytest.mark.parametrize("raw", BAD_BODIES, ids=lambda raw: repr(raw[:40]))
def test_bad_bodies_are_refused(raw: bytes, alice: Caller, device: Device, template: Template) -> None:
    for method, path in (
        ("POST", "templates/"),
        ("POST", "provisioning-sessions/"),
        ("PATCH", f"devices/{device.pk}/"),
        ("POST", f"devices/{device.pk}/readings/"),
    ):
        answer = alice.send(method, path, raw=raw)
        assert (answer.status, answer.content_type) in {(400, PROBLEM), (404, PROBLEM)}, answer


def test_a_body_beyond_the_limit_is_413(alice: Caller) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        answer = alice.post("templates/", {"name": "x" * 200, "board": "esp32"})
    assert (answer.status, answer.content_type) == (413, PROBLEM)


def test_other_media_types_are_415(alice: Caller) -> None:
    answer = alice.send("POST", "templates/", raw=b"name=x", content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.content_type) == (415, PROBLEM)


def test_unknown_fields_are_refused_by_name(alice: Caller, template: Template, device: Device) -> None:
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "templates/", {"name": "Pump", "board": "esp32"}),
        ("PATCH", f"templates/{template.template_id}/", {}),
        ("POST", "provisioning-sessions/", {"template_id": template.template_id}),
        ("PATCH", f"devices/{device.pk}/", {"name": "Tap"}),
        ("POST", f"devices/{device.pk}/readings/", {"pin": 1, "value": "1"}),
    ]
    for method, path, body in calls:
        answer = alice.send(method, path, {**body, "colour": "red"})
        assert answer.status == 400
        assert answer.problem_fields() == {"colour"}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing/",
        "templates",
        "templates/TMPL/",
        "templates/TMPL%00abcdefgh/",
        "templates/%F0%9F%98%80/",
        "devices/0/",
        f"devices/{2**63}/",
        f"devices/{'9' * 400}/",
        f"devices/{'9' * 5000}/timeline/",
        "devices/-1/",
        "devices/%00/",
        "devices/1%0A/",
        f"provisioning-sessions/{'9' * 30}/",
        "devices/?format=xml",
    ],
)
def test_addresses_that_are_none_are_404_as_a_problem(path: str, alice: Caller, cast: Cast) -> None:
    answer = alice.get(path)
    assert (answer.status, answer.content_type) == (404, PROBLEM)


def test_an_address_that_is_none_is_404_for_any_method_without_a_key(db: None) -> None:
    assert Caller().post("nothing/", {}).status == 404


@pytest.mark.parametrize(
    "query",
    [
        "cursor=",
        "cursor=%00",
        "cursor=x",
        "cursor=%F0%9F%98%80",
        "cursor=cD1hYmM=",  # p=abc
        "cursor=cD0tMQ==",  # p=-1
        "cursor=cD0yMDI2LTEzLTQ1",  # p=2026-13-45
        "cursor=cD0yMDI2LTAxLTAxIDAwOjAwOjAw",  # p=2026-01-01 00:00:00, without a zone
        "cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
        "page_size=0",
        "page_size=-1",
        "page_size=201",
        "page_size=x",
        "page_size=" + "9" * 5000,
        "page_size=%D9%A1",
    ],
)
def test_bad_cursors_and_page_sizes_are_400(query: str, alice: Caller, device: Device) -> None:
    for path in (
        "templates/",
        "devices/",
        "provisioning-sessions/",
        f"devices/{device.pk}/timeline/",
        f"devices/{device.pk}/readings/",
        f"devices/{device.pk}/readings/?pin=1",
    ):
        answer = alice.get(path + ("&" if "?" in path else "?") + query)
        assert (answer.status, answer.content_type) == (400, PROBLEM), path


@pytest.mark.parametrize(
    "query", ["status=on", "q=%00", "q=" + "x" * 101, "template_id=%00", "status=%00", "template_id=" + "x" * 99]
)
def test_bad_filters_are_400(query: str, alice: Caller) -> None:
    answer = alice.get(f"devices/?{query}")
    assert answer.status == 400
    assert answer.problem_fields() == {query.partition("=")[0]}


@settings(max_examples=60)
@given(text=st.text(max_size=120))
def test_any_text_as_a_name_is_taken_or_refused(text: str, alice: Caller, device: Device) -> None:
    assert alice.post("templates/", {"name": text, "board": "esp32"}).status in {201, 400}
    assert alice.patch(f"devices/{device.pk}/", {"name": text}).status in {200, 400}


@settings(max_examples=60)
@given(cursor=st.text(max_size=40), query=st.text(max_size=40))
def test_any_query_is_answered_or_refused(cursor: str, query: str, alice: Caller) -> None:
    response = Client().get(
        "/api/v1/devices/",
        {"cursor": cursor.encode(errors="replace"), "q": query.encode(errors="replace")},
        headers={"authorization": f"Bearer {alice.secret}"},
    )
    assert response.status_code in {200, 400}


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer \xff", "Basic abc", "bearer", "Bearer " + "x" * 9999]
)
def test_bad_authorization_headers_are_401(header: str, cast: Cast) -> None:
    answer = Caller().get("templates/", authorization=header)
    assert (answer.status, answer.content_type) == (401, PROBLEM)


@pytest.mark.parametrize("key", ["x", "", "\x00", "1" * 500])
def test_an_idempotency_key_that_is_no_uuid_is_400(key: str, alice: Caller, template: Template) -> None:
    answer = alice.post("provisioning-sessions/", {"template_id": template.template_id}, Idempotency_Key=key)
    assert answer.status == 400
    assert answer.problem_fields() == {"Idempotency-Key"}


def test_too_many_requests_are_429_with_when_to_come_back(alice: Caller, cast: Cast) -> None:
    with override_settings(API_REQUESTS_PER_MINUTE=2), time_machine.travel(NOON_AND_A_BIT, tick=False) as clock:
        statuses = [alice.get("templates/").status for _ in range(3)]
        answer = alice.get("templates/")
        assert statuses == [200, 200, 429]
        assert answer.content_type == PROBLEM
        assert answer.data["type"] == "urn:landfall:problem:too_often"
        assert answer.headers["Retry-After"] == "43"
        assert caller(cast.alice).get("templates/").status == 200
        clock.shift(43)
        assert alice.get("templates/").status == 200


def test_an_account_has_one_share_for_all_its_keys(alice: Caller, cast: Cast) -> None:
    second = caller(cast.alice)
    with override_settings(API_REQUESTS_PER_MINUTE_PER_ACCOUNT=3), time_machine.travel(NOON_AND_A_BIT, tick=False):
        statuses = [who.get("templates/").status for who in (alice, second, alice, second)]
        assert statuses == [200, 200, 200, 429]
        assert caller(cast.ann).get("templates/").status == 200


def test_who_guesses_keys_is_stopped_by_address(alice: Caller, cast: Cast) -> None:
    with override_settings(API_REQUESTS_PER_MINUTE_PER_ADDRESS=3), time_machine.travel(NOON_AND_A_BIT, tick=False):
        guesses = [Caller("lfk_" + str(number) * 28).get("templates/") for number in range(5)]
        assert [answer.status for answer in guesses] == [401, 401, 401, 429, 429]
        assert {answer.content_type for answer in guesses} == {PROBLEM}
        assert alice.get("templates/").status == 429


def test_session_openings_have_a_share_of_their_own(alice: Caller, cast: Cast, template: Template) -> None:
    body = {"template_id": template.template_id}
    with override_settings(SESSIONS_PER_MINUTE_PER_KEY=1), time_machine.travel(NOON_AND_A_BIT, tick=False):
        assert alice.post("provisioning-sessions/", body).status == 201
        answer = alice.post("provisioning-sessions/", body)
        assert (answer.status, answer.headers["Retry-After"]) == (429, "43")
        assert alice.get("provisioning-sessions/").status == 200


def test_too_many_open_sessions_are_429(alice: Caller, cast: Cast, template: Template) -> None:
    sessions.open_session(template=template, by=cast.alice)
    with override_settings(OPEN_SESSIONS_PER_MEMBER=1):
        answer = alice.post("provisioning-sessions/", {"template_id": template.template_id})
    assert (answer.status, answer.content_type) == (429, PROBLEM)
