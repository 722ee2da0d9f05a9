"""Certificates made for one test run, and small servers on this machine that a check can connect to."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from templates_app.firmware import LibraryVersion
from templates_app.server_check.roots import PinnedRoot


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its key: `chain` is the file that a server loads."""

    chain: Path
    key: Path

    @property
    def der(self) -> bytes:
        return ssl.PEM_cert_to_DER_cert(self.chain.read_text().partition("-----END")[0] + "-----END CERTIFICATE-----\n")


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path, name: str) -> Signed:
    """A root that signs itself."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
    openssl(
        folder, "req", "-x509", *curve, "-days", "30", "-subj", f"/O=Test/CN={name}", "-addext",
        "keyUsage=critical,keyCertSign,digitalSignature", "-keyout", f"{name}.key", "-out", f"{name}.pem",
    )  # fmt: skip
    return Signed(folder / f"{name}.pem", folder / f"{name}.key")


def make_certificate(
    folder: Path, name: str, by: Signed, *, dns: str, is_authority: bool = False, days: int = 30
) -> Signed:
    """A certificate for one DNS name, or of an intermediate; its chain has what signed it, except a root."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
    openssl(folder, "req", "-new", *curve, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    extensions = "basicConstraints=critical,CA:TRUE" if is_authority else f"subjectAltName=DNS:{dns}"
    (folder / f"{name}.ext").write_text(extensions + "\n")
    openssl(
        folder, "x509", "-req", "-in", f"{name}.csr", "-CA", str(by.chain), "-CAkey", str(by.key), "-CAcreateserial",
        "-days", str(days), "-extfile", f"{name}.ext", "-out", f"{name}.pem",
    )  # fmt: skip
    return Signed(folder / f"{name}.pem", folder / f"{name}.key")


def with_chain(folder: Path, leaf: Signed, *others: Signed) -> Signed:
    """The leaf's file followed by those of the others, as a server sends them."""
    chain = folder / f"{leaf.chain.stem}-chain.pem"
    chain.write_text("".join(each.chain.read_text() for each in (leaf, *others)))
    return Signed(chain, leaf.key)


def pinned(authority: Signed, name: str = "Test Root", *versions: LibraryVersion) -> PinnedRoot:
    """The authority as if boards carried it: all of them, or only some versions."""
    return PinnedRoot(name, authority.der, frozenset(versions or LibraryVersion))


@contextmanager
def served(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on a free port of this machine that hands each connection to `handle`; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_accept, args=(listener, handle), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _accept(listener: socket.socket, handle: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                handle(connection)
            except OSError:
                continue


@contextmanager
def tls_server(certificate: Signed, at_least: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> Iterator[int]:
    """A real TLS server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = at_least
    context.load_cert_chain(certificate.chain, certificate.key)

    def handle(connection: socket.socket) -> None:
        connection.settimeout(5)
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with served(handle) as port:
        yield port
