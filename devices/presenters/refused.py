"""Refused logins as people read them: who called, why it was refused, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from devices.models import AuthToken, RefusedLogin
from devices.status import Refusal

_BUTTON = "hold the board's button for 10 seconds, then give it the token of a new session"
NEXT_STEPS = {
    Refusal.UNKNOWN: f"Nobody issued this token here: {_BUTTON}.",
    Refusal.EXPIRED: "The token came too late: open a new session and hand its token over in time.",
    Refusal.CANCELLED: "The session was cancelled: open a new one and hand its token over.",
    Refusal.REVOKED: "The board still has an earlier token: give it the present one, or reconfigure the device.",
    Refusal.DELETED: f"The device was deleted, but its board still calls: switch it off, or {_BUTTON}.",
    Refusal.NO_PERMISSION: "Whoever opened the session may no longer provision: ask for a grant, then open a new one.",
    Refusal.TEMPLATE_MISMATCH: "The sketch is made for another template: flash the right firmware lines first.",
    Refusal.MALFORMED: "What was sent is no auth token: look at the sketch, a character may be missing.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. `device` is the name it has or had; `device_url` is empty when it is gone."""

    hint: str
    address: str
    reason: str
    device: str
    device_url: str
    session_url: str
    attempts_count: int
    first_at: datetime
    last_at: datetime
    next_step: str


def device_name_of(token: AuthToken | None) -> str:
    """What the device of `token` is called, or was before it was deleted; empty where there never was one."""
    if token is None:
        return ""
    return token.device.name if token.device else token.device_name


def rows_of(refused: Iterable[RefusedLogin]) -> list[Row]:
    """Refused logins, loaded with their token and its device, in the order given."""
    return [_row(login, login.token) for login in refused]


def _row(login: RefusedLogin, token: AuthToken | None) -> Row:
    device = token.device if token else None
    return Row(
        hint=login.hint,
        address=login.address,
        reason=login.reason,
        device=device_name_of(token),
        device_url=reverse("devices:detail", args=[device.pk]) if device else "",
        session_url=reverse("sessions:detail", args=[token.session_id]) if token and token.session_id else "",
        attempts_count=login.attempts_count,
        first_at=login.first_at,
        last_at=login.last_at,
        next_step=NEXT_STEPS[Refusal(login.reason)],
    )
