"""What a virtual board is put together from."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from devices.virtual.endings import Fault
from devices.virtual.firmware import Firmware
from devices.virtual.networks import AROUND, Network
from devices.virtual.terminal import Terminal
from devices.virtual.timings import SetupTimings


@dataclass(slots=True, kw_only=True)
class Parts:
    """`times` are as fast as `speed` says, which drives the clock of the log; `setup_host` and `setup_port` stand for
    192.168.4.1:80, and port 0 lets the machine choose once. Without `tls` it speaks none.
    """

    firmware: Firmware
    mac: bytes
    times: SetupTimings
    speed: float = 1.0
    networks: Sequence[Network] = AROUND
    fault: Fault | None = None
    tls: ssl.SSLContext | None = None
    terminal: Terminal | None = None
    setup_host: str = "127.0.0.1"
    setup_port: int = 0

    @classmethod
    def made(cls, firmware: Firmware, mac: bytes, *, speed: float = 1.0) -> "Parts":
        """The usual ones, `speed` times as fast as the real."""
        return cls(firmware=firmware, mac=mac, times=SetupTimings.of(firmware).sped_up(speed), speed=speed)
