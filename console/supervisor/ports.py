"""Whether the ports of a run are free."""

import errno
import socket
from collections.abc import Sequence
from contextlib import ExitStack

from console.supervisor.options import Listener
from console.supervisor.refusal import RefusedError


def check_free(listeners: Sequence[Listener]) -> None:
    """Bind every port once and let go of all of them; raises RefusedError for the first that cannot be had.

    They are held together, so two settings that name one port are found too.
    """
    with ExitStack() as held:
        for listener in listeners:
            held.enter_context(_bound(listener))


def _bound(listener: Listener) -> socket.socket:
    where = f"Port {listener.port} on {listener.host}"
    host_setting = "WEB_HOST" if listener.setting == "WEB_PORT" else "GATEWAY_HOST"
    try:
        socket.getaddrinfo(listener.host, listener.port)
        # create_server sets SO_REUSEADDR as the real servers do: connections that are only waiting out do not count.
        family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
        return socket.create_server((listener.host, listener.port), family=family)
    except (socket.gaierror, UnicodeError) as error:
        raise RefusedError(f"{host_setting} is {listener.host!r}, which is not an address: set it to one.") from error
    except OSError as error:
        match error.errno:
            case errno.EADDRINUSE:
                remedy = f"is taken: stop the program that uses it, or set {listener.setting} to another port"
            case errno.EACCES:
                remedy = f"needs rights this user does not have: set {listener.setting} to a port above 1023"
            case errno.EADDRNOTAVAIL:
                remedy = f"is on no address of this machine: set {host_setting} to one of its own"
            case _:
                remedy = f"cannot be used ({error.strerror}): set {listener.setting} to another port"
        raise RefusedError(f"{where} {remedy}.") from error
