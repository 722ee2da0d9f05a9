"""Addresses that people give: which are refused, and how a call can end."""

import socket
import threading
from collections.abc import Iterator

import pytest

from console.kit import outgoing
from console.kit.problems import Invalid


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/hook",
        "ftp://example.com/",
        "https://",
        "https://user:secret@example.com/",
        "https://exämple.com/",
        "https://example.com/a b",
        "https://example.com:99999/",
        "https://[::1",
        "https://example.com/" + "a" * 500,
        "javascript:alert(1)",
        "https://example.com/\r\nX-Evil: 1",
    ],
)
def test_what_is_no_whole_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        outgoing.checked_url(url, allows_private=True)
    assert refused.value.field == "url"
    assert "secret" not in refused.value.message


V4 = ("127.0.0.1", "10.1.2.3", "192.168.4.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1")
V6 = ("[::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "[fd00::1]")


@pytest.mark.parametrize("host", [*V4, *V6, "localhost", "api.localhost"])
def test_private_addresses_are_refused_unless_allowed(host: str) -> None:
    with pytest.raises(Invalid, match="WEBHOOK_ALLOW_PRIVATE"):
        outgoing.checked_url(f"http://{host}:8080/", allows_private=False)
    assert outgoing.checked_url(f" http://{host}:8080/ ", allows_private=True) == f"http://{host}:8080/"


def test_public_addresses_are_taken() -> None:
    assert outgoing.checked_url("https://93.184.215.14/hook", allows_private=False)
    assert outgoing.checked_url("https://example.com:8443/a?b=c", allows_private=False)


def test_a_name_that_comes_to_stand_for_a_private_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, listener: socket.socket
) -> None:
    port = listener.getsockname()[1]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    answer = outgoing.post(f"http://rebound.example:{port}/", b"{}", {}, allows_private=False, seconds=2)
    assert answer.error == "The name stands for an address of a private network."
    listener.settimeout(0.05)
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def answered(listener: socket.socket, *pieces: bytes) -> outgoing.Answer:
    """What comes of a call to a server that sends these bytes and closes."""

    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.recv(65536)
            for piece in pieces:
                peer.sendall(piece)

    thread = threading.Thread(target=serve)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    answer = outgoing.post(url, b"{}", {}, allows_private=True, seconds=5)
    thread.join()
    return answer


@pytest.mark.parametrize(
    "said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 500, b"HTTP/1.1 200" + b"a" * 70_000]
)
def test_what_is_no_answer_is_said_in_words(listener: socket.socket, said: bytes) -> None:
    answer = answered(listener, said)
    assert (answer.status, answer.is_taken) == (None, False)
    assert answer.error in {"The server's answer is not HTTP.", "The connection broke."}


def test_a_body_without_end_is_not_read(listener: socket.socket) -> None:
    answer = answered(listener, b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 2000)
    assert answer.is_taken


def test_nothing_listens(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    answer = outgoing.post(f"http://127.0.0.1:{port}/", b"{}", {}, allows_private=True, seconds=2)
    assert answer.error == "Nothing listens there."


def test_no_such_name() -> None:
    answer = outgoing.post("http://nowhere.invalid/", b"{}", {}, allows_private=True, seconds=2)
    assert answer.error == "There is no such host name."


def test_a_server_without_tls_is_named(listener: socket.socket) -> None:
    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
    answer = outgoing.post(url, b"{}", {}, allows_private=True, seconds=5)
    thread.join()
    assert answer.error == "The server and Landfall found no way to speak TLS."
