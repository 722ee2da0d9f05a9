"""How long a board waits for what."""

from dataclasses import dataclass, fields
from typing import Self

from devices.virtual.firmware import Firmware, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds, as in the source of Blynk library 1.4.0; readings are the sketch's own choice.

    `heartbeat` is how long both directions may be quiet before a PING, `patience` how much longer the server may say
    nothing at all, `ping_pause` the least time between two PINGs, `login` the wait for the verdict, `reconnect` the
    least time between two tries.
    """

    reconnect: float = 5.0
    login: float = 6.0
    heartbeat: float = 40.0
    patience: float = 18.0
    ping_pause: float = 6.0
    reading: float = 5.0
    restart: float = 1.0

    def sped_up(self, speed: float) -> Self:
        """The same, `speed` times as fast."""
        return type(self)(**{each.name: getattr(self, each.name) / speed for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupTimings(Timings):
    """Seconds of the way from the hotspot to the server (Blynk library 1.0.1 to 1.4.0, ConfigMode.h, Settings.h).

    `hotspot` is how long it takes to open, `peer` how long a browser may keep the setup server waiting, `scan` how
    long a look for networks takes, `switch` the pause after `/config`, `join` how long a network takes to let it in;
    `network` and `cloud` are the time-outs of which 701 and 702 come, `error` the pause before the reboot.
    """

    hotspot: float = 2.6
    peer: float = 5.0
    scan: float = 2.0
    switch: float = 1.1
    join: float = 2.0
    network: float = 50.0
    cloud: float = 50.0
    error: float = 10.0

    @classmethod
    def of(cls, firmware: Firmware) -> Self:
        """Those of this firmware."""
        heartbeat = float(firmware.heartbeat_seconds)
        if not firmware.is_oldest:
            return cls(heartbeat=heartbeat)
        cloud = 30.0 if firmware.kind in {Kind.ESP32, Kind.WIO} else 60.0
        return cls(heartbeat=heartbeat, network=30.0, cloud=cloud)
