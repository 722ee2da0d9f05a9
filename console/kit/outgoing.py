"""POST to an address that a person gave: never to a private one, never for long, and never following a redirect."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from console.kit.problems import Invalid

URL_LENGTH = 500
ANSWER_BYTES = 1024
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one POST: the HTTP status, or why there is none. `took_ms` is the whole time."""

    status: int | None
    error: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Unreachable(Exception):
    """The address cannot be asked, in a sentence."""


def checked_url(url: str, *, allows_private: bool) -> str:
    """`url` without blanks around it. Raises Invalid with what to change.

    A name is not looked up here: what it stands for can change, so `post` looks each time.
    """
    cleaned = url.strip()
    parts = _split(cleaned)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise Invalid("Give a whole address that starts with https:// or http://.", field="url")
    if len(cleaned) > URL_LENGTH:
        raise Invalid(f"The address is longer than {URL_LENGTH} characters.", field="url")
    if parts.username is not None or parts.password is not None:
        raise Invalid("Leave name and password out of the address: it is shown to the team.", field="url")
    if not (cleaned.isascii() and cleaned.isprintable()) or " " in cleaned:
        raise Invalid("The address has characters that no address has. Encode them, as a browser does.", field="url")
    if not allows_private and _is_private_literal(parts.hostname):
        raise Invalid(
            "This address is of a private network. WEBHOOK_ALLOW_PRIVATE=1 allows such addresses.", field="url"
        )
    return cleaned


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_private_literal(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return is_private(host)
    except ValueError:
        return False


def is_private(address: str) -> bool:
    """Whether an IP address is anything but a public one of a single machine. Raises ValueError for no IP address."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    if mapped is not None:
        return is_private(str(mapped))
    return not parsed.is_global or parsed.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str], *, allows_private: bool, seconds: float) -> Answer:
    """One POST of JSON, in `seconds` from the first packet to the last; any fault is an answer with `error`."""
    began = time.monotonic()
    try:
        status = _post(urlsplit(url), body, headers, allows_private=allows_private, seconds=seconds)
    except Unreachable as reason:
        return Answer(None, str(reason), _ms_since(began))
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Answer(None, _in_words(error, is_late=time.monotonic() - began >= seconds), _ms_since(began))
    return Answer(status, "" if 200 <= status < 300 else _status_in_words(status), _ms_since(began))


def _post(parts: SplitResult, body: bytes, headers: Mapping[str, str], *, allows_private: bool, seconds: float) -> int:
    host = parts.hostname or ""
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    address = _resolve(host, port, allows_private=allows_private)
    # The name was looked up once, and the connection goes to what was found: a second look could find another.
    with closing(socket.create_connection((address, port), timeout=seconds)) as plain:
        deadline = threading.Timer(seconds, lambda: plain.shutdown(socket.SHUT_RDWR))
        deadline.start()
        try:
            sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if _is_tls(parts) else plain
            connection = http.client.HTTPConnection(host, port)
            connection.sock = sock
            path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            with closing(connection.getresponse()) as response:
                response.read(ANSWER_BYTES)
                return response.status
        finally:
            deadline.cancel()


def _is_tls(parts: SplitResult) -> bool:
    return parts.scheme == "https"


def _resolve(host: str, port: int, *, allows_private: bool) -> str:
    """One address of `host`. Raises Unreachable where there is none, or where any of them is private."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable("There is no such host name.") from error
    if not found:
        raise Unreachable("There is no such host name.")
    if not allows_private and any(map(is_private, found)):
        raise Unreachable("The name stands for an address of a private network.")
    return found[0]


def _in_words(error: Exception, *, is_late: bool) -> str:
    match error:
        case _ if is_late or isinstance(error, TimeoutError):
            return "No answer in time."
        case ssl.SSLCertVerificationError():
            return f"The certificate cannot be trusted: {error.verify_message}."[:200]
        case ssl.SSLError():
            return "The server and Landfall found no way to speak TLS."
        case ConnectionRefusedError():
            return "Nothing listens there."
        case http.client.HTTPException() | ValueError():
            return "The server's answer is not HTTP."
        case _:
            return "The connection broke."


def _status_in_words(status: int) -> str:
    if 300 <= status < 400:
        return f"The server answered {status}, a redirect, which is not followed."
    return f"The server answered {status}."


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
