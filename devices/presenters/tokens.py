"""The tokens of a device, for its token page and the API."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from devices.models import AuthToken, Device


class TokenState(StrEnum):
    """What a token is good for."""

    ACTIVE = "active"
    RETIRING = "retiring"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Row:
    """One token that works. `until` is when it stops by itself: unused, or at the end of its overlap."""

    hint: str
    state: TokenState
    since: datetime
    until: datetime | None
    session_id: int | None
    overlap_seconds: int | None = None


def rows_of(device: Device) -> list[Row]:
    """The tokens of `device` that work: its own, those that a rotation lets live on, and those not used yet."""
    own = AuthToken.objects.active().filter(device=device)
    waiting = AuthToken.objects.live().filter(activated_at=None, session__device=device)
    found = [*own.order_by("-activated_at", "-pk"), *waiting.select_related("session").order_by("-pk")[:20]]
    return [_row(token) for token in found]


def _row(token: AuthToken) -> Row:
    if token.activated_at is None:
        overlap = token.session.overlap_seconds if token.session else None
        return Row(token.hint, TokenState.WAITING, token.created_at, token.expires_at, token.session_id, overlap)
    state = TokenState.RETIRING if token.retires_at else TokenState.ACTIVE
    return Row(token.hint, state, token.activated_at, token.retires_at, token.session_id)
