"""Connections that never become a login, with real bytes and real TLS: each is kept as evidence, bounded."""

import asyncio
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import uvloop

from devices.actions.values import Failure
from devices.gateway.store import DjangoStore
from devices.gateway.tls import TlsListener, failure_of
from devices.models.evidence import FailedConnection
from devices.status import FailedBecause
from tests.devices.gateway import harness
from tests.devices.gateway.certificates import Authority, authority
from tests.devices.gateway.fake_store import FakeStore
from tests.devices.gateway.harness import Device, RunningGateway, quick, until


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def tls(transactional_db: None, signed: Authority) -> Iterator[RunningGateway]:
    """A gateway on PostgreSQL whose TLS port has a certificate that no board trusts."""
    with RunningGateway(
        DjangoStore(), quick(tls_cert=signed.certificate, tls_key=signed.key, login_deadline_seconds=0.5)
    ) as running:
        yield running
    assert running.faults == []


def kept() -> FailedConnection:
    row: FailedConnection = until(lambda: FailedConnection.objects.first())
    return row


def shake_hands(port: int, context: ssl.SSLContext, name: str) -> None:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=harness.PATIENCE) as sock,
        pytest.raises(ssl.SSLError),
        context.wrap_socket(sock, server_hostname=name) as peer,
    ):
        # TLS 1.3 tells a client that it was refused only with the first read.
        peer.recv(1)


def trusting(root: Path | None = None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(root) if root else None)


def test_board_that_does_not_trust_the_certificate(tls: RunningGateway) -> None:
    shake_hands(tls.tls_port, trusting(), "localhost")
    row = kept()
    assert (row.address, row.reason) == ("127.0.0.1", FailedBecause.NOT_TRUSTED)


def test_board_that_calls_by_another_name_than_the_certificates(tls: RunningGateway, signed: Authority) -> None:
    shake_hands(tls.tls_port, trusting(signed.root), "gateway.example.com")
    assert kept().reason == FailedBecause.WRONG_NAME


def test_board_without_a_common_tls_version(tls: RunningGateway) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    shake_hands(tls.tls_port, context, "localhost")
    assert kept().reason == FailedBecause.NO_SHARED_CIPHER


@pytest.mark.parametrize(
    "words", [b"\x1d\x00\x01\x00\x20" + b"a" * 32, b"GET / HTTP/1.1\r\n\r\n"], ids=["login", "http"]
)
def test_plain_bytes_on_the_tls_port(tls: RunningGateway, words: bytes) -> None:
    with Device(tls.tls_port) as peer:
        peer.sock.sendall(words)
        assert kept().reason == FailedBecause.PLAIN_ON_TLS


def test_handshake_that_the_board_cuts(tls: RunningGateway) -> None:
    context = trusting()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    hello = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        hello.do_handshake()
    with Device(tls.tls_port) as peer:
        peer.sock.sendall(outgoing.read())
        assert peer.sock.recv(1)
    assert kept().reason == FailedBecause.HANDSHAKE_CUT


def test_handshake_that_never_ends(tls: RunningGateway) -> None:
    with Device(tls.tls_port):
        assert kept().reason == FailedBecause.HANDSHAKE_SLOW


def test_good_handshakes_go_on_beside_failing_ones_and_leave_no_evidence(
    tls: RunningGateway, token: str, signed: Authority
) -> None:
    with Device(tls.tls_port):
        sock = trusting(signed.root).wrap_socket(
            socket.create_connection(("127.0.0.1", tls.tls_port), timeout=harness.PATIENCE), server_hostname="localhost"
        )
        with Device(tls.tls_port, sock=sock) as board:
            assert board.log_in(token) == 200
            board.ping()
        kept()
    assert FailedConnection.objects.count() == 1


def test_tls_on_the_plain_port(running: RunningGateway) -> None:
    shake_hands(running.port, trusting(), "localhost")
    assert kept().reason == FailedBecause.TLS_ON_PLAIN


def test_connection_that_is_closed_before_a_login(running: RunningGateway) -> None:
    for _ in range(3):
        with Device(running.port):
            pass
    until(lambda: FailedConnection.objects.filter(attempts_count=3).exists())
    assert kept().reason == FailedBecause.CLOSED_EARLY


