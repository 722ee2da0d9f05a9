"""Which address a request comes from."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

ALLOCATION_BITS = 64
"""What one customer of an IPv6 provider is given at least: all addresses in it are one visitor's."""


def client_address(request: HttpRequest) -> str:
    """The visitor's IP address, as short as it can be written; empty where there is none, as on a unix socket.

    Behind a proxy of ours (BEHIND_PROXY) it is the last one in `X-Forwarded-For`, which that proxy wrote; what stands
    before it is what the visitor claims, and without a proxy the whole header is.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or told
    return _short(told)


def _short(told: str) -> str:
    try:
        address = ip_address(told.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


def site_of(address: str) -> str:
    """What limits count `address` as: itself, or the /64 that an IPv6 address is in."""
    if ":" not in address:
        return address
    return str(IPv6Address(int(IPv6Address(address)) >> ALLOCATION_BITS << ALLOCATION_BITS))
