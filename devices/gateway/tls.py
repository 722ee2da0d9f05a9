"""The TLS port: accepting, and why a handshake failed.

asyncio's own server drops a connection whose handshake fails without a word to anybody. So the sockets are accepted
here, and each handshake is awaited by a task of its own, which sees its error. Once it is done nothing is in the way.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from devices.actions.values import Failure
from devices.gateway import metrics
from devices.gateway.admission import plain_address
from devices.gateway.options import Options
from devices.status import FailedBecause

RETRY_SECONDS: Final = 1.0
ACCEPTED_AT_ONCE: Final = 100
_OUT_OF_ROOM: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

REASONS: Final[dict[str, FailedBecause]] = {
    "TLSV1_ALERT_UNKNOWN_CA": FailedBecause.NOT_TRUSTED,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": FailedBecause.NOT_TRUSTED,
    "SSLV3_ALERT_BAD_CERTIFICATE": FailedBecause.WRONG_NAME,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": FailedBecause.OUT_OF_DATE,
    "NO_SHARED_CIPHER": FailedBecause.NO_SHARED_CIPHER,
    "NO_SUITABLE_SIGNATURE_ALGORITHM": FailedBecause.NO_SHARED_CIPHER,
    "NO_SUITABLE_KEY_SHARE": FailedBecause.NO_SHARED_CIPHER,
    "UNSUPPORTED_PROTOCOL": FailedBecause.NO_SHARED_CIPHER,
    "VERSION_TOO_LOW": FailedBecause.NO_SHARED_CIPHER,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": FailedBecause.NO_SHARED_CIPHER,
    "TLSV1_ALERT_PROTOCOL_VERSION": FailedBecause.NO_SHARED_CIPHER,
    "HTTP_REQUEST": FailedBecause.PLAIN_ON_TLS,
    "HTTPS_PROXY_REQUEST": FailedBecause.PLAIN_ON_TLS,
    "WRONG_VERSION_NUMBER": FailedBecause.PLAIN_ON_TLS,
    "PACKET_LENGTH_TOO_LONG": FailedBecause.PLAIN_ON_TLS,
    "UNKNOWN_PROTOCOL": FailedBecause.PLAIN_ON_TLS,
}
"""OpenSSL's words for what ended a handshake. The alerts are the peer's (RFC 8446, section 6.2): mbed TLS on an ESP32
sends unknown_ca for a chain it has no root of, bad_certificate for another name, certificate_expired for its dates."""


def failure_of(error: BaseException, address: str) -> Failure:
    """What a failed handshake is kept as."""
    if isinstance(error, ConnectionAbortedError):
        return Failure(address, FailedBecause.HANDSHAKE_SLOW)
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return Failure(address, FailedBecause.HANDSHAKE_CUT)
    words = (getattr(error, "reason", None) or "") if isinstance(error, ssl.SSLError) else ""
    return Failure(address, REASONS.get(words, FailedBecause.HANDSHAKE_BROKEN), str(words))


class TlsListener:
    """Listens on one port and hands on connections whose handshake is done; those that fail go to `on_failure`."""

    def __init__(
        self,
        *,
        context: ssl.SSLContext,
        options: Options,
        connection: Callable[[], asyncio.Protocol],
        on_failure: Callable[[Failure], None],
    ) -> None:
        self._context = context
        self._options = options
        self._connection = connection
        self._on_failure = on_failure
        self._loop = asyncio.get_running_loop()
        self._sockets: list[socket.socket] = []
        self._handshakes: set[asyncio.Task[None]] = set()
        self._retries: set[asyncio.TimerHandle] = set()

    @property
    def port(self) -> int:
        return int(self._sockets[0].getsockname()[1])

    async def listen(self) -> None:
        """Raises OSError where the port is taken."""
        options = self._options
        found = await self._loop.getaddrinfo(
            options.host or None, options.tls_port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        try:
            for family, address in dict.fromkeys((entry[0], entry[4]) for entry in found):
                self._sockets.append(_listening(family, address, options.backlog))
        except OSError:
            self.close()
            raise
        for sock in self._sockets:
            self._loop.add_reader(sock, self._accept, sock)

    def close(self) -> None:
        """Accept nothing more, and give up the handshakes under way."""
        for retry in self._retries:
            retry.cancel()
        for sock in self._sockets:
            self._loop.remove_reader(sock)
            sock.close()
        for task in self._handshakes:
            task.cancel()

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                sock, peer = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _OUT_OF_ROOM:
                    raise
                self._pause(listening)
                return
            self._greet(sock, plain_address(peer))

    def _pause(self, listening: socket.socket) -> None:
        """No descriptor is left for now: look again in a second."""
        self._loop.remove_reader(listening)
        self._retries = {retry for retry in self._retries if not retry.cancelled() and retry.when() > self._loop.time()}
        self._retries.add(
            self._loop.call_later(RETRY_SECONDS, lambda: self._loop.add_reader(listening, self._accept, listening))
        )

    def _greet(self, sock: socket.socket, address: str) -> None:
        if len(self._handshakes) >= self._options.max_connections:
            metrics.TURNED_AWAY.labels("handshakes").inc()
            sock.close()
            return
        sock.setblocking(False)
        task = self._loop.create_task(self._shake_hands(sock, address))
        self._handshakes.add(task)
        task.add_done_callback(partial(self._let_go, sock))

    def _let_go(self, sock: socket.socket, task: asyncio.Task[None]) -> None:
        """A task that was cancelled before it began has given the socket to nobody who would close it."""
        self._handshakes.discard(task)
        if task.cancelled():
            sock.close()

    async def _shake_hands(self, sock: socket.socket, address: str) -> None:
        try:
            await self._loop.connect_accepted_socket(
                self._connection,
                sock,
                ssl=self._context,
                ssl_handshake_timeout=self._options.login_deadline_seconds,
            )
        except OSError as error:
            self._on_failure(failure_of(error, address))


def _listening(family: int, address: object, backlog: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            with suppress(OSError):
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)  # type: ignore[arg-type] # as getaddrinfo gave it
        sock.listen(backlog)
    except OSError:
        sock.close()
        raise
    return sock
