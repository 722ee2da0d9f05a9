"""The commands of a board's serial console (Blynk library 1.0.1 to 1.4.0: BlynkConsole.h and Console.h of Edgent)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from devices.virtual import blob, networks
from devices.virtual.blob import Config
from devices.virtual.firmware import DEVICE_NAMES, FIRMWARE_BUILD, FIRMWARE_VERSION, Firmware
from devices.virtual.networks import Network

BUFFER_BYTES: Final = 256
MOST_WORDS: Final = 15
TOKEN_BYTES: Final = 32
_BLANKS: Final = b" \n\r\t"
_ESCAPES: Final = {ord("b"): 8, ord("n"): 10, ord("r"): 13, ord("t"): 9}


class Order(StrEnum):
    """What a command makes the board do."""

    NONE = "none"
    RESTART = "restart"
    SET_UP = "set_up"
    ERASE = "erase"
    CONNECT = "connect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command prints and makes the board do; `is_known` is false for one that the board does not have."""

    text: str = ""
    order: Order = Order.NONE
    config: Config | None = field(default=None, repr=False)
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the commands tell; `joined` is the network that the board is in."""

    firmware: Firmware
    mac: bytes
    networks: Sequence[Network]
    uptime_seconds: float
    joined: Network | None = None


NOT_FOUND: Final = Said(is_known=False)


def words_of(line: bytes) -> list[bytes]:
    """The words of a line, their escapes undone: `\\x20` is a blank inside a word."""
    found: list[bytes] = []
    for word in line.translate(bytes.maketrans(_BLANKS, b" " * len(_BLANKS))).split(b" "):
        if word and len(found) < MOST_WORDS:
            found.append(_unescaped(word))
    return found


def run(words: Sequence[bytes], facts: Facts) -> Said:
    """What the command does. Names of commands may be in capitals, their arguments not."""
    name, *arguments = words
    commands = _OLDEST if facts.firmware.is_oldest else _SMALL | (_LARGE if facts.firmware.has_update else {})
    wanted = name.decode("latin-1").lower()
    if wanted in {"help", "?"}:
        return Said(text="Available commands: " + ", ".join(["help", "?", *commands]) + "\r\n")
    command = commands.get(wanted)
    return NOT_FOUND if command is None else command(arguments, facts)


def _unescaped(word: bytes) -> bytes:
    out = bytearray()
    position = 0
    while position < len(word):
        if word[position] != ord("\\"):
            out.append(word[position])
            position += 1
            continue
        letter = word[position + 1] if position + 1 < len(word) else 0
        position += 2
        if letter == ord("x"):
            out.append(_hex(word[position : position + 2]))
            position += 2
        elif letter:
            out.append(0 if letter == ord("0") else _ESCAPES.get(letter, letter))
    # The board reads each word up to its first NUL.
    return bytes(out).partition(b"\0")[0]


def _hex(digits: bytes) -> int:
    for length in (2, 1):
        try:
            return int(digits[:length], 16) if digits[:length].isalnum() else 0
        except ValueError:
            continue
    return 0


def _reboot(_arguments: Sequence[bytes], facts: Facts) -> Said:
    told = "resetting device" if facts.firmware.is_oldest else "rebooting wifi module"
    return Said(text=f'{{"status":"OK","msg":"{told}"}}\n', order=Order.RESTART)


def _config_oldest(_arguments: Sequence[bytes], _facts: Facts) -> Said:
    return Said(text='{"status":"OK","msg":"entering configuration mode"}\n', order=Order.SET_UP)


def _config(arguments: Sequence[bytes], _facts: Facts) -> Said:
    if not arguments or arguments[0] == b"start":
        return Said(order=Order.SET_UP)
    return Said(order=Order.ERASE if arguments[0] == b"erase" else Order.NONE)


def _devinfo(_arguments: Sequence[bytes], facts: Facts) -> Said:
    firmware = facts.firmware
    name = "" if firmware.is_oldest else f'"name":"{firmware.hotspot(facts.mac).text}",'
    return Said(
        text=f'{{{name}"board":"{firmware.template_name}","tmpl_id":"{firmware.template_id}",'
        f'"fw_type":"{firmware.template_id}","fw_ver":"{FIRMWARE_VERSION}"}}\n'
    )


def _netinfo(_arguments: Sequence[bytes], facts: Facts) -> Said:
    # The sketch prints the octets last first.
    bssid = facts.mac[::-1].hex(":")
    rssi = facts.joined.rssi if facts.joined else 0
    return Said(text=f'{{"ssid":"{facts.firmware.hotspot(facts.mac).text}","bssid":"{bssid}","rssi":{rssi}}}\n')


def _connect(arguments: Sequence[bytes], facts: Facts) -> Said:
    if len(arguments) < 2:
        return Said(text='{"status":"error","msg":"invalid arguments. expected: <auth> <ssid> <pass>"}\n')
    token, ssid, password = arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else b""
    if len(token) != TOKEN_BYTES:
        return Said(text='{"status":"error","msg":"invalid token size"}\n')
    # Always the server that the firmware was compiled for; the command cannot name another.
    config = blob.with_texts(blob.default(facts.firmware), ssid=ssid, password=password, token=token)
    return Said(text='{"status":"OK","msg":"trying to connect..."}\n', order=Order.CONNECT, config=config)


def _wifi(arguments: Sequence[bytes], facts: Facts) -> Said:
    joined = facts.joined
    if not arguments or arguments[0] == b"show":
        address, name, bssid, rssi = ("192.168.1.77", joined.ssid, joined.bssid, joined.rssi) if joined else _NOWHERE
        mac = facts.firmware.station_mac(facts.mac)
        return Said(text=f"mac:{mac} ip:{address} ({name} [{bssid}] {rssi}dBm)\n")
    if arguments[0] != b"scan":
        return Said()
    lines = [
        f"{'*' if network == joined else ' '} {network.shown_name} [{network.bssid.lower()}] "
        f"{networks.security_word(network.security, facts.firmware)} ch:{network.channel} rssi:{network.rssi}\n"
        for network in facts.networks
    ]
    return Said(text="".join(lines))


def _firmware(arguments: Sequence[bytes], facts: Facts) -> Said:
    if arguments and arguments[0] == b"rollback":
        # There is one firmware only.
        return Said(text='{"status":"error"}\n')
    if arguments and arguments[0] != b"info":
        return Said()
    return Said(
        text=f" Version:   {FIRMWARE_VERSION} (build {FIRMWARE_BUILD})\n Type:      {facts.firmware.template_id}\n"
        f" Platform:  {DEVICE_NAMES[facts.firmware.kind]}\n SDK:       v4.4.7\n"
    )


def _status(_arguments: Sequence[bytes], facts: Facts) -> Said:
    minutes, seconds = divmod(int(facts.uptime_seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return Said(
        text=f" Uptime:          {days}d {hours}h {minutes}m {seconds}s\n"
        f" Chip:            {DEVICE_NAMES[facts.firmware.kind]} rev 1\n Flash:           4096K\n"
    )


type Command = Callable[[Sequence[bytes], Facts], Said]
_NOWHERE: Final = ("0.0.0.0", "", "", 0)  # noqa: S104 - what a board prints that is in no network
_OLDEST: Final[dict[str, Command]] = {
    "reboot": _reboot,
    "config": _config_oldest,
    "devinfo": _devinfo,
    "netinfo": _netinfo,
}
_SMALL: Final[dict[str, Command]] = {"reboot": _reboot, "config": _config, "devinfo": _devinfo, "connect": _connect}
_LARGE: Final[dict[str, Command]] = {"wifi": _wifi, "firmware": _firmware, "status": _status}
