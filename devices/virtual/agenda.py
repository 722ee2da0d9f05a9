"""What a board has to do when, on one connection; it is told the time."""

from dataclasses import dataclass
from enum import StrEnum

from devices.virtual.timings import Timings


class Duty(StrEnum):
    """One thing that is due."""

    MEASURE = "measure"
    PING = "ping"
    GIVE_UP_LOGIN = "give_up_login"
    GIVE_UP_SERVER = "give_up_server"


@dataclass(slots=True, kw_only=True)
class Agenda:
    """Moments are seconds of a clock that never goes back; the board notes when it heard and spoke.

    The rules are those of the C++ library (Blynk library 1.4.0 source, BlynkProtocol.h): a PING goes out when either
    direction was quiet for a heartbeat, and the server is given up after a heartbeat and 18 seconds without a word.
    """

    timings: Timings
    opened_at: float
    heard_at: float
    spoke_at: float
    pinged_at: float
    measured_at: float | None = None
    """None until the login was accepted."""

    @classmethod
    def opened(cls, timings: Timings, *, now: float) -> "Agenda":
        """The agenda of a connection that has just been made."""
        return cls(timings=timings, opened_at=now, heard_at=now, spoke_at=now, pinged_at=now)

    @property
    def is_logged_in(self) -> bool:
        return self.measured_at is not None

    def log_in(self, *, now: float) -> None:
        """The login was accepted; the first readings are due a reading's time from now."""
        self.measured_at = self.pinged_at = now

    def next_at(self) -> float:
        """When something is due, unless the server says something first."""
        return min(self._moments().values())

    def due(self, *, now: float) -> Duty | None:
        """What is due, the gravest first."""
        reached = [duty for duty, moment in self._moments().items() if moment <= now]
        return reached[0] if reached else None

    def _moments(self) -> dict[Duty, float]:
        times = self.timings
        if self.measured_at is None:
            return {Duty.GIVE_UP_LOGIN: self.opened_at + times.login}
        quiet_since = min(self.heard_at, self.spoke_at)
        return {
            Duty.GIVE_UP_SERVER: self.heard_at + times.heartbeat + times.patience,
            Duty.PING: max(quiet_since + times.heartbeat, self.pinged_at + times.ping_pause),
            Duty.MEASURE: self.measured_at + times.reading,
        }
