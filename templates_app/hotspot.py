"""The name of the WiFi network that a board opens for its set-up, byte for byte.

A board composes it as `<prefix> <template name>-<chip suffix>`. How the name is cut and how the suffix
is written changed three times. The source of every rule here is the `getWiFiName` function of the
Edgent sketches in the Blynk library, 1.0.0 to 1.4.0, and `systemGetFullName` of BlynkEdgent 0.9.0.

Lengths are bytes of UTF-8, because boards count bytes: a cut may fall inside a character. The network
name is then no valid UTF-8, and phones show a replacement mark there; `HotspotName.splits_character`
says so.
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

DEFAULT_PREFIX = "Blynk"
SSID_LIMIT = 32
"""Bytes in a WiFi network name (IEEE 802.11). A longer one leaves the board without an access point."""

MAC_LENGTH = 6
PLACEHOLDER = "X"
"""Stands for one character of the suffix while the board's chip is not known."""

_BUFFER_1_0 = 63
_CUT_TOTAL = 31
_EDGENT_0_9_TOTAL = 29
_HEX_DIGITS = 5
_BASE24_DIGITS = 4
_BASE24 = "0W8N4Y1HP5DF9K6JM3C2UA7R"
_BASE24_EDGENT_0_9 = "0W8N4Y1HP5DF9K6JM3C2XA7R"
_MAC = re.compile(
    r"[0-9a-f]{12}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|(?:[0-9a-f]{2}-){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"
)


class Generation(StrEnum):
    """The libraries that build the hotspot name alike."""

    V1_0 = "1.0"
    V1_1 = "1.1"
    V1_2 = "1.2"
    EDGENT_0_9 = "edgent-0.9"

    @property
    def label(self) -> str:
        """How people know it: `Blynk library 1.2 and later`."""
        return _LABELS[self]


_LABELS = {
    Generation.V1_0: "Blynk library 1.0.x",
    Generation.V1_1: "Blynk library 1.1",
    Generation.V1_2: "Blynk library 1.2 and later",
    Generation.EDGENT_0_9: "BlynkEdgent library 0.9",
}


class SuffixSource(StrEnum):
    """Which bytes of the chip the suffix is computed from."""

    EFUSE_MAC = "efuse_mac"
    """ESP32: the 64-bit efuse number, which is the six MAC octets and two zero bytes."""
    STATION_MAC = "station_mac"
    """ESP8266 and Wio Terminal: the six MAC octets."""
    REVERSED_MAC = "reversed_mac"
    """MKR and Nano boards: their WiFi libraries give the octets last first (Blynk library 1.2.0, `macToString`)."""


@dataclass(frozen=True, slots=True)
class HotspotName:
    """One network name and how it came about.

    `ssid` is what the board broadcasts (or tries to), `text` the same for people, with a replacement
    mark where the bytes are no UTF-8. `kept` and `cut` are the two parts of the template name, and
    `kept_length` is how many bytes of it are kept.
    """

    generation: Generation
    ssid: bytes
    kept: str
    kept_length: int
    cut: str
    suffix: str
    splits_character: bool

    @property
    def text(self) -> str:
        return self.ssid.decode(errors="replace")

    @property
    def length(self) -> int:
        """Bytes in the network name."""
        return len(self.ssid)

    @property
    def too_long(self) -> bool:
        """Whether no board can broadcast it: the log then shows `AP IP: 0.0.0.0`."""
        return self.length > SSID_LIMIT


def pattern(name: str, generation: Generation, prefix: str = DEFAULT_PREFIX) -> HotspotName:
    """The network name of any board with this template name, the suffix shown as `X` marks."""
    return _compose(name, generation, prefix, PLACEHOLDER * _suffix_length(generation))


def ssid(
    name: str,
    generation: Generation,
    mac: bytes,
    source: SuffixSource = SuffixSource.EFUSE_MAC,
    prefix: str = DEFAULT_PREFIX,
) -> HotspotName:
    """The exact network name of the board with this station MAC.

    Not known for an ESP8266 on library 1.0.0, which draws its suffix from a random generator. Raises
    ValueError unless the MAC has six bytes.
    """
    return _compose(name, generation, prefix, suffix(generation, crc(id_bytes(mac, source))))


def parse_mac(text: str) -> bytes:
    """Six bytes from `24:6F:28:01:02:03`, with dashes, as `246f.2801.0203` or bare.

    Raises ValueError with a sentence for people.
    """
    cleaned = text.strip().lower()
    if _MAC.fullmatch(cleaned) is None:
        raise ValueError("A MAC address has twelve hexadecimal digits, such as 24:6F:28:01:02:03.")
    return bytes.fromhex(re.sub(r"[:.-]", "", cleaned))


