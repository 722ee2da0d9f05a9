"""The steps of a provisioning session as people and programs are shown them: pages and the API use this one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from devices.models import ProvisioningSession
from devices.status import SessionState, StepKind


class StepState(StrEnum):
    """Where a step stands: behind us, happening, ahead, or where the session ended without a device."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    FAILED = "failed"


_TITLES = {
    StepKind.WAITING: "Waiting for the device",
    StepKind.SEEN: "Device seen",
    StepKind.ACTIVATED: "Activated",
    StepKind.NAMED: "Named",
    StepKind.FAILED: "Failed",
    StepKind.EXPIRED: "Expired",
    StepKind.CANCELLED: "Cancelled",
}
_ENDS = {
    SessionState.FAILED: (StepKind.FAILED, "The device was refused, and the token no longer works."),
    SessionState.EXPIRED: (StepKind.EXPIRED, "The deadline passed before a device became active."),
    SessionState.CANCELLED: (StepKind.CANCELLED, "Somebody cancelled the session, and the token no longer works."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `at` is when it happened, None while it has not; `detail` is what else is known, or ''."""

    kind: StepKind
    state: StepState
    at: datetime | None
    sentence: str
    detail: str = ""

    @property
    def title(self) -> str:
        """The step in two or three words."""
        return _TITLES[self.kind]


def steps_of(session: ProvisioningSession, now: datetime) -> list[Step]:
    """The steps of `session` at `now`, in their order: those behind it, the present one, and those that can follow.

    A session that ended without a device shows how it ended as its last step. Reads no more than `session` itself.
    """
    state = session.state_at(now)
    begun = _begun(session, is_open=state is SessionState.OPEN)
    if state in _ENDS:
        return [*begun, _end(session, state)]
    if state is SessionState.ACTIVATED:
        return [*begun, _activated(session), *_naming(session)]
    return [*begun, *_ahead(session)]


def _begun(session: ProvisioningSession, *, is_open: bool) -> Iterator[Step]:
    yield Step(
        StepKind.WAITING,
        StepState.NOW if is_open and session.seen_at is None else StepState.DONE,
        session.opened_at,
        f"{session.opened_by} opened the session; its token waits for a device.",
    )
    if session.seen_at is not None:
        yield Step(
            StepKind.SEEN,
            StepState.NOW if is_open else StepState.DONE,
            session.seen_at,
            "A device logged in with the token.",
            f"From {session.seen_from}." if session.seen_from else "",
        )


def _ahead(session: ProvisioningSession) -> Iterator[Step]:
    if session.seen_at is None:
        yield Step(StepKind.SEEN, StepState.NEXT, None, "The device logs in with the token.")
    becomes = (
        "The device takes its new token." if session.is_reconfigure else "The device becomes one of the team's devices."
    )
    yield Step(StepKind.ACTIVATED, StepState.NEXT, None, becomes)
    if not session.is_reconfigure:
        yield Step(StepKind.NAMED, StepState.NEXT, None, "You give the device a name.")


def _activated(session: ProvisioningSession) -> Step:
    sentence = "The device has its new token." if session.is_reconfigure else "The device is one of the team's devices."
    detail = "" if session.device_id else "It has been deleted since."
    return Step(StepKind.ACTIVATED, StepState.DONE, session.ended_at, sentence, detail)


def _naming(session: ProvisioningSession) -> Iterator[Step]:
    if session.named_at is not None:
        yield Step(StepKind.NAMED, StepState.DONE, session.named_at, "The device has a name.")
    elif session.device_id and not session.is_reconfigure:
        yield Step(StepKind.NAMED, StepState.NOW, None, "Give the device a name.")


def _end(session: ProvisioningSession, state: SessionState) -> Step:
    kind, sentence = _ENDS[state]
    at = session.expires_at if state is SessionState.EXPIRED else session.ended_at
    detail = str(session.finding["title"]) if session.finding else ""
    return Step(kind, StepState.FAILED, at, sentence, detail)
