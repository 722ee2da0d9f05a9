"""Which names and addresses other machines can reach this one by."""

import socket
from ipaddress import ip_address


def _outward_address() -> str | None:
    """The address this machine would send from; no packet leaves, since UDP connect only looks up the route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def reachable_names(bind_host: str) -> list[str]:
    """Names to reach a server bound to `bind_host`, best first.

    A wildcard address (0.0.0.0, ::) yields this machine's outward address and its host name; anything else is
    itself. Never empty.
    """
    try:
        is_wildcard = ip_address(bind_host).is_unspecified
    except ValueError:
        is_wildcard = False
    if not is_wildcard:
        return [bind_host]
    outward = _outward_address()
    return [outward, socket.gethostname()] if outward else [socket.gethostname()]
