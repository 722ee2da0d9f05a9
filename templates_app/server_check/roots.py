"""The certificate authorities that boards trust: those whose roots are compiled into the Blynk libraries.

Blynk library 1.0.0 to 1.3.2 carry ISRG Root X1 (its src/certs/letsencrypt_pem.h; the two others there, DST Root X3 and
Let's Encrypt R3, have expired). Library 1.4.0 and BlynkEdgent 0.9.0, which builds on it, carry ISRG Root X1, Amazon
Root CA 1 and DigiCert Global Root G2 (its src/certs/certs_pem.h). The certificates are the ones that these authorities
publish; `pinned_roots.pem` has them in that order.
"""

import re
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from templates_app.firmware import LibraryVersion

_FILE = Path(__file__).with_name("pinned_roots.pem")
_ONE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PinnedRoot:
    """One root certificate, in DER, and the libraries that carry it."""

    name: str
    der: bytes
    versions: frozenset[LibraryVersion]


@cache
def pinned_roots() -> tuple[PinnedRoot, ...]:
    """Every root that any version trusts."""
    every = frozenset(LibraryVersion)
    newest = frozenset({LibraryVersion.V1_4, LibraryVersion.EDGENT_0_9})
    facts = (("ISRG Root X1", every), ("Amazon Root CA 1", newest), ("DigiCert Global Root G2", newest))
    certificates = [ssl.PEM_cert_to_DER_cert(found[0]) for found in _ONE.finditer(_FILE.read_text("ascii"))]
    return tuple(PinnedRoot(name, der, versions) for (name, versions), der in zip(facts, certificates, strict=True))
