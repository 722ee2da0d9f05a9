"""Everything that a diagnosis may look at, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from console.kit.findings import Finding
from devices.status import FailedBecause, Refusal, SessionState


class Owner(StrEnum):
    """Whose token a refused login came with, seen from the session."""

    SESSION = "session"
    TEAM = "team"
    OTHER_TEAM = "other_team"
    NOBODY = "nobody"


class Led(StrEnum):
    """The LED as a person sees it; the rhythms of one-colour LEDs are the same (protocol.md §1.5)."""

    DARK = "dark"
    WAITING = "waiting"
    CONFIGURING = "configuring"
    JOINING = "joining"
    CALLING = "calling"
    BREATHING = "breathing"
    ERROR = "error"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LED_LABELS[self]


_LED_LABELS = {
    Led.DARK: "Dark",
    Led.WAITING: "Quick, short flashes (blue)",
    Led.CONFIGURING: "Even flashes (blue)",
    Led.JOINING: "Short flashes (green)",
    Led.CALLING: "Quick, even flashes (green)",
    Led.BREATHING: "Slow pulsing, bright and dark",
    Led.ERROR: "Red",
    Led.OTHER: "Something else, or the board has no LED",
}


class Answer(StrEnum):
    """What became of the phone and the board's hotspot."""

    PHONE_JOINED = "phone_joined"
    PHONE_LEFT = "phone_left"
    HOTSPOT_NOT_SEEN = "hotspot_not_seen"

    @property
    def label(self) -> str:
        return _ANSWER_LABELS[self]


_ANSWER_LABELS = {
    Answer.PHONE_JOINED: "It is on the board's hotspot",
    Answer.PHONE_LEFT: "It was on the hotspot and has left it",
    Answer.HOTSPOT_NOT_SEEN: "It does not show the hotspot",
}


@dataclass(frozen=True, slots=True)
class RefusedEvidence:
    """One row of refused logins that may bear on a session."""

    hint: str
    address: str
    reason: Refusal
    attempts_count: int
    last_at: datetime
    owner: Owner = Owner.NOBODY


@dataclass(frozen=True, slots=True)
class FailedEvidence:
    """Connections from one address that never became a login, for one reason."""

    address: str
    reason: FailedBecause
    attempts_count: int
    last_at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A device of the same template that came online while the session waited."""

    name: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Siblings:
    """What became of the template's other devices and sessions lately."""

    activated_count: int = 0
    failed_count: int = 0
    commonest_code: str = ""
    commonest_title: str = ""
    commonest_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one session.

    `said` are the findings of the check that the sketch page makes too, for what the board printed: the quoted lines
    by the finding's code. `log` is what the board printed, secrets masked. `name_lint` and `gateway_lint` are
    what the template's name and the gateway's address give cause for on any board.
    """

    template_id: str = ""
    template_name: str = ""
    hint: str = ""
    opened_by: str = ""
    who_may_give: str = ""
    host: str = ""
    port: int = 0

    state: SessionState = SessionState.OPEN
    has_permission: bool = True
    is_seen: bool = False
    seen_from: str = ""
    reported_template_id: str = ""
    is_online_without_info: bool = False

    refused: tuple[RefusedEvidence, ...] = ()
    failed: tuple[FailedEvidence, ...] = ()
    returned: tuple[Returned, ...] = ()

    led: Led | None = None
    answer: Answer | None = None
    last_error: int | None = None
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    log: str = ""

    name_lint: tuple[Finding, ...] = ()
    gateway_lint: tuple[Finding, ...] = ()
    siblings: Siblings = Siblings()
