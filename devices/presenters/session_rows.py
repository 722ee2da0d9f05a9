"""Sessions as rows of the list and of its export; strings are made here, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from devices.funnel import Reached
from devices.models import ProvisioningSession
from devices.presenters.funnel import duration
from devices.status import Route, SessionState


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of the list. `came` is how far it came, in words; `outcome` the device, or what the finding says."""

    url: str
    label: str
    state: SessionState
    template: str
    template_url: str
    person: str
    route: str
    opened_at: datetime
    took: str
    came: str
    outcome: str
    outcome_url: str


def rows_of(sessions: Iterable[ProvisioningSession], now: datetime) -> list[SessionRow]:
    """Sessions, loaded with template and device, as lines of the list at `now`."""
    return [_row(session, session.state_at(now), now) for session in sessions]


def _row(session: ProvisioningSession, state: SessionState, now: datetime) -> SessionRow:
    device = session.device
    return SessionRow(
        url=reverse("sessions:detail", args=[session.pk]),
        label=f"Session {session.pk}",
        state=state,
        template=session.template.name,
        template_url=reverse("templates:detail", args=[session.template.template_id]),
        person=session.opened_by,
        route=Route(session.route).label if session.route else "–",
        opened_at=session.opened_at,
        took=duration(seconds_of(session, state, now)),
        came=farthest_of(session, state).label,
        outcome=device.name if device else finding_title(session),
        outcome_url=reverse("devices:detail", args=[device.pk]) if device else "",
    )


def seconds_of(session: ProvisioningSession, state: SessionState, now: datetime) -> float:
    """How long the session lasted, or has lasted so far."""
    ended = session.ended_at or (session.expires_at if state is SessionState.EXPIRED else now)
    return max(0.0, (ended - session.opened_at).total_seconds())


def farthest_of(session: ProvisioningSession, state: SessionState) -> Reached:
    """The farthest step, as the funnel counts it."""
    if state is SessionState.ACTIVATED:
        return Reached.NAMED if session.named_at or session.is_reconfigure else Reached.ACTIVATED
    if session.seen_at or session.cloud_at:
        return Reached.CLOUD
    if session.network_at:
        return Reached.NETWORK
    return Reached.SEEN if session.board_at else Reached.OPENED


def finding_title(session: ProvisioningSession) -> str:
    return str(session.finding["title"]) if session.finding else ""


EXPORTED = (
    "id",
    "state",
    "template_id",
    "template",
    "opened_by",
    "route",
    "opened_at",
    "ended_at",
    "seconds",
    "came",
    "device_id",
    "device",
    "finding",
)
"""The columns of an export, in their order."""


def exported(session: ProvisioningSession, now: datetime) -> dict[str, Any]:
    """One session as a row of an export; no secret is in it."""
    state = session.state_at(now)
    return {
        "id": session.pk,
        "state": state.value,
        "template_id": session.template.template_id,
        "template": session.template.name,
        "opened_by": session.opened_by,
        "route": session.route,
        "opened_at": session.opened_at.isoformat(),
        "ended_at": session.ended_at.isoformat() if session.ended_at else None,
        "seconds": round(seconds_of(session, state, now)),
        "came": farthest_of(session, state).name.lower(),
        "device_id": session.device_id,
        "device": session.device.name if session.device else None,
        "finding": finding_title(session) or None,
    }
