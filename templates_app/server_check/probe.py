"""Connects to one address, which is the configured gateway's, and notes what it sees. Thin IO with a deadline.

Up to five connections are made one after the other: one that only connects, up to three TLS handshakes (what is sent,
whether the chain ends in a pinned root, whose certificate it is), and the beginning of an ESP8266's handshake.
"""

import os
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any, Never, Self

from templates_app.gateway import GatewayAddress, is_ip_address
from templates_app.server_check import certificates
from templates_app.server_check.handshake import Answer, AnswerReader, Mfln, client_hello
from templates_app.server_check.observation import Observation, Step, Tls
from templates_app.server_check.roots import PinnedRoot, pinned_roots

STEP_SECONDS = 5.0
"""How long one connection or handshake may take."""

TOTAL_SECONDS = 12.0
"""How long the whole check may take; what does not fit is not made."""

ADDRESSES_TRIED = 3
_CHUNK = 4096
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for: the dates are a finding of their own."""


class StepError(Exception):
    """A step went wrong; the message says how, in a few plain words."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(reason)
        self.step = step
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one handshake showed: the protocol, the chain in DER, the server's certificate as far as it was verified."""

    version: str
    chain: list[bytes]
    leaf: Mapping[str, Any]

    @classmethod
    def of(cls, secured: ssl.SSLSocket) -> Self:
        is_verified = secured.context.verify_mode is not ssl.CERT_NONE
        chain = secured.get_verified_chain() if is_verified else secured.get_unverified_chain()
        return cls(secured.version() or "", list(chain), secured.getpeercert() or {})


class Probe:
    """One check of one address. `roots` are the certificates that count as trusted by boards."""

    def __init__(
        self,
        address: GatewayAddress,
        roots: Iterable[PinnedRoot] | None = None,
        step_seconds: float = STEP_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self.address = address
        self.host = address.host.strip("[]")
        self.roots = tuple(pinned_roots() if roots is None else roots)
        self.step_seconds = step_seconds
        self.ends_at = monotonic() + total_seconds
        self.at = datetime.now(UTC)

    def run(self) -> Observation:
        """Every step in its order, up to the first that fails. Raises nothing."""
        resolved: tuple[str, ...] = ()
        peer = ""
        try:
            resolved = self._resolve()
            peer = self._reach(resolved)
            tls = self._tls(peer) if self.address.is_tls else None
        except StepError as error:
            return Observation(self.address, self.at, resolved, peer, failed=error.step, reason=error.reason)
        return Observation(self.address, self.at, resolved, peer, tls)

    def _seconds(self, step: Step) -> float:
        """What is left for one step. Raises StepError when nothing is."""
        left = min(self.step_seconds, self.ends_at - monotonic())
        if left <= 0:
            raise StepError(step, "The check ran out of time.")
        return left

    def _resolve(self) -> tuple[str, ...]:
        try:
            found = _within(self._seconds(Step.RESOLVE), lambda: _addresses(self.host, self.address.port))
        except (OSError, UnicodeError) as error:
            raise StepError(Step.RESOLVE, _plain(error)) from error
        if found is None:
            raise StepError(Step.RESOLVE, "The name server did not answer in time.")
        return found

    def _reach(self, resolved: tuple[str, ...]) -> str:
        problem = StepError(Step.CONNECT, "There is no address to connect to.")
        for peer in resolved[:ADDRESSES_TRIED]:
            try:
                self._connect(peer, Step.CONNECT).close()
            except StepError as error:
                problem = error
            else:
                return peer
        raise problem

    def _connect(self, peer: str, step: Step) -> socket.socket:
        try:
            return socket.create_connection((peer, self.address.port), timeout=self._seconds(step))
        except OSError as error:
            raise StepError(step, _plain(error)) from error

    def _tls(self, peer: str) -> Tls:
        sent = self._handshake(peer, _context())
        anchor = refusal = ""
        try:
            verified = self._handshake(peer, _context(root.der for root in self.roots))
            anchor = next((root.name for root in self.roots if root.der == verified.chain[-1]), "")
        except ssl.SSLCertVerificationError as error:
            verified, refusal = None, error.verify_message
        leaf = verified.leaf if verified else self._leaf(peer, sent.chain)
        return Tls(
            version=sent.version,
            chain=certificates.described(sent.chain, leaf),
            leaf=certificates.leaf_of(leaf),
            anchor=anchor,
            refusal=refusal,
            answer=self._esp8266(peer),
        )

    def _leaf(self, peer: str, chain: list[bytes]) -> Mapping[str, Any]:
        """What the certificate says, whoever signed it: Python decodes only one that it trusts, so trust just this."""
        try:
            return self._handshake(peer, _context(chain[:1])).leaf
        except ssl.SSLCertVerificationError:
            return certificates.authority(chain[0]) if chain else {}

    def _handshake(self, peer: str, context: ssl.SSLContext) -> Handshake:
        """A handshake and nothing more. Raises StepError; SSLCertVerificationError where the context verifies."""
        with self._connect(peer, Step.TLS) as connection:
            try:
                with context.wrap_socket(connection, server_hostname=self.host) as secured:
                    return Handshake.of(secured)
            except ssl.SSLCertVerificationError:
                raise
            except (OSError, ValueError) as error:
                raise StepError(Step.TLS, _plain(error)) from error

    def _esp8266(self, peer: str) -> Answer:
        """The first flight that the server answers an ESP8266 with."""
        reader = AnswerReader()
        name = "" if is_ip_address(self.host) else self.host
        try:
            with self._connect(peer, Step.TLS) as connection:
                ends_at = monotonic() + self._seconds(Step.TLS)
                connection.sendall(client_hello(name, os.urandom(32)))
                while reader.answer is None:
                    connection.settimeout(max(ends_at - monotonic(), 0.001))
                    data = connection.recv(_CHUNK)
                    reader.receive(data) if data else reader.close()
        except (OSError, StepError):
            reader.close()
        return reader.answer or Answer(Mfln.UNKNOWN)


def _context(anchors: Iterable[bytes] | None = None) -> ssl.SSLContext:
    """A client that trusts only the given certificates and looks at nothing else; without any it trusts all."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    if anchors is None:
        context.verify_mode = ssl.CERT_NONE
        return context
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    for der in anchors:
        context.load_verify_locations(cadata=der)
    return context


def _addresses(host: str, port: int) -> tuple[str, ...]:
    """The host's addresses, each once. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _within[T](seconds: float, call: Callable[[], T]) -> T | None:
    """What the call gives, or None when it takes longer: name look-ups have no time-out of their own.

    Raises what the call raises.
    """
    given: Queue[Callable[[], T]] = Queue(1)

    def run() -> None:
        try:
            value = call()
        except (OSError, UnicodeError) as error:
            given.put(partial(_raise, error))
        else:
            given.put(lambda: value)

    Thread(target=run, name="gateway-check-resolve", daemon=True).start()
    try:
        return given.get(timeout=seconds)()
    except Empty:
        return None


def _raise(error: Exception) -> Never:
    raise error


def _plain(error: Exception) -> str:
    """What went wrong, in words."""
    match error:
        case TimeoutError():
            return "There was no answer in time."
        case ConnectionRefusedError():
            return "The connection was refused: nothing listens there."
        case ConnectionResetError() | BrokenPipeError() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return "The server closed the connection."
        case socket.gaierror():
            return "The name is not known."
        case ssl.SSLError():
            return f"The TLS handshake failed: {error.reason or error}.".replace("_", " ").lower().capitalize()
        case OSError(strerror=str(words)):
            return f"{words}."
        case _:
            return "The name cannot be used in a connection."
