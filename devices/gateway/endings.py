"""Why a connection ended, in the words that the timeline shows."""

from enum import StrEnum
from typing import Final

from devices.status import FailedBecause


class Ending(StrEnum):
    """The peer's doing, ours, or nobody's."""

    CLOSED = "connection closed"
    SILENT = "nothing heard"
    NO_LOGIN = "no login in time"
    NOT_UNDERSTOOD = "sent something that is not the protocol"
    SPOKE_TLS = "spoke TLS to the plain port"
    FLOODED = "sent far too many messages"
    NOT_READING = "did not read what was sent"
    REFUSED = "login refused"
    STORE_AWAY = "server could not answer"
    REPLACED = "replaced by a newer connection"
    REVOKED = "auth token no longer valid"
    STOPPING = "gateway stopped"


FAILED_BECAUSE: Final = {
    Ending.CLOSED: FailedBecause.CLOSED_EARLY,
    Ending.NO_LOGIN: FailedBecause.NO_LOGIN,
    Ending.NOT_UNDERSTOOD: FailedBecause.NOT_THE_PROTOCOL,
    Ending.SPOKE_TLS: FailedBecause.TLS_ON_PLAIN,
}
"""What an ending says of a connection that never logged in; what is absent is no fault of the peer's."""
