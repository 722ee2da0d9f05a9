"""Certificates in DER as values for people, by what Python's ssl can tell of them."""

import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from templates_app.server_check.observation import Certificate, Leaf

UNREADABLE = "unreadable"


def described(chain: Iterable[bytes], leaf: Mapping[str, Any]) -> tuple[Certificate, ...]:
    """Subject, issuer and end of each certificate that was sent; the first one's are those of `leaf`."""
    _, *others = [*chain] or [b""]
    return (_certificate(leaf), *(_certificate(authority(der)) for der in others))


def leaf_of(peer: Mapping[str, Any]) -> Leaf | None:
    """The server's own certificate, from what `getpeercert` said; None when it said nothing."""
    if not peer:
        return None
    return Leaf(
        names=tuple(value for kind, value in peer.get("subjectAltName", ()) if kind == "DNS"),
        starts_at=_moment(peer["notBefore"]),
        expires_at=_moment(peer["notAfter"]),
    )


def covers(pattern: str, host: str) -> bool:
    """Whether a DNS name of a certificate is good for the host: equal, or `*.` in place of its first label."""
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:] != ""
    return pattern == host


def authority(der: bytes) -> Mapping[str, Any]:
    """What `getpeercert` would say of an authority's certificate; nothing for any other.

    A context lists the authorities that it was given, decoded, and leaves out what is none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=der)
    except ssl.SSLError:
        return {}
    return next(iter(context.get_ca_certs()), {})


def _certificate(decoded: Mapping[str, Any]) -> Certificate:
    if not decoded:
        return Certificate(UNREADABLE, UNREADABLE, None)
    return Certificate(_name(decoded["subject"]), _name(decoded["issuer"]), _moment(decoded["notAfter"]))


def _name(parts: Iterable[Iterable[tuple[str, str]]]) -> str:
    """The common name, and the organisation beside it where there is one."""
    fields = {key: value for part in parts for key, value in part}
    shown = [fields[key] for key in ("commonName", "organizationName") if key in fields]
    return ", ".join(shown) or "without a name"


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
