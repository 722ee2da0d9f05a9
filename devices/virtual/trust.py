"""Which servers a virtual board trusts, and how its library words it when it does not."""

import ssl
from pathlib import Path
from typing import Final

from devices.virtual.firmware import Firmware, Kind
from devices.virtual.records import RecordTooLargeError
from templates_app.server_check.roots import pinned_roots

_BEARSSL: Final = {9: 54, 10: 54, 62: 56, 64: 56}
"""OpenSSL's reasons as BearSSL numbers them: not valid yet, expired, and two kinds of another name."""
_NOT_TRUSTED: Final = 62
_TOO_LARGE: Final = 6
_REFUSED: Final = 296


def pinned(firmware: Firmware) -> ssl.SSLContext:
    """Trust in the roots that this firmware's library carries."""
    context = nobody()
    for root in pinned_roots():
        if firmware.version_for_roots in root.versions:
            context.load_verify_locations(cadata=root.der)
    return context


def of_file(path: Path) -> ssl.SSLContext:
    """Trust in the authorities of a PEM file alone. Raises OSError where it cannot be read or holds none."""
    context = nobody()
    context.load_verify_locations(cafile=path)
    return context


def nobody() -> ssl.SSLContext:
    """Trust in no authority at all."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def failure_line(firmware: Firmware, error: Exception, *, is_tls: bool) -> str:
    """What the board prints where the connection does not come about."""
    if not is_tls:
        return "Connection failed"
    if firmware.kind is not Kind.ESP8266:
        return "Secure connection failed"
    if isinstance(error, RecordTooLargeError):
        return f"SSL error: {_TOO_LARGE}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"SSL error: {_BEARSSL.get(error.verify_code, _NOT_TRUSTED)}"
    return f"SSL error: {_REFUSED}" if isinstance(error, ssl.SSLError) else "Connection failed"
