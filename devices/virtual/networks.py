"""The WiFi networks around a virtual board: made up, with passwords that are right or wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from devices.virtual.firmware import Firmware, Kind

MOST_SHOWN: Final = 15


class Security(StrEnum):
    """How a network is secured, by the words of library 1.2 and later."""

    OPEN = "OPEN"
    WEP = "WEP"
    WPA = "WPA"
    WPA2 = "WPA2"
    WPA_WPA2 = "WPA+WPA2"
    ENTERPRISE = "WPA2-EAP"
    WPA3 = "WPA3"
    WPA2_WPA3 = "WPA2+WPA3"


_OLDER_WORDS: Final = {
    Security.OPEN: "OPEN",
    Security.WEP: "WEP",
    Security.WPA: "WPA/PSK",
    Security.WPA2: "WPA2/PSK",
    Security.WPA_WPA2: "WPA/WPA2/PSK",
}
_ESP8266_WORDS: Final = frozenset({Security.OPEN, Security.WEP, Security.WPA, Security.WPA2, Security.WPA_WPA2})


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`ssid` is what the access point is called; a hidden one tells nobody."""

    ssid: str
    password: str = field(default="", repr=False)
    security: Security = Security.WPA2
    bssid: str = "02:00:5E:10:00:01"
    rssi: int = -52
    channel: int = 6
    is_hidden: bool = False

    @property
    def shown_name(self) -> str:
        return "" if self.is_hidden else self.ssid

    def admits(self, ssid: bytes, password: bytes) -> bool:
        """Whether this is the network, and the password its own; an open one looks at none."""
        if ssid != self.ssid.encode():
            return False
        return self.security is Security.OPEN or password == self.password.encode()


HOME: Final = Network(ssid="Home", password="landfall-home")  # noqa: S106 - a network that does not exist
AROUND: Final = (
    HOME,
    Network(ssid="Guest", security=Security.OPEN, bssid="02:00:5E:10:00:02", rssi=-61, channel=1),
    Network(
        ssid="Workshop",
        password="landfall-workshop",  # noqa: S106 - a network that does not exist
        security=Security.WPA_WPA2,
        bssid="02:00:5E:10:00:03",
        rssi=-78,
        channel=11,
    ),
)
"""What a virtual board finds around it unless it is told otherwise."""


def parse(text: str) -> Network:
    """A network written as `NAME=PASSWORD`, or as `NAME` alone for an open one. Raises ValueError without a name."""
    name, _, password = text.partition("=")
    if not name:
        raise ValueError("A network is written as NAME=PASSWORD, or as NAME alone where it is open.")
    return Network(ssid=name, password=password, security=Security.WPA2 if password else Security.OPEN)


def admitting(networks: Iterable[Network], ssid: bytes, password: bytes) -> Network | None:
    """The network that lets a board in, if any does."""
    return next((network for network in networks if network.admits(ssid, password)), None)


def strongest(networks: Iterable[Network]) -> list[Network]:
    """As a scan lists them: strongest first, fifteen at most."""
    return sorted(networks, key=lambda network: -network.rssi)[:MOST_SHOWN]


def security_word(security: Security, firmware: Firmware) -> str:
    """The word that this firmware uses for it."""
    if firmware.is_oldest or firmware.kind in {Kind.WIO, Kind.MKR}:
        return _OLDER_WORDS.get(security, "unknown")
    if firmware.kind is Kind.ESP8266 and security not in _ESP8266_WORDS:
        return "unknown"
    return security


def scan_items(networks: Sequence[Network], firmware: Firmware) -> list[str]:
    """Each network as `/wifi_scan.json` writes it: nothing is escaped, as nothing is on the board."""
    has_hidden = firmware.kind is Kind.ESP8266
    return [
        f'  {{"ssid":"{network.shown_name}","bssid":"{_mac(network, firmware)}","rssi":{network.rssi},'
        f'"sec":"{security_word(network.security, firmware)}","ch":{network.channel}'
        + (f',"hidden":{int(network.is_hidden)}}}' if has_hidden else "}")
        for network in strongest(networks)
    ]


def _mac(network: Network, firmware: Firmware) -> str:
    return network.bssid.lower() if firmware.kind is Kind.MKR else network.bssid
