"""Every URL pattern and API operation, asked by everybody: the answers are those of the table, and no others."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, signed_in
from tests.isolation.expectations import ANYONE, AT_API, AT_PAGES, Gate, Line, Operation, Who
from tests.isolation.fields import ids_in_forms, ids_in_schema, line_of
from tests.isolation.stage import MARK, Stage, body_of, no_rows, set_aside, stage, written
from tests.isolation.table import NOWHERE, TABLE
from tests.isolation.table import SIGN_IN as SIGN_IN_LINES
from tests.isolation.walking import ADDRESSES, ADMIN, LINES, METHODS, TOLD

__all__ = ["stage"]
pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
STAFF_SIGN_IN = re.compile(r"/admin/$|/(admin|accounts)/login/\?next=")
SIGN_IN = "/accounts/login/?next="
DEAD = (Who.REMOVED, Who.INACTIVE, Who.UNKNOWN_KEY, Who.EXPIRED_KEY, Who.REVOKED_KEY)
"""Those whose key opens nothing, not even what needs none."""
every_line = pytest.mark.parametrize("line", TABLE, ids=str)


def test_every_address_has_a_line() -> None:
    """A new address fails here, until tests/isolation/table.py says who gets what from it."""
    missing = [path for path in TOLD if path not in LINES]
    assert not missing, (
        f"Nobody has said who may ask for {', '.join(missing)}. Add a line for each to tests/isolation/table.py: "
        'page("/things/<thing_id>/", get(), post(EDITORS, 302, {"name": "Tap"}, lacks=EDIT_THINGS)) says that every '
        "role may look, that owner, admin and developer may save, and what the others lack. A new parameter needs a "
        "row of its name in tests/isolation/stage.py, `rows_of`."
    )


def test_no_line_outlives_its_address() -> None:
    assert sorted(set(LINES) - set(TOLD)) == []
    assert len(LINES) == len(TABLE), "An address has two lines."


def test_every_operation_of_the_api_is_told() -> None:
    told = {line.address: {operation.method for operation in line.operations} for line in TABLE if line.is_api}
    assert told == {address.path: address.api_methods for address in ADDRESSES if address.path in told}


def expected(line: Line, operation: Operation, who: Who) -> int:
    """The status that the table tells."""
    if who is Who.LOOKING_KEY:
        return expected(line, operation, Who.VIEWER)
    if who in operation.answers:
        return operation.answers[who]
    if line.gate is Gate.ALL:
        return 401 if line.is_api and who in DEAD else operation.ok
    if who is Who.STRANGER:
        return 404 if _names_a_row(line, operation) else operation.ok
    if who in ANYONE:
        return operation.ok if who in operation.allowed else 403
    if who is Who.POWERLESS_KEY:
        return 403
    if line.is_api:
        return 401
    return operation.ok if line.gate is Gate.PEOPLE and who is Who.REMOVED else 302


def _names_a_row(line: Line, operation: Operation) -> bool:
    parameters = {part.split(">")[0] for part in line.address.split("<")[1:]}
    in_body = any("<" in str(value) for value in (operation.body or {}).values())
    return in_body or any(name.endswith("_id") for name in parameters)


def faults_in(line: Line, operation: Operation, who: Who, answer: Any) -> Iterator[str]:
    """What is wrong with an answer, in words."""
    status = expected(line, operation, who)
    if answer.status_code != status:
        yield f"{answer.status_code}, the table says {status}"
        return
    # The form of one's own name shows it.
    text = body_of(answer).replace(f'value="{MARK} dan"', "")
    if who not in (*ANYONE, Who.LOOKING_KEY) and MARK in text:
        yield "the answer tells of the team"
    if status == 403 and operation.lacks and who in ANYONE and operation.lacks not in text:
        yield f"the refusal does not name “{operation.lacks}”"
    if line.is_api and status == 403 and who is Who.POWERLESS_KEY and not answer.json()["permission"]:
        yield "the refusal names no permission"
    if (
        line.is_api
        and status == 403
        and who is not Who.POWERLESS_KEY
        and answer.json()["permission"] != operation.lacks
    ):
        yield "the refusal has another permission"
    if line.is_api and status >= 400 and answer.headers["Content-Type"] != PROBLEM:
        yield "the refusal is no problem"
    if line.is_api and status == 401 and answer.headers.get("WWW-Authenticate") != "Bearer":
        yield "the refusal does not say how to sign in"
    place = _sent_to(line, who)
    if status == 302 and not answer.headers["Location"].startswith(place):
        yield f"sent to {answer.headers['Location']} and not to {place}"


def _sent_to(line: Line, who: Who) -> str:
    """How the address begins to which `who` is sent, where the line's gate stays shut; else any."""
    if line.gate is Gate.MEMBERS and who is Who.REMOVED:
        return "/team/start/"
    return SIGN_IN if line.gate in (Gate.MEMBERS, Gate.PEOPLE) and who in (Who.INACTIVE, Who.SIGNED_OUT) else ""


