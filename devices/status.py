"""What is true now, worked out from stored facts and a given time. Pure: values in, values out."""

from datetime import datetime, timedelta
from enum import StrEnum

SILENCE_GRACE_SECONDS = 5


class SessionState(StrEnum):
    """How far a provisioning session has come; all but OPEN are final."""

    OPEN = "open"
    ACTIVATED = "activated"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Route(StrEnum):
    """How a session hands its token to the board; EMPTY until somebody has chosen."""

    EMPTY = ""
    HOTSPOT = "hotspot"
    USB = "usb"
    CLIENT = "client"
    VIRTUAL = "virtual"
    API = "api"
    STATIC = "static"

    @property
    def label(self) -> str:
        return _ROUTE_LABELS[self]


_ROUTE_LABELS = {
    Route.EMPTY: "Not chosen",
    Route.HOTSPOT: "Hotspot",
    Route.USB: "USB",
    Route.CLIENT: "Client library",
    Route.VIRTUAL: "Virtual device",
    Route.API: "API",
    Route.STATIC: "Static token",
}


class StepKind(StrEnum):
    """The steps of a provisioning session, in the order they happen."""

    WAITING = "waiting"
    SEEN = "seen"
    ACTIVATED = "activated"
    NAMED = "named"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Online(StrEnum):
    """A device's state, derived from its connection."""

    ONLINE = "online"
    OFFLINE = "offline"


class Refusal(StrEnum):
    """Why a login was refused."""

    UNKNOWN = "unknown token"
    EXPIRED = "token expired"
    CANCELLED = "session cancelled"
    REVOKED = "token revoked"
    DELETED = "device deleted"
    NO_PERMISSION = "no permission to provision"
    TEMPLATE_MISMATCH = "template mismatch"
    MALFORMED = "not an auth token"


class FailedBecause(StrEnum):
    """Why a connection to the gateway never became a login."""

    NOT_TRUSTED = "certificate not trusted"
    WRONG_NAME = "certificate refused"
    OUT_OF_DATE = "certificate out of date"
    NO_SHARED_CIPHER = "no shared TLS version or cipher"
    HANDSHAKE_CUT = "closed during the TLS handshake"
    HANDSHAKE_SLOW = "TLS handshake not finished in time"
    HANDSHAKE_BROKEN = "TLS handshake failed"
    PLAIN_ON_TLS = "no TLS on the TLS port"
    TLS_ON_PLAIN = "TLS on the plain port"
    CLOSED_EARLY = "closed before a login"
    NO_LOGIN = "no login in time"
    NOT_THE_PROTOCOL = "not the Blynk protocol"
    MALFORMED = "not an auth token"
    TURNED_AWAY = "turned away by a limit"


class RevokedBecause(StrEnum):
    """Why a token stopped being valid; stored with it, so that a refused login can say it."""

    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MISMATCH = "mismatch"
    NO_PERMISSION = "no_permission"
    REPLACED = "replaced"
    ROTATED = "revoked"
    DELETED = "deleted"


REFUSAL_OF = {
    RevokedBecause.EXPIRED: Refusal.EXPIRED,
    RevokedBecause.CANCELLED: Refusal.CANCELLED,
    RevokedBecause.MISMATCH: Refusal.TEMPLATE_MISMATCH,
    RevokedBecause.NO_PERMISSION: Refusal.NO_PERMISSION,
    RevokedBecause.REPLACED: Refusal.REVOKED,
    RevokedBecause.ROTATED: Refusal.REVOKED,
    RevokedBecause.DELETED: Refusal.DELETED,
}


def session_state(*, stored: SessionState, expires_at: datetime, now: datetime) -> SessionState:
    """The session's state at `now`: an open session past its deadline is expired, whatever the sweep has done."""
    if stored is SessionState.OPEN and now >= expires_at:
        return SessionState.EXPIRED
    return stored


def online_state(*, is_connected: bool, last_seen_at: datetime, silence_seconds: int, now: datetime) -> Online:
    """Online while connected and heard within the cut-off; the grace covers how often `last_seen_at` is written."""
    silent_since = now - timedelta(seconds=silence_seconds + SILENCE_GRACE_SECONDS)
    return Online.ONLINE if is_connected and last_seen_at > silent_since else Online.OFFLINE
