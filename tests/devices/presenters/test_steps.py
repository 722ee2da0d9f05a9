"""The steps of a session, from its row and a moment alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from devices.models import ProvisioningSession
from devices.presenters.steps import StepState, steps_of
from devices.status import SessionState, StepKind

OPENED = datetime(2026, 3, 1, 12, tzinfo=UTC)
DEADLINE = OPENED + timedelta(minutes=15)
LATER = OPENED + timedelta(minutes=2)

DONE, NOW, NEXT, FAILED = StepState.DONE, StepState.NOW, StepState.NEXT, StepState.FAILED


def steps(now: datetime = LATER, **values: Any) -> dict[StepKind, StepState]:
    session = ProvisioningSession(opened_by="Ines", opened_at=OPENED, expires_at=DEADLINE, **values)
    return {step.kind: step.state for step in steps_of(session, now)}


def test_an_open_session_waits() -> None:
    assert steps() == {
        StepKind.WAITING: NOW,
        StepKind.SEEN: NEXT,
        StepKind.ACTIVATED: NEXT,
        StepKind.NAMED: NEXT,
    }


def test_a_seen_device_is_about_to_be_activated() -> None:
    assert steps(seen_at=LATER) == {
        StepKind.WAITING: DONE,
        StepKind.SEEN: NOW,
        StepKind.ACTIVATED: NEXT,
        StepKind.NAMED: NEXT,
    }


def test_an_activated_device_wants_a_name() -> None:
    activated: dict[str, Any] = {"state": SessionState.ACTIVATED, "seen_at": LATER, "ended_at": LATER, "device_id": 1}
    assert steps(**activated)[StepKind.NAMED] is NOW
    assert steps(**activated, named_at=LATER)[StepKind.NAMED] is DONE


def test_a_reconfigured_device_has_its_name_already() -> None:
    assert StepKind.NAMED not in steps(is_reconfigure=True)
    activated: dict[str, Any] = {"state": SessionState.ACTIVATED, "ended_at": LATER, "device_id": 1}
    assert StepKind.NAMED not in steps(is_reconfigure=True, **activated)


def test_a_deleted_device_wants_no_name() -> None:
    assert steps(state=SessionState.ACTIVATED, ended_at=LATER, device_id=None) == {
        StepKind.WAITING: DONE,
        StepKind.ACTIVATED: DONE,
    }


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (SessionState.FAILED, StepKind.FAILED),
        (SessionState.EXPIRED, StepKind.EXPIRED),
        (SessionState.CANCELLED, StepKind.CANCELLED),
    ],
)
def test_an_end_without_a_device_is_the_last_step(state: SessionState, kind: StepKind) -> None:
    assert steps(state=state, ended_at=LATER) == {StepKind.WAITING: DONE, kind: FAILED}


def test_a_deadline_that_passed_counts_before_anyone_wrote_it_down() -> None:
    assert steps(DEADLINE) == {StepKind.WAITING: DONE, StepKind.EXPIRED: FAILED}
    assert steps(DEADLINE - timedelta(microseconds=1))[StepKind.WAITING] is NOW


def test_the_reason_is_in_the_last_step() -> None:
    session = ProvisioningSession(
        opened_by="Ines",
        opened_at=OPENED,
        expires_at=DEADLINE,
        state=SessionState.FAILED,
        ended_at=LATER,
        finding={"title": "The board runs firmware made for another template."},
    )
    last = steps_of(session, LATER)[-1]
    assert (last.at, last.detail) == (LATER, "The board runs firmware made for another template.")
