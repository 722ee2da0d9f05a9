"""The gateway's address as a board sees it, and what may keep a board from reaching it.

Pure: the address is given. The TLS facts were read in the Edgent sketches of Blynk library 1.0.0 to 1.4.0, which
include the `_SSL` clients only and carry the public roots they trust.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from console.kit.findings import Finding, Severity
from templates_app.boards import Board
from templates_app.firmware import LibraryVersion

HOST_LIMIT = 33
"""Bytes of a server name that a board stores (Blynk library 1.4.0 source, ConfigStore.h); longer ones are cut."""

FIXED_PORTS = (443, 9443)
"""The only ports that BlynkEdgent 0.9.0 tries, in this order (its source, BlynkNetMgrClients.h)."""


@dataclass(frozen=True, slots=True)
class GatewayAddress:
    """What firmware lines carry: where boards connect to, and whether that port speaks TLS."""

    host: str
    port: int
    is_tls: bool


def gateway_findings(address: GatewayAddress, board: Board) -> tuple[Finding, ...]:
    """Everything that keeps a board of this kind from reaching the gateway. Empty when nothing does."""
    if _is_this_machine_only(address.host):
        return (_unreachable(address.host),)
    return (*_tls(address, board), *_too_long(address.host))


def version_findings(address: GatewayAddress, version: LibraryVersion) -> tuple[Finding, ...]:
    """What to know of one library version besides, for an Edgent sketch that shall reach the gateway."""
    match version:
        case LibraryVersion.V1_0:
            return (_settings_only(),)
        case LibraryVersion.EDGENT_0_9 if address.is_tls and address.port not in FIXED_PORTS:
            return (_other_port(address),)
        case _:
            return ()


def _settings_only() -> Finding:
    return Finding(
        code="library-1.0-server-in-settings",
        severity=Severity.INFO,
        title="Library 1.0 ignores server lines in the sketch.",
        evidence="Its Settings.h defines CONFIG_DEFAULT_SERVER and CONFIG_DEFAULT_PORT again, after the sketch.",
        next_step="Replace the two lines in Settings.h, or set boards up with the link of a provisioning session, "
        "which names this gateway each time.",
    )


def _other_port(address: GatewayAddress) -> Finding:
    first, second = FIXED_PORTS
    return Finding(
        code="gateway-port-not-tried",
        severity=Severity.WARNING,
        title=f"BlynkEdgent 0.9 connects to the ports {first} and {second} only.",
        evidence=f"Boards reach this gateway on port {address.port}.",
        next_step=f"Publish the gateway's TLS port as {first} or {second} and set GATEWAY_PUBLIC_TLS_PORT to it.",
    )


def is_ip_address(host: str) -> bool:
    """Whether the host is an address and no name."""
    return _as_ip(host) is not None


def _as_ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_this_machine_only(host: str) -> bool:
    address = _as_ip(host)
    if address is None:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _unreachable(host: str) -> Finding:
    return Finding(
        code="gateway-loopback",
        severity=Severity.WARNING,
        title=f"Boards on your WiFi cannot reach {host}.",
        evidence=f"CONFIG_DEFAULT_SERVER is {host}, an address that every machine uses for itself.",
        next_step="Start Landfall with GATEWAY_HOST=0.0.0.0, then copy the lines again. "
        "Programs on this machine can connect as it is.",
    )


def _tls(address: GatewayAddress, board: Board) -> Iterator[Finding]:
    if not (board.sketch and board.includes):
        return
    if not address.is_tls:
        yield Finding(
            code="gateway-without-tls",
            severity=Severity.WARNING,
            title="An unmodified Edgent sketch connects with TLS only, and this gateway has no certificate.",
            evidence=f"{board.sketch} includes the library's TLS client; port {address.port} speaks plain TCP.",
            next_step="Give the gateway a certificate with GATEWAY_TLS_CERT and GATEWAY_TLS_KEY. "
            "Sketches and programs with a fixed token work without one.",
        )
    elif is_ip_address(address.host):
        yield Finding(
            code="gateway-tls-by-address",
            severity=Severity.WARNING,
            title="Boards refuse the certificate of a server that is named by its IP address.",
            evidence=f"CONFIG_DEFAULT_SERVER is {address.host}.",
            next_step="Set GATEWAY_PUBLIC_HOST to the DNS name in the certificate.",
        )


def _too_long(host: str) -> Iterator[Finding]:
    size = len(host.encode())
    if size > HOST_LIMIT:
        yield Finding(
            code="gateway-name-too-long",
            severity=Severity.WARNING,
            title=f"Boards keep only {HOST_LIMIT} bytes of a server's name.",
            evidence=f"{host} has {size}.",
            next_step="Set GATEWAY_PUBLIC_HOST to a shorter DNS name of the same gateway.",
        )
