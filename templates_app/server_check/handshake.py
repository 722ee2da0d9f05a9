"""The beginning of a TLS 1.2 handshake as an ESP8266 makes it, to see whether the server honours small records.

An ESP8266 keeps 2,048 bytes for one record and asks for that with the extension max_fragment_length (RFC 6066, 4).
Python's ssl cannot send it, so the client's hello is written here, and the server's answer read as far as its end.
Pure: bytes in, bytes out. Every limit is checked before anything is kept.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

ESP8266_RECORD_LIMIT = 2048
"""Bytes of one record that an ESP8266 has room for (BLYNK_SSL_RX_BUF_SIZE, Blynk library 1.4.0 source)."""

ANSWER_LIMIT = 64 * 1024
"""Bytes of an answer that are read at most."""

_TLS_1_2 = b"\x03\x03"
_RECORD_LIMIT = 2**14 + 2048
_ALERT, _HANDSHAKE = 21, 22
_CLIENT_HELLO, _SERVER_HELLO, _SERVER_HELLO_DONE = 1, 2, 14
_SERVER_NAME, _MAX_FRAGMENT_LENGTH, _GROUPS, _POINT_FORMATS, _SIGNATURES = 0, 1, 10, 11, 13
_CODE_2048 = b"\x03"
_RANDOM_LENGTH = 32
# What the ESP8266's TLS library (BearSSL) offers: ECDHE and RSA key exchange with AES and ChaCha20.
_CIPHERS = bytes.fromhex("cca9cca8c02bc02fc02cc030c023c027c024c028c009c013c00ac014009c009d003c003d002f0035")
_GROUP_LIST = bytes.fromhex("001d00170018")
_SIGNATURE_LIST = bytes.fromhex("040305030603040105010601080408050806")


class Mfln(StrEnum):
    """What became of the wish for small records."""

    HONOURED = "honoured"
    IGNORED = "ignored"
    REFUSED = "refused"
    """The server ended the handshake: it does not speak TLS 1.2, or shares no cipher with an ESP8266."""
    UNKNOWN = "unknown"
    """The answer is no TLS handshake, or ended early."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server's first flight showed; `largest_record` in bytes, `alert` as RFC 5246 numbers them."""

    mfln: Mfln
    largest_record: int = 0
    alert: int | None = None


class MalformedError(Exception):
    """The answer breaks TLS's framing."""


def client_hello(server_name: str, random: bytes) -> bytes:
    """The first record that a client sends; no server name is sent when it is empty, as for an IP address."""
    if len(random) != _RANDOM_LENGTH:
        raise ValueError(f"The random value has {_RANDOM_LENGTH} bytes.")
    body = _TLS_1_2 + random + _short(b"") + _long(_CIPHERS) + _short(b"\x00") + _long(_extensions(server_name))
    message = bytes([_CLIENT_HELLO]) + len(body).to_bytes(3) + body
    return bytes([_HANDSHAKE]) + b"\x03\x01" + _long(message)


def _extensions(server_name: str) -> bytes:
    written = b""
    if server_name:
        written += _extension(_SERVER_NAME, _long(b"\x00" + _long(server_name.encode("idna"))))
    return (
        written
        + _extension(_MAX_FRAGMENT_LENGTH, _CODE_2048)
        + _extension(_GROUPS, _long(_GROUP_LIST))
        + _extension(_POINT_FORMATS, _short(b"\x00"))
        + _extension(_SIGNATURES, _long(_SIGNATURE_LIST))
    )


def _extension(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2) + _long(body)


def _short(body: bytes) -> bytes:
    return len(body).to_bytes(1) + body


def _long(body: bytes) -> bytes:
    return len(body).to_bytes(2) + body


class AnswerReader:
    """Reads the server's first flight, in pieces of any size; `answer` is set once it has ended."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self._so_far = Answer(Mfln.UNKNOWN)
        self._read = 0
        self._records = bytearray()
        self._messages = bytearray()

    def receive(self, data: bytes) -> None:
        """Take in more bytes; nothing happens any more once there is an answer."""
        if self.answer is not None:
            return
        self._read += len(data)
        self._records += data
        try:
            self._take_records()
        except MalformedError:
            self.close()
        if self._read > ANSWER_LIMIT:
            self.close()

    def close(self) -> None:
        """The server has ended the connection, or time is up: what was seen so far is the answer."""
        self.answer = self.answer or self._so_far

    def _take_records(self) -> None:
        while self.answer is None and len(self._records) >= 5:
            kind, size = self._records[0], int.from_bytes(self._records[3:5])
            if kind not in (_ALERT, _HANDSHAKE) or self._records[1] != 3 or not 0 < size <= _RECORD_LIMIT:
                raise MalformedError
            if len(self._records) < 5 + size:
                return
            body = bytes(self._records[5 : 5 + size])
            del self._records[: 5 + size]
            self._take_record(kind, body)

    def _take_record(self, kind: int, body: bytes) -> None:
        if kind == _ALERT:
            alert = body[1] if len(body) > 1 else None
            mfln = Mfln.REFUSED if self._so_far.mfln is Mfln.UNKNOWN else self._so_far.mfln
            self.answer = replace(self._so_far, mfln=mfln, alert=alert)
            return
        self._so_far = replace(self._so_far, largest_record=max(self._so_far.largest_record, len(body)))
        self._messages += body
        self._take_messages()

    def _take_messages(self) -> None:
        while self.answer is None and len(self._messages) >= 4:
            kind, size = self._messages[0], int.from_bytes(self._messages[1:4])
            if len(self._messages) < 4 + size:
                return
            body = bytes(self._messages[4 : 4 + size])
            del self._messages[: 4 + size]
            if kind == _SERVER_HELLO:
                self._so_far = replace(self._so_far, mfln=_echo(body))
            elif kind == _SERVER_HELLO_DONE:
                self.close()


def _echo(server_hello: bytes) -> Mfln:
    """Whether the extension came back. Raises MalformedError for a hello that is none."""
    at = 2 + _RANDOM_LENGTH
    if len(server_hello) <= at:
        raise MalformedError
    at += 1 + server_hello[at] + 2 + 1
    rest = server_hello[at:]
    extensions = rest[2 : 2 + int.from_bytes(rest[:2])]
    while len(extensions) >= 4:
        kind, size = int.from_bytes(extensions[:2]), int.from_bytes(extensions[2:4])
        if kind == _MAX_FRAGMENT_LENGTH and extensions[4 : 4 + size] == _CODE_2048:
            return Mfln.HONOURED
        extensions = extensions[4 + size :]
    return Mfln.IGNORED
