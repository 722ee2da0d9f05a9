"""The gateway as a process: killed, stopped, starved of files, with TLS, and with a database that stands still."""

import os
import signal
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from devices.actions import presence
from devices.actions.integrity import violations
from devices.actions.sessions import Opened
from devices.models import Presence, Reading
from devices.wire.messages import Response
from tests.devices.gateway import harness
from tests.devices.gateway.harness import device_at, until
from tests.devices.gateway.process import GatewayProcess
from tests.ports import free_ports


@pytest.fixture
def gateway(transactional_db: None, tmp_path: Path) -> Iterator[GatewayProcess]:
    with GatewayProcess(tmp_path) as gateway:
        yield gateway


def is_online() -> bool:
    return Presence.objects.filter(is_connected=True).exists()


def test_sigterm_closes_everything_writes_it_down_and_exits_0(gateway: GatewayProcess, token: str) -> None:
    with device_at(gateway.port, token) as board:
        board.expect(Response)
        until(is_online)
        board.wire.send_pin_write(1, ["last words"])
        board.send()
        board.ping()
        assert gateway.terminate() == 0
        board.expect_close()
    assert not is_online()
    assert Reading.objects.get().value == "last words"
    assert violations() == {}


def test_tokens_are_never_logged(gateway: GatewayProcess, token: str) -> None:
    with device_at(gateway.port, token, tmpl="TMPLother0000") as board:
        board.expect_close()
    with harness.Device(gateway.port) as board:
        assert board.log_in(token) == 9
    gateway.terminate()
    log = gateway.log.read_text()
    assert "login.refused" in log
    assert token[:8] in log
    assert token not in log


def test_killed_gateway_leaves_nobody_online_for_long(gateway: GatewayProcess, token: str) -> None:
    with device_at(gateway.port, token, **{"h-beat": 1}) as board:
        board.expect(Response)
        until(is_online)
        until(lambda: Presence.objects.filter(silence_seconds=3).exists())
        gateway.kill()
    assert is_online()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE devices_presence SET last_seen_at = last_seen_at - interval '10 seconds'")
    assert presence.mark_silent(limit=100) == 1
    assert not is_online()
    gateway.start()
    with device_at(gateway.port, token) as board:
        assert board.expect(Response).status == 200
        until(is_online)
    assert violations() == {}


def test_a_database_that_stands_still_costs_logins_19_and_nothing_else(
    transactional_db: None, tmp_path: Path, open_session: Callable[[], Opened]
) -> None:
    first, second = open_session().token or "", open_session().token or ""
    with GatewayProcess(tmp_path, environment={"GATEWAY_STORE_TIMEOUT_SECONDS": 0.5}) as gateway:
        with device_at(gateway.port, first) as board:
            board.expect(Response)
            until(is_online)
            with stopped(backends()):
                with harness.Device(gateway.port) as other:
                    assert other.log_in(second) == 19
                board.ping()
            with harness.Device(gateway.port) as other:
                until(lambda: retried(gateway.port, second))
            board.ping()
        assert gateway.terminate() == 0
    assert violations() == {}


def retried(port: int, token: str) -> bool:
    with harness.Device(port) as device:
        status = device.log_in(token)
        assert status in (200, 19)
        return status == 200


def backends() -> list[int]:
    """The server processes of everybody else's connections to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


class stopped:  # noqa: N801 - reads as what it does
    """Processes that stand still for as long as the block runs."""

    def __init__(self, pids: list[int]) -> None:
        assert pids
        self._pids = pids

    def __enter__(self) -> None:
        for pid in self._pids:
            os.kill(pid, signal.SIGSTOP)

    def __exit__(self, *_: object) -> None:
        for pid in self._pids:
            os.kill(pid, signal.SIGCONT)


def test_running_out_of_files_turns_newcomers_away_and_passes(
    transactional_db: None, tmp_path: Path, token: str
) -> None:
    with GatewayProcess(tmp_path, prefix=("prlimit", "--nofile=120:120")) as gateway:
        with device_at(gateway.port, token) as board:
            board.expect(Response)
            crowd = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(200)]
            board.ping()
            for peer in crowd:
                peer.close()
            board.ping()
        with device_at(gateway.port, token) as board:
            board.expect(Response)
        assert gateway.terminate() == 0


def test_tls_is_served_and_the_certificate_read_again(transactional_db: None, tmp_path: Path, token: str) -> None:
    certificate, key, (tls_port,) = tmp_path / "cert.pem", tmp_path / "key.pem", free_ports(1)
    make_certificate(certificate, key, "first.example")
    environment = {"GATEWAY_TLS_CERT": certificate, "GATEWAY_TLS_KEY": key, "GATEWAY_TLS_PORT": tls_port}
    with GatewayProcess(tmp_path, environment=environment) as gateway:
        with harness.Device(tls_port, sock=tls_socket(tls_port)) as board:
            assert board.log_in(token) == 200
            board.send_info()
            assert board.expect(Response).status == 200
            board.ping()
        with harness.Device(tls_port, sock=tls_socket(tls_port)) as board:
            assert board.log_in("x" * 32) == 9
        before = served(tls_port)
        make_certificate(certificate, key, "second.example")
        gateway.signal(signal.SIGHUP)
        until(lambda: served(tls_port) != before)
        certificate.write_text("not a certificate")
        gateway.signal(signal.SIGHUP)
        until(lambda: "certificate.refused" in gateway.log.read_text())
        assert served(tls_port) != before
        assert gateway.terminate() == 0


def make_certificate(certificate: Path, key: Path, name: str) -> None:
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-out", str(certificate), "-keyout", str(key)]
    subprocess.run(
        ["openssl", "req", "-x509", *curve, "-days", "1", "-subj", f"/CN={name}", *files],
        check=True,
        capture_output=True,
    )


def tls_socket(port: int) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=10))


def served(port: int) -> bytes | None:
    with tls_socket(port) as peer:
        return peer.getpeercert(binary_form=True)


def test_a_taken_port_is_said_in_one_sentence(transactional_db: None, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        gateway = GatewayProcess(tmp_path)
        gateway.port = int(taken.getsockname()[1])
        with gateway.begun():
            assert gateway.wait() == 1
    assert gateway.log.read_text().splitlines()[-1].startswith("CommandError: The gateway cannot listen: ")


def test_an_unusable_certificate_is_said_in_one_sentence(transactional_db: None, tmp_path: Path) -> None:
    gateway = GatewayProcess(tmp_path, environment={"GATEWAY_TLS_CERT": tmp_path / "missing.pem"})
    with gateway.begun():
        assert gateway.wait() == 1
    last = gateway.log.read_text().splitlines()[-1]
    assert last.startswith("CommandError: ")
    assert "missing.pem" in last


def test_metrics_are_served_on_their_port(transactional_db: None, tmp_path: Path, token: str) -> None:
    (port,) = free_ports(1)
    with GatewayProcess(tmp_path, environment={"GATEWAY_METRICS_PORT": port}) as gateway:
        with device_at(gateway.port, token) as board:
            board.expect(Response)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as page:
                assert b"landfall_gateway_activated_total 1.0" in page.read()
        assert gateway.terminate() == 0
