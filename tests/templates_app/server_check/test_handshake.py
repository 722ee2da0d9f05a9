"""The hand-written beginning of a TLS 1.2 handshake."""

import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.server_check.handshake import ANSWER_LIMIT, Answer, AnswerReader, Mfln, client_hello
from tests.templates_app.server_check.servers import make_authority

RANDOM = bytes(range(32))


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(body).to_bytes(2) + body


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3) + body


def server_hello(extensions: bytes, session: bytes = b"") -> bytes:
    body = b"\x03\x03" + RANDOM + bytes([len(session)]) + session + b"\xc0\x2f" + b"\x00"
    return message(2, body + (len(extensions).to_bytes(2) + extensions if extensions else b""))


ECHO = b"\x00\x01\x00\x01\x03"
OTHER = b"\xff\x01\x00\x01\x00"
DONE = message(14, b"")


def read(*pieces: bytes) -> Answer | None:
    reader = AnswerReader()
    for piece in pieces:
        reader.receive(piece)
    return reader.answer


@pytest.mark.parametrize(
    ("extensions", "mfln"),
    [
        (ECHO, Mfln.HONOURED),
        (OTHER + ECHO, Mfln.HONOURED),
        (OTHER, Mfln.IGNORED),
        (b"", Mfln.IGNORED),
        (b"\x00\x01\x00\x01\x04", Mfln.IGNORED),
    ],
)
def test_echo_of_the_extension_is_looked_for(extensions: bytes, mfln: Mfln) -> None:
    flight = server_hello(extensions, session=b"s" * 32) + DONE

    assert read(record(22, flight)) == Answer(mfln, len(flight))


def test_largest_record_is_noted() -> None:
    flight = record(22, server_hello(OTHER)) + record(22, message(11, bytes(3000))) + record(22, DONE)

    assert read(flight) == Answer(Mfln.IGNORED, 3004)


@given(st.data())
def test_pieces_of_any_size_give_the_same_answer(data: st.DataObject) -> None:
    certificate = message(11, bytes(500))
    flight = record(22, server_hello(ECHO) + certificate[:77]) + record(22, certificate[77:]) + record(22, DONE)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(flight)), max_size=8)))
    pieces = [flight[start:end] for start, end in zip([0, *cuts], [*cuts, len(flight)], strict=True)]

    assert read(*pieces) == read(flight)
    assert read(flight) is not None


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_noise_never_raises(pieces: list[bytes]) -> None:
    reader = AnswerReader()
    for piece in pieces:
        reader.receive(piece)
    reader.close()

    assert reader.answer is not None


@given(st.binary(max_size=200))
def test_noise_in_a_server_hello_never_raises(body: bytes) -> None:
    reader = AnswerReader()
    reader.receive(record(22, message(2, body) + DONE))
    reader.close()

    assert reader.answer is not None


def test_alert_is_a_refusal_with_its_number() -> None:
    assert read(record(21, b"\x02\x46")) == Answer(Mfln.REFUSED, 0, alert=70)


def test_answer_that_never_ends_is_cut_off() -> None:
    endless = record(22, server_hello(OTHER)) + record(22, b"\x0b\xff\xff\xff" + bytes(16_000)) * 5

    assert len(endless) > ANSWER_LIMIT
    assert read(endless) == Answer(Mfln.IGNORED, 16_004)


@pytest.mark.parametrize("start", [b"HTTP/1.1 400", b"\x16\x02\x00\x00\x05", record(22, b"")])
def test_what_is_no_tls_is_unknown(start: bytes) -> None:
    assert read(start) == Answer(Mfln.UNKNOWN)


def test_early_end_is_unknown() -> None:
    reader = AnswerReader()
    reader.receive(record(22, server_hello(ECHO))[:20])
    reader.close()

    assert reader.answer == Answer(Mfln.UNKNOWN)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("gw.example.com", "gw.example.com"),
        ("", None),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}.example", "xn--caf-dma.example"),
    ],
)
def test_real_tls_library_takes_the_hello(name: str, sent: str | None, tmp_path: Path) -> None:
    certificate = make_authority(tmp_path, "Server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    asked: list[str | None] = []
    context.sni_callback = lambda _connection, asked_for, _context: asked.append(asked_for)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    incoming.write(client_hello(name, RANDOM))

    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_side=True).do_handshake()

    assert asked == [sent]
    answer = read(outgoing.read())
    assert answer is not None
    assert answer.mfln is Mfln.HONOURED


def test_openssl_names_every_extension_of_the_hello(tmp_path: Path) -> None:
    certificate = make_authority(tmp_path, "Server")
    hello = client_hello("gw.example.com", RANDOM)
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", "0", "-cert", certificate.chain, "-key", certificate.key, "-tlsextdebug"],
        stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout
        port = next(int(line.rpartition(":")[2]) for line in server.stdout if line.startswith("ACCEPT"))
        answer = _ask(port, hello)
    finally:
        server.kill()
        said, _ = server.communicate()

    assert answer.mfln is Mfln.HONOURED
    assert "max fragment length" in said


def _ask(port: int, hello: bytes) -> Answer:
    reader = AnswerReader()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(hello)
        while reader.answer is None:
            reader.receive(connection.recv(4096))
    return reader.answer


def test_random_value_has_its_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        client_hello("gw.example.com", b"short")
