"""Whether two addresses may be of one place: a board that nobody knows is a session's only where it is near."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_IPV4_NETWORK, _IPV6_SITE = 24, 64
_LOCAL = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"))
) + tuple(map(ip_network, ("fc00::/7", "fe80::/10", "::1/128")))


def is_near(address: str, places: Iterable[str]) -> bool:
    """Whether `address` is one of `places`, in the same private network, or in the /64 of one.

    A place that is this machine itself is near every private address: that is where a board at the same desk has one.
    """
    one = _parsed(address)
    return one is not None and any(_are_near(one, other) for place in places if (other := _parsed(place)))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _are_near(one: IPv4Address | IPv6Address, other: IPv4Address | IPv6Address) -> bool:
    if one == other:
        return True
    if other.is_loopback:
        return _is_local(one)
    if one.version != other.version:
        return False
    if isinstance(one, IPv6Address):
        return other in ip_network((one, _IPV6_SITE), strict=False)
    return _is_local(one) and other in ip_network((one, _IPV4_NETWORK), strict=False)


def _is_local(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of a home's or an office's own network (RFC 1918, RFC 4193)."""
    return any(address in network for network in _LOCAL)
