"""What `/config` makes of its parameters (Blynk library 1.0.1 to 1.4.0, ConfigMode.h). Pure: values in, values out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from devices.virtual import blob
from devices.virtual.blob import Config
from devices.virtual.firmware import Firmware

TOKEN_BYTES: Final = 32
_NUMBER: Final = re.compile(rb"[ \t\n\v\f\r]*([+-]?[0-9]{1,19})")
_ADDRESSES: Final = {"ip": "ip", "mask": "mask", "gw": "gateway", "dns": "dns", "dns2": "dns2"}


def apply(arguments: Mapping[str, bytes], *, onto: Config, firmware: Firmware) -> Config | None:
    """The record that these parameters make, or None where the board says that they are invalid.

    Library 1.0.1 writes them over the record that it has; later ones begin with the defaults. Texts are cut to their
    fields without a word, and a port is a number modulo 65,536, as the board counts.
    """
    ssid = arguments.get("ssidManual") or arguments.get("ssid", b"")
    token = arguments.get("blynk", b"")
    if len(token) != TOKEN_BYTES or not ssid:
        return None
    begun = replace(onto, is_valid=False) if firmware.is_oldest else blob.default(firmware)
    config = blob.with_texts(begun, ssid=ssid, password=arguments.get("pass", b""), token=token)
    if host := arguments.get("host", b""):
        config = blob.with_texts(config, host=host)
    if port := arguments.get("port_ssl", b""):
        config = replace(config, port=number(port) % 65_536)
    return _saved(_addressed(config, arguments), arguments)


def number(text: bytes) -> int:
    """What `String::toInt` reads: the number at the start, else 0."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else 0


def address(text: bytes) -> bytes | None:
    """The four octets of a dotted address, None for anything else."""
    parts = text.split(b".")
    if len(parts) != 4 or not all(part.isdigit() and len(part) <= 3 for part in parts):
        return None
    octets = [int(part) for part in parts]
    return bytes(octets) if max(octets) <= 255 else None


def _addressed(config: Config, arguments: Mapping[str, bytes]) -> Config:
    found = {
        name: octets
        for argument, name in _ADDRESSES.items()
        if (octets := address(arguments.get(argument, b""))) is not None
    }
    return replace(config, is_static="ip" in found, **found)  # type: ignore[arg-type] # all of them are octets


def _saved(config: Config, arguments: Mapping[str, bytes]) -> Config:
    return replace(config, is_valid=bool(number(arguments.get("save", b""))))
