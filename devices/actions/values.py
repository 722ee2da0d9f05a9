"""The values that the gateway and the actions hand each other. Times of devices are ages in seconds, never clocks."""

from dataclasses import dataclass, field

from devices.status import FailedBecause, Refusal


@dataclass(frozen=True, slots=True)
class Login:
    """One login attempt: the digest of what was sent, its hint, and the peer's address."""

    digest: bytes
    hint: str
    address: str


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token that may log in. Without a device it is pending, and `template_id` is its session's (TMPL…)."""

    token_id: int
    team_id: int
    template_id: str
    device_id: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A login or activation that is certainly refused, and why."""

    reason: Refusal


@dataclass(frozen=True, slots=True)
class Claim:
    """A pending token whose device asks to become real; `template_id` is what its info block said, if it said any."""

    token_id: int
    address: str
    template_id: str | None = None


@dataclass(frozen=True, slots=True)
class Activated:
    """The device a token stands for now. `is_new` tells the activation from a login that came second."""

    token_id: int
    device_id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Attach:
    """A connection that now speaks for a device."""

    device_id: int
    connection_id: int
    gateway: str
    address: str
    silence_seconds: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A connection that was heard `age` seconds ago; `silence_seconds` is its present cut-off."""

    device_id: int
    connection_id: int
    silence_seconds: int
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class Detach:
    """A connection that ended, with the reason in a few words."""

    device_id: int
    connection_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Written:
    """A value written to a virtual pin `age` seconds ago; several values are one text separated by U+001F."""

    device_id: int
    pin: int
    value: str
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a device said of itself in its info block; None where it said nothing."""

    device_id: int
    template_id: str | None = None
    board: str | None = None
    firmware_version: str | None = None
    firmware_type: str | None = None
    firmware_build: str | None = None
    library_version: str | None = None
    heartbeat_seconds: int | None = None
    buffer_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """A metadata value that a device set, such as its Hotspot Name."""

    device_id: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Logged:
    """An event a device logged: its code and description."""

    device_id: int
    team_id: int
    code: str
    description: str
    is_cleared: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A connection that never became a login; `attempts_count` of them alike. `detail` never holds a secret."""

    address: str
    reason: FailedBecause
    detail: str = ""
    attempts_count: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything the gateway gathered since the last flush, written in one transaction."""

    attached: list[Attach] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    detached: list[Detach] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    meta: list[Meta] = field(default_factory=list)
    logged: list[Logged] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Superseded:
    """An older connection of a device, which the newer one replaces; it may live in another gateway."""

    device_id: int
    connection_id: int
    gateway: str