def id_bytes(mac: bytes, source: SuffixSource) -> bytes:
    """The bytes that a board with this MAC feeds to the checksum. Raises ValueError for a wrong length."""
    if len(mac) != MAC_LENGTH:
        raise ValueError(f"A MAC address has {MAC_LENGTH} bytes, this one has {len(mac)}.")
    match source:
        case SuffixSource.EFUSE_MAC:
            return mac + bytes(2)
        case SuffixSource.STATION_MAC:
            return mac
        case SuffixSource.REVERSED_MAC:
            return mac[::-1]


def crc(chip_id: bytes) -> int:
    """CRC-32 run four times over the id, each run seeded with the one before."""
    value = 0
    for _ in range(4):
        value = zlib.crc32(chip_id, value)
    return value


def suffix(generation: Generation, checksum: int) -> str:
    """The suffix that a library of this generation makes of the checksum."""
    match generation:
        case Generation.V1_0 | Generation.V1_1:
            return suffix_hex(checksum)
        case Generation.V1_2:
            return suffix_base24(checksum)
        case Generation.EDGENT_0_9:
            return suffix_base24(checksum, alphabet=_BASE24_EDGENT_0_9)


def suffix_hex(checksum: int) -> str:
    """The low 20 bits as five hexadecimal digits (library 1.0 and 1.1)."""
    return f"{checksum & 0xFFFFF:05X}"


def suffix_base24(checksum: int, alphabet: str = _BASE24) -> str:
    """Four digits, least significant first; a digit that repeats its neighbour moves on by one."""
    written = ""
    for _ in range(_BASE24_DIGITS):
        checksum, digit = divmod(checksum, len(alphabet))
        if written.endswith(alphabet[digit]):
            digit = (digit + 1) % len(alphabet)
        written += alphabet[digit]
    return written


def _suffix_length(generation: Generation) -> int:
    return _HEX_DIGITS if generation in {Generation.V1_0, Generation.V1_1} else _BASE24_DIGITS


def _compose(name: str, generation: Generation, prefix: str, suffix: str) -> HotspotName:
    raw = name.encode()
    network, kept = _COMPOSERS[generation](raw, prefix.encode(), suffix.encode())
    return HotspotName(
        generation=generation,
        ssid=network,
        kept=raw[:kept].decode(errors="replace"),
        kept_length=kept,
        cut=raw[kept:].decode(errors="replace"),
        suffix=suffix,
        splits_character=_inside_character(raw, kept),
    )


def _inside_character(raw: bytes, position: int) -> bool:
    """Whether the byte at the position continues a UTF-8 character."""
    return position < len(raw) and raw[position] & 0xC0 == 0x80


def _uncut(name: bytes, prefix: bytes, suffix: bytes) -> tuple[bytes, int]:
    """1.0.x knows no prefix and cuts nothing but what its 64-byte buffer cannot hold."""
    network = (b"Blynk " + name + b"-" + suffix)[:_BUFFER_1_0]
    return network, min(len(name), _BUFFER_1_0 - len(b"Blynk "))


def _cut_name(name: bytes, prefix: bytes, suffix: bytes) -> tuple[bytes, int]:
    """1.1.0 to 1.4.0 cut the name so that everything fits in 31 bytes."""
    # The board subtracts unsigned numbers: a prefix with no room left for a name cuts nothing at all.
    room = (_CUT_TOTAL - len(suffix) - 2 - len(prefix)) % 2**32
    kept = min(len(name), room)
    return prefix + b" " + name[:kept] + b"-" + suffix, kept


def _cut_by_priority(name: bytes, prefix: bytes, suffix: bytes) -> tuple[bytes, int]:
    """BlynkEdgent 0.9.0 fits 29 bytes: the prefix first, then the suffix, then the name.

    A name that is the same as the prefix is left out.
    """
    head = prefix[:_EDGENT_0_9_TOTAL]
    budget = _EDGENT_0_9_TOTAL - len(head)
    tail = suffix[: max(budget - 1, 0)]
    budget -= len(tail) + 1 if tail else 0
    separator = b" " if head else b""
    kept = 0 if name == prefix else min(len(name), max(budget - len(separator), 0))
    network = head + (separator + name[:kept] if kept else b"")
    if tail:
        network += (b"-" if network else b"") + tail
    return network, kept


_COMPOSERS: dict[Generation, Callable[[bytes, bytes, bytes], tuple[bytes, int]]] = {
    Generation.V1_0: _uncut,
    Generation.V1_1: _cut_name,
    Generation.V1_2: _cut_name,
    Generation.EDGENT_0_9: _cut_by_priority,
}
