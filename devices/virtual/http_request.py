"""Reading a request as the small servers of the boards do. Pure: bytes in, values out; never raises for any bytes.

ESP boards and the Wio Terminal run Arduino's WebServer; MKR boards read the request by hand, its first line only
(Blynk library 1.2.0, Edgent_MKR1010/ConfigMode.h).
"""

import re
from dataclasses import dataclass, field
from typing import Final

HEAD_BYTES: Final = 8192
BODY_BYTES: Final = 8192
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{1,2}")
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`query` is what follows the question mark, as it came; header names are in small letters."""

    method: str
    path: str
    query: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body_length(self) -> int:
        """The announced length of the body, 0 without one and -1 where the announcement is no number."""
        text = self.headers.get("content-length", "0").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


def read_head(head: bytes) -> Request | None:
    """The request whose head is `head`, without the blank line; None for what the board does not understand."""
    first, *rest = head.replace(b"\r\n", b"\n").split(b"\n")
    parts = first.split(b" ")
    if len(parts) != 3 or not parts[0].isalpha() or not parts[1].startswith(b"/"):
        return None
    path, _, query = parts[1].partition(b"?")
    headers = {}
    for line in rest:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return Request(method=parts[0].decode("ascii"), path=decoded(path).decode("latin-1"), query=query, headers=headers)


def read_line_by_hand(head: bytes) -> Request:
    """The same on an MKR board, which finds words anywhere in a line and knows no other method than it needs."""
    line = head.replace(b"\r", b"").split(b"\n")[0]
    if b"GET /board_info.json" in line:
        path = "/board_info.json"
    elif b"GET /wifi_scan.json" in line:
        path = "/wifi_scan.json"
    else:
        path = next((name for name in ("/config", "/reset", "/reboot") if b" " + name.encode() in line), "/")
    _, _, query = line.rpartition(b" ")[0].partition(b"?")
    return Request(method="GET", path=path, query=query)


def arguments_of(request: Request, body: bytes = b"") -> dict[str, bytes]:
    """The parameters by name, the first of each: those of the query, then those of a form in the body."""
    is_form = request.content_type.lower().startswith(_FORM)
    text = request.query + (b"&" + body if is_form and body else b"")
    found: dict[str, bytes] = {}
    for pair in text.split(b"&"):
        name, equals, value = pair.partition(b"=")
        if equals:
            found.setdefault(decoded(name).decode("latin-1"), decoded(value))
    return found


def decoded(text: bytes) -> bytes:
    """Percent and plus signs undone as the boards do it: what is no hexadecimal number becomes NUL or its start."""
    out = bytearray()
    position = 0
    while position < len(text):
        byte = text[position : position + 1]
        position += 1
        if byte == b"%" and position + 1 < len(text):
            digits = _HEX.match(text[position : position + 2])
            out.append(int(digits[0], 16) if digits else 0)
            position += 2
        else:
            out += b" " if byte == b"+" else byte
    return bytes(out)


def is_firmware(request: Request, start: bytes) -> bool:
    """Whether a multipart body that begins with `start` carries, in the field `update`, what an ESP would flash.

    The board looks at the first byte of the file, 0xE9 for every firmware (ESP32 and ESP8266 image format).
    """
    if "multipart/form-data" not in request.content_type:
        return False
    head, blank, file = start.partition(b"\r\n\r\n")
    return bool(blank) and b'name="update"' in head and b"filename=" in head and file[:1] == b"\xe9"
