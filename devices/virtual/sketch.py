"""What a virtual board's firmware says of itself and does with its pins."""

import random
from typing import Final

from devices.virtual.firmware import CLOCKS_MHZ, DEVICE_NAMES, FIRMWARE_BUILD, FIRMWARE_VERSION, Firmware
from devices.virtual.serial_log import masked
from devices.wire.commands import PinKind
from devices.wire.messages import PinRead, PinWrite

type Readings = dict[int, tuple[str, ...]]
"""Values by virtual pin."""

FOREIGN_TEMPLATE_ID: Final = "TMPLforeign00"
"""What a board with the wrong firmware reports."""

UPTIME_PIN: Final = 0
TEMPERATURE_PIN: Final = 1
SWITCH_PIN: Final = 2
BOOT_EVENT: Final = "boot"
HOTSPOT_METADATA: Final = "Hotspot Name"
FIRST_CELSIUS: Final = 21.0
COLDEST, WARMEST = 15.0, 29.0
STEP_CELSIUS: Final = 0.3


def banner_of(firmware: Firmware, mac: bytes, *, token: str = "") -> list[str]:
    """How a board begins its log; without `token` it was not provisioned yet."""
    name = DEVICE_NAMES[firmware.kind]
    clock = f"{name} @ {CLOCKS_MHZ[firmware.kind]}MHz"
    build = f"{FIRMWARE_VERSION} (build {FIRMWARE_BUILD})"
    first = f"Blynk v{firmware.library} on {name}"
    if firmware.is_oldest:
        rule = "-" * 26
        told = [f"Token:    ...{token[28:]}"] if token else []
        chip = [f"Device:   {clock}", f"MAC:      {firmware.station_mac(mac)}", "Flash:    4096K", "ESP sdk:  v3.3.5"]
        return [first, rule, f"Product:  {firmware.template_name}", f"Firmware: {build}", *told, *chip, rule]
    rule = "-" * 52
    told = [f" Token:     {masked(token)}"] if token else []
    chip = [" Chip rev:  1", " SDK:       v4.4.7", " Flash:     4096K", " Free mem:  261032"]
    described = [f" Device:    {firmware.hotspot(mac).text}", f" Firmware:  {build}", *told, f" Platform:  {clock}"]
    return [first, rule, *described, *(chip if firmware.has_update else []), rule]


class Sketch:
    """The program of one board from one boot to the next: a clock, a thermometer and a switch."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._celsius = FIRST_CELSIUS
        self._pins: dict[int, tuple[str, ...]] = {SWITCH_PIN: ("0",)}

    def measure(self, *, uptime_seconds: float) -> Readings:
        """New readings by virtual pin: seconds since the boot, and degrees Celsius that wander."""
        moved = self._celsius + self._dice.uniform(-STEP_CELSIUS, STEP_CELSIUS)
        self._celsius = min(max(moved, COLDEST), WARMEST)
        readings: Readings = {UPTIME_PIN: (str(int(uptime_seconds)),), TEMPERATURE_PIN: (f"{self._celsius:.1f}",)}
        self._pins |= readings
        return readings

    def obey(self, write: PinWrite) -> Readings:
        """Keep what the server wrote; returns what the board reports in turn: the switch says how it stands now."""
        if write.kind is not PinKind.VIRTUAL:
            return {}
        self._pins[write.pin] = write.values
        return {SWITCH_PIN: write.values} if write.pin == SWITCH_PIN else {}

    def read(self, read: PinRead) -> tuple[str, ...] | None:
        """The value of a virtual pin, None where it has none."""
        return self._pins.get(read.pin) if read.kind is PinKind.VIRTUAL else None
