"""TLS with certificates of a test's own: trusted, not trusted, and made for another name."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.virtual import trust
from devices.virtual.firmware import Firmware, Kind, Library
from devices.virtual.states import State
from tests.devices.virtual.harness import ScriptedServer
from tests.devices.virtual.setup import setup_board
from tests.templates_app.server_check.servers import Signed, make_authority, make_certificate


@contextlib.asynccontextmanager
async def tls_server(certificate: Signed) -> AsyncIterator[ScriptedServer]:
    """The server of scripts, behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    script = ScriptedServer()
    server = await asyncio.start_server(script._serve, "127.0.0.1", 0, ssl=context)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        script.hang_up()
        await server.wait_closed()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return make_authority(tmp_path_factory.mktemp("authority"), "root")


@pytest.mark.parametrize("kind", [Kind.ESP32, Kind.ESP8266])
async def test_a_trusted_certificate_brings_it_online(kind: Kind, authority: Signed, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "leaf", authority, dns="localhost")
    async with (
        tls_server(certificate) as server,
        setup_board(kind=kind, tls=trust.of_file(authority.chain)) as board,
    ):
        await board.until_open()
        await board.configure(host="localhost", port=server.port)
        await board.until(State.RUNNING)
    assert board.says("Certificate OK")


@pytest.mark.parametrize(
    ("kind", "name", "is_ours", "line"),
    [
        (Kind.ESP32, "localhost", False, "Secure connection failed"),
        (Kind.ESP32, "elsewhere.example", True, "Secure connection failed"),
        (Kind.ESP8266, "localhost", False, "SSL error: 62"),
        (Kind.ESP8266, "elsewhere.example", True, "SSL error: 56"),
    ],
)
async def test_any_other_is_refused_in_the_boards_words(
    kind: Kind,
    name: str,
    is_ours: bool,
    line: str,
    authority: Signed,
    tmp_path: Path,
) -> None:
    certificate = make_certificate(tmp_path, "leaf", authority, dns=name)
    context = trust.of_file(authority.chain) if is_ours else trust.pinned(Firmware(template_id="", template_name=""))
    async with tls_server(certificate) as server, setup_board(kind=kind, tls=context) as board:
        await board.until_open()
        await board.configure(host="localhost", port=server.port)
        await board.until_told(line)
        assert not server.events


def test_the_pinned_roots_are_those_of_the_library() -> None:
    def count(library: Library) -> int:
        return len(trust.pinned(Firmware(template_id="", template_name="", library=library)).get_ca_certs())

    assert (count(Library.V1_0_1), count(Library.V1_2), count(Library.V1_4)) == (1, 1, 3)


def test_a_file_without_a_certificate_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(OSError):  # noqa: PT011 - the library words it
        trust.of_file(tmp_path / "ca.pem")


def test_an_expired_certificate_and_a_silent_server_have_numbers_of_their_own() -> None:
    firmware = Firmware(template_id="", template_name="", kind=Kind.ESP8266)
    expired = ssl.SSLCertVerificationError(1, "expired")
    expired.verify_code = 10
    assert trust.failure_line(firmware, expired, is_tls=True) == "SSL error: 54"
    assert trust.failure_line(firmware, ssl.SSLError(1, "refused"), is_tls=True) == "SSL error: 296"
    assert trust.failure_line(firmware, ConnectionRefusedError(), is_tls=True) == "Connection failed"
