"""What a person chooses of a virtual device on a session's page, and what does not go together. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from devices.virtual.endings import Fault
from devices.virtual.firmware import DEVICE_NAMES, Firmware, Kind, Library, UnknownFirmwareError
from devices.virtual.orders import Mode
from templates_app.boards import BoardKey

_KINDS: Final = {
    BoardKey.ESP32: Kind.ESP32,
    BoardKey.ESP8266: Kind.ESP8266,
    BoardKey.WIO_TERMINAL: Kind.WIO,
    BoardKey.MKR_WIFI_1010: Kind.MKR,
    BoardKey.NANO_33_IOT: Kind.MKR,
    BoardKey.MKR1000: Kind.MKR,
}


class NotOfferedError(ValueError):
    """No such virtual device is offered; its text is a sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A device that can be ordered."""

    mode: Mode
    kind: Kind
    library: Library
    fault: Fault | None


def own_kind(board: str) -> Kind | None:
    """The kind of virtual board that plays `board`; None where no Edgent sketch of it is played."""
    return next((kind for key, kind in _KINDS.items() if key == board), None)


def usual_kind(board: str) -> Kind:
    """The kind of board that a template for `board` is played by: its own, else an ESP32."""
    return own_kind(board) or Kind.ESP32


def newest_library(kind: Kind) -> Library:
    """The newest library that has a sketch for such a board."""
    return Library.V1_2 if kind is Kind.MKR else Library.V1_4


def chosen(asked: Mapping[str, str], *, board: str, has_tls: bool) -> Choice:
    """What the fields `mode`, `board`, `library` and `fault` ask for; what is left out is as the template's `board`
    usually is. Raises NotOfferedError.
    """
    mode = _one(Mode, asked.get("mode"), "way to start") or Mode.CONNECTED
    kind = _one(Kind, asked.get("board"), "virtual board") or usual_kind(board)
    library = _one(Library, asked.get("library"), "library version that a virtual board runs") or newest_library(kind)
    try:
        Firmware(template_id="", template_name="", kind=kind, library=library)
    except UnknownFirmwareError as error:
        raise NotOfferedError(str(error)) from error
    fault = _one(Fault, asked.get("fault"), "fault")
    if fault is not None:
        _check(fault, mode=mode, kind=kind, has_tls=has_tls)
    return Choice(mode=mode, kind=kind, library=library, fault=fault)


def _one[E: StrEnum](words: type[E], word: str | None, what: str) -> E | None:
    if not word:
        return None
    try:
        return words(word)
    except ValueError as error:
        raise NotOfferedError(f"There is no {what} of that name. Choose one of: {', '.join(words)}.") from error


def _check(fault: Fault, *, mode: Mode, kind: Kind, has_tls: bool) -> None:
    if mode is not Mode.SETUP and fault.needs_setup:
        raise NotOfferedError("That fault shows on a device in setup mode only. Choose setup mode, or another fault.")
    if fault.only_on not in {None, kind}:
        only = DEVICE_NAMES[fault.only_on or kind]
        raise NotOfferedError(f"That fault shows on an {only} only. Choose that board, or another fault.")
    if fault.needs_tls and not has_tls:
        raise NotOfferedError(
            "That fault shows over TLS only, and this gateway has no certificate. Set GATEWAY_TLS_CERT and "
            "GATEWAY_TLS_KEY, or choose another fault."
        )
