"""What one address may ask of the gateway: open connections, and refused logins a minute."""

from collections import Counter
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from devices.gateway.options import Options

WINDOW_SECONDS: Final = 60.0
KEYS_KEPT: Final = 50_000
TRUSTED_KEPT: Final = 50_000
_IPV6_SITE: Final = 64


def plain_address(peer: object) -> str:
    """The peer's address as text, at most 45 characters: no scope, and IPv4 where it is mapped into IPv6."""
    text = str(peer[0]).partition("%")[0] if isinstance(peer, tuple) and peer else ""
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def site_of(address: str) -> str:
    """What limits count by: the address, or for IPv6 its /64, within which one peer has addresses without end."""
    if ":" not in address:
        return address
    return str(ip_network((address, _IPV6_SITE), strict=False).network_address)


class Admission:
    """Counts per address; bounded in memory whatever the peers do. `now` is a clock in seconds that never goes back.

    Above the limits a login is turned away without asking the store. A token that was let in before is still asked
    about from an address above its limit, so that one bad device does not lock out others behind the same router.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._open: Counter[str] = Counter()
        self._open_count = 0
        self._refused_by_address: Counter[str] = Counter()
        self._refused_by_hint: Counter[tuple[str, str]] = Counter()
        self._window_ends_at = 0.0
        self._trusted: dict[int, None] = {}

    def enter(self, site: str) -> str | None:
        """Count one more connection; or the name of the limit that forbids it, and nothing counted."""
        if self._open_count >= self._options.max_connections:
            return "connections"
        if self._open[site] >= self._options.connections_per_address:
            return "connections_per_address"
        self._open[site] += 1
        self._open_count += 1
        return None

    def leave(self, site: str) -> None:
        """A connection that `enter` counted has gone."""
        self._open_count -= 1
        self._open[site] -= 1
        if not self._open[site]:
            del self._open[site]

    def may_try(self, *, site: str, hint: str, digest: bytes, now: float) -> bool:
        """Whether the store may be asked about a login."""
        self._renew(now)
        if self._refused_by_hint.get((site, hint), 0) >= self._options.refusals_per_hint:
            return False
        is_within = self._refused_by_address.get(site, 0) < self._options.refusals_per_address
        return is_within or _key(digest) in self._trusted

    def count_refusal(self, *, site: str, hint: str, now: float) -> None:
        """A login of `site` was certainly refused."""
        self._renew(now)
        for counter, key in ((self._refused_by_address, site), (self._refused_by_hint, (site, hint))):
            if len(counter) >= KEYS_KEPT:
                counter.clear()
            counter[key] += 1  # type: ignore[index] # each key belongs to its counter

    def trust(self, digest: bytes) -> None:
        """A login with this token was let in."""
        self._trusted.pop(_key(digest), None)
        self._trusted[_key(digest)] = None
        if len(self._trusted) > TRUSTED_KEPT:
            del self._trusted[next(iter(self._trusted))]

    def _renew(self, now: float) -> None:
        if now >= self._window_ends_at:
            self._window_ends_at = now + WINDOW_SECONDS
            self._refused_by_address.clear()
            self._refused_by_hint.clear()


def _key(digest: bytes) -> int:
    """Eight bytes of a digest tell tokens apart, at a third of its memory."""
    return int.from_bytes(digest[:8])
