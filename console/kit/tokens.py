"""Secrets that are shown once and kept as digests: auth tokens of devices and API keys.

Form: a 4-character prefix, 22 random base62 characters (131 bits), 6 base62 characters of the CRC-32 of what precedes
them: 32 characters, the length every Blynk library expects, recognisable to secret scanners.
"""

import hashlib
import re
import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
TOKEN_PREFIX = "lfd_"  # noqa: S105 - the public beginning of a secret
API_KEY_PREFIX = "lfk_"
INVITATION_PREFIX = "lfi_"
RANDOM_LENGTH, CHECK_LENGTH = 22, 6
HINT_LENGTH = 8
_LOOKS_LIKE_TOKEN = re.compile(rb"[-_a-zA-Z0-9]{32}")


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def _check(text: str) -> str:
    return _base62(zlib.crc32(text.encode()), CHECK_LENGTH)


def new_secret(prefix: str) -> str:
    """A fresh secret of 32 characters that starts with `prefix` (4 characters)."""
    body = prefix + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + _check(body)


def is_ours(text: str, prefix: str) -> bool:
    """Whether `text` has the form of a secret made here: prefix, length, and check characters that fit."""
    return len(text) == 32 and text.startswith(prefix) and _check(text[:-CHECK_LENGTH]) == text[-CHECK_LENGTH:]


def looks_like_token(raw: bytes) -> bool:
    """Whether `raw` could be any Blynk auth token: 32 characters of [-_a-zA-Z0-9]."""
    return _LOOKS_LIKE_TOKEN.fullmatch(raw) is not None


def digest(secret: str | bytes) -> bytes:
    """SHA-256 of the secret, 32 bytes: what the database keeps. With 131 random bits no salt is needed."""
    return hashlib.sha256(secret.encode() if isinstance(secret, str) else secret).digest()


def hint(secret: str | bytes) -> str:
    """The first 8 characters, which name a secret to people without giving it away (24 random bits are shown)."""
    text = secret if isinstance(secret, str) else secret.decode("latin-1")
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text[:HINT_LENGTH])
