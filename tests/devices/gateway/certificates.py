"""A certificate authority of the tests' own, and what it signs."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True, slots=True)
class Authority:
    """`certificate` and `key` are a server's, for the name `localhost`; `root` signed it, `stranger` did not."""

    root: Path
    stranger: Path
    certificate: Path
    key: Path


def authority(folder: Path, *, name: str = "localhost", others: Sequence[str] = ()) -> Authority:
    """A root and a server's certificate under it, as PEM files in `folder`."""
    made = Authority(folder / "root.pem", folder / "stranger.pem", folder / "server.pem", folder / "server.key")
    root, root_key = made.root, folder / "root.key"
    _root(root, root_key, "Test root")
    _root(made.stranger, folder / "stranger.key", "Stranger")
    names = ",".join(f"DNS:{each}" for each in (name, *others))
    request = ("req", "-x509", *_CURVE, "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}")
    signer = ("-CA", root, "-CAkey", root_key, "-addext", "basicConstraints=critical,CA:FALSE")
    _openssl(*request, *signer, "-out", made.certificate, "-keyout", made.key)
    return made


def _root(certificate: Path, key: Path, name: str) -> None:
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    _openssl("req", "-x509", *_CURVE, "-days", "2", "-subj", f"/CN={name}", *usage, "-out", certificate, "-keyout", key)


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
