"""The check against real servers on this machine."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import pytest

from templates_app.gateway import GatewayAddress
from templates_app.server_check.handshake import Mfln
from templates_app.server_check.observation import Observation, Step, Tls
from templates_app.server_check.probe import Probe
from templates_app.server_check.roots import PinnedRoot
from tests.templates_app.server_check.servers import (
    Signed,
    make_authority,
    make_certificate,
    pinned,
    served,
    tls_server,
    with_chain,
)

HOST = "localhost"


class Made(NamedTuple):
    """The certificates of this module."""

    root: Signed
    stranger: Signed
    served: Signed
    expired: Signed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder: Path = tmp_path_factory.mktemp("certificates")
    root, stranger = make_authority(folder, "Root"), make_authority(folder, "Stranger")
    middle = make_certificate(folder, "Middle", root, dns="", is_authority=True)
    leaf = make_certificate(folder, "leaf", middle, dns=HOST)
    expired = make_certificate(folder, "expired", root, dns="other.example", days=-1)
    return Made(root, stranger, with_chain(folder, leaf, middle), expired)


@pytest.fixture
def started() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def look(port: int, *roots: PinnedRoot, host: str = HOST, is_tls: bool = True, seconds: float = 5) -> Observation:
    return Probe(GatewayAddress(host, port, is_tls=is_tls), roots, step_seconds=seconds).run()


def tls_of(seen: Observation) -> Tls:
    assert seen.failed is None, seen.reason
    assert seen.tls is not None
    return seen.tls


def test_chain_that_ends_in_a_pinned_root(made: Made, started: ExitStack) -> None:
    port = started.enter_context(tls_server(made.served))

    seen = look(port, pinned(made.stranger, "Other"), pinned(made.root))

    tls = tls_of(seen)
    assert (tls.anchor, tls.refusal) == ("Test Root", "")
    assert [(each.subject, each.issuer) for each in tls.chain] == [("leaf", "Middle"), ("Middle", "Root, Test")]
    assert tls.leaf is not None
    assert tls.leaf.names == (HOST,)
    assert tls.leaf.expires_at == tls.chain[0].expires_at
    assert tls.version == "TLSv1.3"
    assert seen.connected_to in seen.resolved


def test_openssl_honours_small_records(made: Made, started: ExitStack) -> None:
    port = started.enter_context(tls_server(made.served))

    answer = tls_of(look(port, pinned(made.root))).answer

    assert answer.mfln is Mfln.HONOURED
    assert 0 < answer.largest_record <= 2048


def test_chain_of_a_stranger_is_read_all_the_same(made: Made, started: ExitStack) -> None:
    port = started.enter_context(tls_server(made.served))

    tls = tls_of(look(port, pinned(made.stranger)))

    assert tls.anchor == ""
    assert "issuer certificate" in tls.refusal
    assert tls.leaf is not None
    assert tls.leaf.names == (HOST,)
    assert tls.chain[0].subject == "leaf"


def test_self_signed_certificate(made: Made, started: ExitStack) -> None:
    port = started.enter_context(tls_server(made.stranger))

    tls = tls_of(look(port, pinned(made.root)))

    assert "self-signed" in tls.refusal
    assert [each.subject for each in tls.chain] == ["Stranger, Test"]


def test_expired_certificate_is_still_anchored_and_read(made: Made, started: ExitStack) -> None:
    port = started.enter_context(tls_server(made.expired))

    seen = look(port, pinned(made.root))

    tls = tls_of(seen)
    assert tls.anchor == "Test Root"
    assert tls.leaf is not None
    assert tls.leaf.expires_at < seen.at


def test_server_without_tls_1_2_refuses_an_esp8266(made: Made, started: ExitStack) -> None:
    port = started.enter_context(tls_server(made.served, ssl.TLSVersion.TLSv1_3))

    answer = tls_of(look(port, pinned(made.root))).answer

    assert (answer.mfln, answer.alert) == (Mfln.REFUSED, 70)


def test_plain_port_is_only_connected_to(started: ExitStack) -> None:
    received: Queue[bytes] = Queue()
    port = started.enter_context(served(lambda connection: received.put(connection.recv(100))))

    seen = look(port, is_tls=False)

    assert (seen.failed, seen.tls) == (None, None)
    assert received.get(timeout=5) == b""


def test_port_that_nobody_listens_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    seen = look(port)

    assert (seen.failed, seen.reason) == (Step.CONNECT, "The connection was refused: nothing listens there.")
    assert seen.resolved


@pytest.mark.parametrize("host", ["no-such-name.invalid", "a" * 64 + ".example", "a..b", ""])
def test_name_that_leads_nowhere(host: str) -> None:
    seen = look(1, host=host)

    assert seen.failed in {Step.RESOLVE, Step.CONNECT}
    assert seen.reason.endswith(".")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "The TLS handshake failed"),
        (b"", "The server closed the connection."),
    ],
)
def test_port_that_speaks_something_else(answer: bytes, words: str, started: ExitStack) -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    seen = look(started.enter_context(served(handle)))

    assert seen.failed is Step.TLS
    assert words.lower() in seen.reason.lower()


def test_server_that_stays_silent_is_given_up(started: ExitStack) -> None:
    def handle(connection: socket.socket) -> None:
        while connection.recv(4096):
            continue

    seen = look(started.enter_context(served(handle)), seconds=0.2)

    assert (seen.failed, seen.reason) == (Step.TLS, "There was no answer in time.")


def test_check_has_an_end_of_its_own(started: ExitStack, made: Made) -> None:
    port = started.enter_context(tls_server(made.served))

    seen = Probe(GatewayAddress(HOST, port, is_tls=True), (), total_seconds=0).run()

    assert (seen.failed, seen.reason) == (Step.RESOLVE, "The check ran out of time.")