def test_peer_that_says_nothing(transactional_db: None) -> None:
    with RunningGateway(DjangoStore(), quick(login_deadline_seconds=0.1)) as running, Device(running.port) as peer:
        peer.expect_close()
        assert kept().reason == FailedBecause.NO_LOGIN


def test_peer_that_speaks_something_else(running: RunningGateway) -> None:
    with Device(running.port) as peer:
        peer.sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        peer.expect_close()
    assert kept().reason == FailedBecause.NOT_THE_PROTOCOL


@pytest.mark.parametrize(("sent", "detail"), [("lfd_ABCDefgh", "lfd_ABCD"), ("my WiFi password", "")])
def test_what_cannot_be_a_token_is_kept_without_what_was_sent(running: RunningGateway, sent: str, detail: str) -> None:
    with Device(running.port) as peer:
        assert peer.log_in(sent) == 9
    row = kept()
    assert (row.reason, row.detail) == (FailedBecause.MALFORMED, detail)


def test_login_that_is_refused_is_no_failed_connection(running: RunningGateway) -> None:
    with Device(running.port) as peer:
        assert peer.log_in("x" * 32) == 9
        peer.expect_close()
    with Device(running.port):
        pass
    kept()
    assert set(FailedConnection.objects.values_list("reason", flat=True)) == {FailedBecause.CLOSED_EARLY}


def test_limit_that_turns_a_board_away_is_kept(transactional_db: None) -> None:
    with (
        RunningGateway(DjangoStore(), quick(connections_per_address=1)) as running,
        Device(running.port),
        Device(running.port) as second,
    ):
        second.expect_close()
        row = kept()
    assert (row.reason, row.detail) == (FailedBecause.TURNED_AWAY, "connections_per_address")


def test_gateway_that_stops_blames_nobody(transactional_db: None) -> None:
    with RunningGateway(DjangoStore(), quick()) as running, Device(running.port) as peer:
        until(lambda: len(running.gateway.registry))
        running.stop()
        peer.expect_close()
    assert not FailedConnection.objects.exists()


def test_stopping_gives_up_handshakes_under_way(transactional_db: None, signed: Authority) -> None:
    options = quick(tls_cert=signed.certificate, tls_key=signed.key, login_deadline_seconds=60.0)
    with RunningGateway(DjangoStore(), options) as running, Device(running.tls_port) as peer:
        running.stop()
        peer.expect_close()
    assert running.faults == []


@pytest.mark.parametrize("turns", range(6))
def test_stopping_closes_a_connection_whose_handshake_has_not_begun(signed: Authority, turns: int) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(stop_after(signed, turns))


async def stop_after(signed: Authority, turns: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed.certificate, signed.key)
    failures: list[Failure] = []
    listener = TlsListener(
        context=context,
        options=quick(host="127.0.0.1", tls_port=0),
        connection=asyncio.Protocol,
        on_failure=failures.append,
    )
    await listener.listen()
    with socket.create_connection(("127.0.0.1", listener.port), timeout=harness.PATIENCE) as peer:
        for _ in range(turns):
            await asyncio.sleep(0)
        listener.close()
        await asyncio.sleep(0.1)
        with suppress(ConnectionResetError):
            assert peer.recv(1) == b""
    assert failures == []


def test_while_the_store_is_away_a_bounded_number_waits(start: Callable[..., RunningGateway], fake: FakeStore) -> None:
    fake.is_away = True
    running = start(failures_waiting=2)

    def fail() -> None:
        for number in range(5):
            running.gateway.note_failure(f"192.0.2.{number}", FailedBecause.NO_LOGIN)

    running.call(fail)
    fake.is_away = False
    until(lambda: any(batch.failures for batch in fake.batches))
    rows = [row for batch in fake.batches for row in batch.failures]
    assert rows == [Failure(f"192.0.2.{number}", FailedBecause.NO_LOGIN) for number in range(2)]


def test_an_error_openssl_gives_no_word_for_is_still_a_failed_handshake() -> None:
    assert failure_of(ssl.SSLError(1, "what"), "192.0.2.1").reason is FailedBecause.HANDSHAKE_BROKEN
    assert failure_of(OSError("gone"), "192.0.2.1").reason is FailedBecause.HANDSHAKE_BROKEN
