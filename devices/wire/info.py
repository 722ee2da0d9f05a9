"""The info block: what a device says about itself right after its login."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from devices.wire.heartbeat import clamp_heartbeat
from devices.wire.limits import Limits
from devices.wire.text import line_text

KNOWN_KEYS: Final = frozenset(
    {
        "mcu",
        "ncp",
        "ver",
        "fw-type",
        "fw",
        "build",
        "blynk",
        "h-beat",
        "buff-in",
        "dev",
        "cpu",
        "con",
        "conn",
        "tmpl",
    }
)
DEFAULT_BUFFER: Final = 256
MAX_BUFFER: Final = 65_535


@dataclass(frozen=True, slots=True)
class Info:
    """An info block. `pairs` holds every key as sent, in the order sent; the properties give the known ones.

    A text that was not sent is "", a number that was not sent or is no number is None.
    """

    message_id: int
    pairs: Mapping[str, str]

    @property
    def template_id(self) -> str:
        """The `TMPL…` id compiled into the firmware; plain client libraries send none."""
        return self.pairs.get("tmpl", "")

    @property
    def firmware_version(self) -> str:
        """The sketch's own version: "mcu" or "ncp" since library 1.3, "fw" before."""
        return self.pairs.get("mcu") or self.pairs.get("ncp") or self.pairs.get("fw", "")

    @property
    def firmware_type(self) -> str:
        return self.pairs.get("fw-type", "")

    @property
    def build(self) -> str:
        """Compilation date and time as the compiler wrote them."""
        return self.pairs.get("build", "")

    @property
    def library_version(self) -> str:
        """The client library's version: "blynk" since library 1.3, "ver" before."""
        return self.pairs.get("blynk") or self.pairs.get("ver", "")

    @property
    def board(self) -> str:
        """The kind of board or runtime, such as "ESP32", "Linux", "python", "js"."""
        return self.pairs.get("dev", "")

    @property
    def heartbeat(self) -> int | None:
        """Seconds between the device's signs of life, within 1 to 3600."""
        seconds = _whole_number(self.pairs.get("h-beat", ""))
        return None if seconds is None else clamp_heartbeat(seconds)

    @property
    def buffer_in(self) -> int:
        """Bytes the device can take in one message; 256, the smallest library default, where it says nothing."""
        size = _whole_number(self.pairs.get("buff-in", ""))
        return DEFAULT_BUFFER if not size else min(size, MAX_BUFFER)

    @property
    def is_python(self) -> bool:
        """Whether a Python library speaks: those break on PING, DEBUG_PRINT and REDIRECT from a server."""
        board = self.board.lower()
        return board == "python" or board.endswith("-py")


def looks_like_info(parts: Sequence[bytes]) -> bool:
    """Whether an INTERNAL body is an info block: one of the known keys stands where a key stands."""
    return any(key.decode("latin-1") in KNOWN_KEYS for key in parts[::2])


def parse_info(message_id: int, parts: Sequence[bytes], limits: Limits) -> Info:
    """Read key/value pairs in any order; a key without a value has "", and the first of two equal keys counts.

    Keeps at most `limits.max_info_pairs` pairs, and of each text the first `limits.max_info_text` characters.
    """
    pairs: dict[str, str] = {}
    for position in range(0, len(parts), 2):
        if len(pairs) == limits.max_info_pairs:
            break
        key = line_text(parts[position], max_length=limits.max_info_text)
        value = parts[position + 1] if position + 1 < len(parts) else b""
        if key:
            pairs.setdefault(key, line_text(value, max_length=limits.max_info_text))
    return Info(message_id, pairs)


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