@every_line
def test_everybody_gets_what_the_table_says(line: Line, stage: Stage) -> None:
    faults = []
    for operation in line.operations:
        for who in AT_API if line.is_api else AT_PAGES:
            with set_aside():
                answer = stage.ask(line, operation, who)
                faults += [f"{operation.method} as {who}: {fault}" for fault in faults_in(line, operation, who, answer)]
    assert not faults, "\n".join([str(line), *faults])


@every_line
def test_the_refused_write_nothing(line: Line, stage: Stage) -> None:
    faults = []
    for operation in line.operations:
        for who in AT_API if line.is_api else AT_PAGES:
            if operation.method == "GET" or expected(line, operation, who) == operation.ok:
                continue
            with set_aside():
                send = stage.prepared(line, operation, who)
                before = written()
                send()
                changed = {table for table, count in written().items() if count != before.get(table)}
                faults += [f"{operation.method} as {who} wrote {', '.join(changed)}"] if changed else []
    assert not faults, "\n".join([str(line), *faults])


@every_line
def test_ids_of_another_team_are_as_good_as_none(line: Line, stage: Stage) -> None:
    """In bodies and queries of one's own team's addresses: the answer is that for an id that nothing has."""
    for operation in line.operations:
        if "<" not in f"{line.query}{operation.body}":
            continue
        with set_aside():
            known = stage.ask(line, operation, Who.OWNER, in_body=stage.theirs)
        with set_aside():
            nothing = stage.ask(line, operation, Who.OWNER, in_body=no_rows(stage.ours))
        assert known.status_code == nothing.status_code
        assert "Sorrel" not in body_of(known)
        if operation.body and "<" in str(operation.body) and "_name>" not in str(operation.body):
            assert known.status_code in {400, 404, 422}, f"{operation.method} {line}: {known.status_code}"


def test_every_id_in_a_body_or_a_query_of_the_api_is_tried() -> None:
    """The schema tells which fields are ids; the table has a row for each, so that another team's is tried there."""
    untried = [
        f"{method.upper()} {path} {name}" for path, method, name in ids_in_schema() if not _is_tried(path, method, name)
    ]
    assert not untried, f"Put a <row> for these into the body or the query in tests/isolation/table.py: {untried}"


def _is_tried(path: str, method: str, name: str) -> bool:
    line = LINES[re.sub(r"{(\w+)}", r"<\1>", path)]
    if f"{name}=<" in line.query:
        return True
    (operation,) = [operation for operation in line.operations if operation.method == method.upper()]
    return "<" in str((operation.body or {}).get(name))


@every_line
def test_every_id_in_a_form_is_tried(line: Line, stage: Stage) -> None:
    """What a page's forms send that names a row: the table has it in the body or the query of where they send it."""
    if line.is_api or line.gate is Gate.ALL:
        return
    untried = []
    with set_aside():
        text = body_of(stage.ask(line, Operation("GET"), Who.OWNER))
    for action, name in ids_in_forms(text, stage.ours):
        sent_to = line_of(action or stage.address(line), stage)
        bodies = [operation.body or {} for operation in sent_to.operations]
        if f"{name}=<" not in sent_to.query and not any("<" in str(body.get(name)) for body in bodies):
            untried.append(f"{sent_to.address}: {name}")
    assert not untried, f"Put a <row> for these into the body or the query in tests/isolation/table.py: {untried}"


@every_line
def test_other_methods_are_refused(line: Line, stage: Stage) -> None:
    known = {operation.method for operation in line.operations}
    if line in SIGN_IN_LINES:
        return
    for method in sorted(set(METHODS) - known):
        for who in (Who.OWNER, Who.STRANGER):
            with set_aside():
                answer = stage.ask(line, Operation(method), who)
                assert answer.status_code == 405, f"{method} as {who}: {answer.status_code}"
                assert known <= set(answer.headers["Allow"].split(", "))


@every_line
def test_forms_of_other_sites_are_refused(line: Line, stage: Stage) -> None:
    for operation in line.operations:
        if operation.method != "GET" and not line.is_api:
            answer = stage.ask(line, operation, Who.OWNER, is_from_elsewhere=True)
            assert answer.status_code == 403, f"{operation.method} {line}"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ADMIN)
def test_the_admin_is_for_those_who_run_the_installation(path: str, method: str, cast: Cast) -> None:
    address = re.sub(r"<\w+>", "1", path)
    for browser in (signed_in(cast.alice), Client()):
        answer = getattr(browser, method)(address)
        assert answer.status_code == 403 or STAFF_SIGN_IN.match(answer["Location"]), path


def test_what_is_written_is_seen(stage: Stage) -> None:
    """The count behind `test_the_refused_write_nothing` has eyes."""
    (operation,) = [operation for operation in LINES["/team/settings/"].operations if operation.method == "POST"]
    before = written()
    with set_aside():
        stage.ask(LINES["/team/settings/"], operation, Who.OWNER)
    assert written().get("teams_team", 0) > before.get("teams_team", 0)


def test_no_address_of_the_api_is_a_problem_for_everybody(stage: Stage) -> None:
    line = Line(NOWHERE, ())
    for method in METHODS:
        for who in (Who.OWNER, Who.STRANGER, Who.SIGNED_OUT):
            answer = stage.ask(line, Operation(method), who)
            assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
