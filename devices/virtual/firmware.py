"""What is compiled into a virtual board: which board, which library, which template.

The differences are those of the Edgent sketches in the Blynk library 1.0.1, 1.2.0 and 1.4.0.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from templates_app import hotspot
from templates_app.firmware import LibraryVersion
from templates_app.hotspot import Generation, HotspotName, SuffixSource


class Kind(StrEnum):
    """The boards that Edgent runs on."""

    ESP32 = "esp32"
    ESP8266 = "esp8266"
    WIO = "wio"
    MKR = "mkr"


class Library(StrEnum):
    """The versions of the Blynk library that a virtual board can run."""

    V1_0_1 = "1.0.1"
    V1_2 = "1.2.0"
    V1_4 = "1.4.0"


DEVICE_NAMES: Final = {
    Kind.ESP32: "ESP32",
    Kind.ESP8266: "ESP8266",
    Kind.WIO: "Wio Terminal",
    Kind.MKR: "MKR WiFi 1010",
}
CLOCKS_MHZ: Final = {Kind.ESP32: 240, Kind.ESP8266: 80, Kind.WIO: 120, Kind.MKR: 48}
FIRMWARE_VERSION: Final = "0.1.0"
FIRMWARE_BUILD: Final = "Nov  1 2026 12:00:00"
BUFFER_BYTES: Final = 1024
DEFAULT_HOST: Final = "blynk.cloud"
DEFAULT_PORT: Final = 443
_SUFFIXES: Final = {
    Kind.ESP32: SuffixSource.EFUSE_MAC,
    Kind.ESP8266: SuffixSource.STATION_MAC,
    Kind.WIO: SuffixSource.STATION_MAC,
    Kind.MKR: SuffixSource.REVERSED_MAC,
}


class UnknownFirmwareError(ValueError):
    """No such firmware was ever published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """`default_host` and `default_port` are CONFIG_DEFAULT_SERVER and CONFIG_DEFAULT_PORT."""

    template_id: str
    template_name: str
    kind: Kind = Kind.ESP32
    library: Library = Library.V1_4
    default_host: str = DEFAULT_HOST
    default_port: int = DEFAULT_PORT

    def __post_init__(self) -> None:
        """Raises UnknownFirmwareError for a board and a library that do not go together."""
        if self.kind is Kind.MKR and self.library is Library.V1_4:
            raise UnknownFirmwareError(
                "Blynk library 1.3 and later have no Edgent sketch for MKR boards; choose 1.2.0."
            )
        if self.is_oldest and self.default_host != DEFAULT_HOST:
            raise UnknownFirmwareError("Blynk library 1.0.1 cannot be told another default server.")

    @property
    def is_oldest(self) -> bool:
        """Library 1.0.1, whose differences from the later two are nearly all there are."""
        return self.library is Library.V1_0_1

    @property
    def heartbeat_seconds(self) -> int:
        return 40 if self.library is Library.V1_4 else 45

    @property
    def has_form(self) -> bool:
        """ESP32 has a form at "/" since 1.2.0, the other boards always had one."""
        return self.kind is not Kind.ESP32 or not self.is_oldest

    @property
    def has_update(self) -> bool:
        return self.kind in {Kind.ESP32, Kind.ESP8266}

    @property
    def is_halted(self) -> bool:
        """Since 1.2.0 a sketch without a template's id or name says so and stops for ever."""
        return not self.is_oldest and not (self.template_id.startswith("TMPL") and self.template_name)

    @property
    def version_for_roots(self) -> LibraryVersion:
        """The version by which the pinned roots are told apart."""
        return {
            Library.V1_0_1: LibraryVersion.V1_0,
            Library.V1_2: LibraryVersion.V1_2,
            Library.V1_4: LibraryVersion.V1_4,
        }[self.library]

    def hotspot(self, mac: bytes) -> HotspotName:
        """The network that the board opens, or tries to."""
        generation = Generation.V1_0 if self.is_oldest else Generation.V1_2
        return hotspot.ssid(self.template_name, generation, mac, _SUFFIXES[self.kind])

    def station_mac(self, mac: bytes) -> str:
        """The MAC as the board prints it; MKR boards print small letters."""
        text = mac.hex(":")
        return text if self.kind is Kind.MKR else text.upper()

    def hotspot_mac(self, mac: bytes) -> str:
        """The MAC of its hotspot: the next one on ESP32 and Wio, a local one on ESP8266, its own on MKR boards."""
        if self.kind is Kind.MKR:
            return self.station_mac(mac)
        if self.kind is Kind.ESP8266:
            return bytes([mac[0] | 2, *mac[1:]]).hex(":").upper()
        return bytes([*mac[:5], (mac[5] + 1) % 256]).hex(":").upper()

    def info_block(self, template_id: str) -> dict[str, str]:
        """What the library sends after its login, in its order; without `tmpl` where there is no id."""
        kind = {"fw-type": template_id} if template_id else {}
        template = {"tmpl": template_id} if template_id else {}
        links = {"h-beat": str(self.heartbeat_seconds), "buff-in": str(BUFFER_BYTES)}
        device = {"dev": DEVICE_NAMES[self.kind]}
        build = {"build": FIRMWARE_BUILD}
        if self.library is Library.V1_4:
            return {"mcu": FIRMWARE_VERSION, **kind, **build, "blynk": self.library, **links, **device, **template}
        return {"ver": self.library, **links, **device, **kind, "fw": FIRMWARE_VERSION, **build, **template}
