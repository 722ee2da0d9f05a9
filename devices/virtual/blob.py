"""The record that Edgent keeps in its flash: 212 packed bytes (Blynk library 1.0.1 to 1.4.0, `ConfigStore`)."""

import struct
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from devices.virtual.firmware import FIRMWARE_VERSION, Firmware

MAGIC: Final = 0x626C6E6B
VALID: Final = 1
STATIC_IP: Final = 2
NO_TOKEN: Final = b"invalid token"
_LAYOUT: Final = struct.Struct("<I15sB34s64s34s34sH4s4s4s4s4si")
SIZE: Final = _LAYOUT.size
TEXT_SIZES: Final = {"ssid": 34, "password": 64, "token": 34, "host": 34}
"""The size of each text, its closing NUL included."""
_NO_ADDRESS: Final = bytes(4)


class ErrorCode(IntEnum):
    """`last_error`, by the names of the sketch."""

    NONE = 0
    CONFIG = 700
    NETWORK = 701
    CLOUD = 702
    TOKEN = 703
    INTERNAL = 704


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Texts are bytes without their NUL, addresses four octets; zero octets are no address."""

    ssid: bytes = b""
    password: bytes = field(default=b"", repr=False)
    token: bytes = field(default=NO_TOKEN, repr=False)
    host: bytes = b""
    port: int = 0
    is_valid: bool = False
    is_static: bool = False
    ip: bytes = _NO_ADDRESS
    mask: bytes = _NO_ADDRESS
    gateway: bytes = _NO_ADDRESS
    dns: bytes = _NO_ADDRESS
    dns2: bytes = _NO_ADDRESS
    last_error: int = ErrorCode.NONE
    version: bytes = FIRMWARE_VERSION.encode()

    def pack(self) -> bytes:
        """The record as it lies in the flash."""
        flags = VALID * self.is_valid | STATIC_IP * self.is_static
        texts = (self.ssid, self.password, self.token, self.host)
        addresses = (self.ip, self.mask, self.gateway, self.dns, self.dns2)
        return _LAYOUT.pack(MAGIC, self.version, flags, *texts, self.port, *addresses, self.last_error)


def default(firmware: Firmware, *, last_error: ErrorCode = ErrorCode.NONE) -> Config:
    """The record of a board that was never configured, or whose configuration failed."""
    return Config(
        host=copied(firmware.default_host.encode(), TEXT_SIZES["host"]),
        port=firmware.default_port,
        last_error=last_error,
    )


def unpack(raw: bytes) -> Config | None:
    """The record in `raw`, or None where there is none: another size, or without the magic number."""
    if len(raw) != SIZE:
        return None
    magic, version, flags, ssid, password, token, host, port, ip, mask, gateway, dns, dns2, error = _LAYOUT.unpack(raw)
    if magic != MAGIC:
        return None
    return Config(
        ssid=_until_nul(ssid),
        password=_until_nul(password),
        token=_until_nul(token),
        host=_until_nul(host),
        port=port,
        is_valid=bool(flags & VALID),
        is_static=bool(flags & STATIC_IP),
        ip=ip,
        mask=mask,
        gateway=gateway,
        dns=dns,
        dns2=dns2,
        last_error=error,
        version=_until_nul(version),
    )


def copied(text: bytes, size: int) -> bytes:
    """What a field of `size` bytes keeps of `text`: one byte goes to the NUL, and a NUL inside ends it."""
    return _until_nul(text[: size - 1])


def with_texts(config: Config, **texts: bytes) -> Config:
    """`config` with these texts, each cut to its field."""
    return replace(config, **{name: copied(text, TEXT_SIZES[name]) for name, text in texts.items()})  # type: ignore[arg-type]


def _until_nul(text: bytes) -> bytes:
    return text.partition(b"\0")[0]
