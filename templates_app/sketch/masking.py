"""Passwords and tokens never appear in what a check says: every quoted line goes through here.

Boards print both in clear (Blynk library 1.4.0 source, ConfigMode.h: `WiFi SSID: … Pass: …` and `Blynk cloud: …`), and
sketches carry them in string literals.
"""

import re

from templates_app.sketch.literals import DOUBLE_QUOTES, SINGLE_QUOTES

DOTS = "••••"
QUOTE_LIMIT = 200
"""Characters of a line that are quoted."""

KEPT_LIMIT = 2000
"""Characters of a line that are kept."""

NETWORK_LIMIT, PASSWORD_LIMIT = 32, 63
"""Bytes in the name of a WiFi network, and characters of a password that a board stores (protocol.md §1.2)."""
CUT_NETWORK = f"(a name of more than {NETWORK_LIMIT} bytes)"
CUT_PASSWORD = f"({PASSWORD_LIMIT} characters, all that a board keeps)"

_REACH = QUOTE_LIMIT + 100
_RUN = r"[-_a-zA-Z0-9]"
_HALF_A_RUN = re.compile(rf"{_RUN}*+\Z")
_OURS = re.compile(rf"(lf[dk]_)(?:{_RUN}|\.){{4,}}+")
_LONG_RUN = re.compile(rf"{_RUN}{{28,}}+")
# From the word on, everything: a password may have spaces, and nothing after it is worth a risk.
_PASSWORD = re.compile(r"(?i)(password|passphrase|pass|pwd|psk)([ \t]*+[:=]).*", re.DOTALL)
_AFTER_CLOUD = re.compile(r"(?i)(blynk cloud:[ \t]*+)[^@]*+")
_TOKEN = re.compile(r"(?i)(token[ \t]*+[:=]).*", re.DOTALL)
_COMMAND = re.compile(r"(?i)^((?:\[\d++\])?[\s>]*+connect\s)(?!failed\.).*", re.DOTALL)
_QUERY = re.compile(r"(?i)([?&](?:pass|blynk|token|auth|psk|password)=).*", re.DOTALL)
_FIELD = re.compile(r'(?i)("(?:pass|password|blynk|token|auth|psk|auth_token)"[ \t]*+:).*', re.DOTALL)
_RULES = ((_COMMAND, ""), (_PASSWORD, r"\2"), (_TOKEN, ""), (_QUERY, ""), (_FIELD, ""))
# Straight and typographic quotes: a password between the wrong ones is one all the same.
_LITERALS = tuple(
    re.compile(rf"([{quotes}])(?:[^{quotes}\\]++|\\.)*+([{quotes}]?)", re.DOTALL)
    for quotes in (f'"{DOUBLE_QUOTES}', f"'{SINGLE_QUOTES}")
)
_SECRETIVE = re.compile(r"(?i)pass|pwd|psk|key|secret|token|auth|wifi|ssid|credential|begin|config|connect|login")
_SETTINGS = re.compile(
    r"WiFi SSID: (?P<network>[^\n]{0,300}?) Pass: (?P<password>[^\n]*)|Connecting to WiFi: (?P<joining>[^\n]{0,300})"
)
_INCLUDE = re.compile(r"\s*+#\s*+include\b")


def masked(line: str) -> str:
    """The line, short enough to quote, without what could be a password or a token."""
    text = line
    if len(text) > _REACH:
        # A secret that the cut leaves only half of would not be known for one.
        text = _HALF_A_RUN.sub("", text[:_REACH])
    text = _without(text)
    return text if len(text) <= QUOTE_LIMIT and len(line) <= _REACH else f"{text[:QUOTE_LIMIT]} …"


def without_secrets(text: str) -> str:
    """A whole text, line by line as `masked` but uncut, so that it can be kept. Linear in its length.

    Where a password or a network's name was as long as a board can hold, a mark says so in its place.
    """
    return "\n".join(_kept(line.rstrip("\r")) for line in text.split("\n"))


def _kept(line: str) -> str:
    marks = _marks(line)
    if len(line) > KEPT_LIMIT:
        line = _HALF_A_RUN.sub("", line[:KEPT_LIMIT])
    indent = line[: len(line) - len(line.lstrip())]
    return indent + _without(line) + marks


def _marks(line: str) -> str:
    settings = _SETTINGS.search(line)
    if not settings:
        return ""
    network, password = settings["network"] or settings["joining"] or "", settings["password"] or ""
    is_long = len(network.encode(errors="replace")) > NETWORK_LIMIT
    return (f" {CUT_NETWORK}" if is_long else "") + (f" {CUT_PASSWORD}" if len(password) >= PASSWORD_LIMIT else "")


def _without(text: str) -> str:
    for rule, more in _RULES:
        text = rule.sub(rf"\1{more} {DOTS}", text)
    text = _AFTER_CLOUD.sub(rf"\1{DOTS} ", text)
    text = _OURS.sub(rf"\1{DOTS}", text)
    return _LONG_RUN.sub(DOTS, text).strip()


def masked_code(line: str) -> str:
    """A line of a sketch: as `masked`, and without the inside of any string, for it may be a WiFi password."""
    if _INCLUDE.match(line):
        return masked(line)
    text = line[:_REACH]
    for literal in _LITERALS:
        text = literal.sub(rf"\1{DOTS}\2", text)
    return masked(text)


def may_hold_secret(line: str) -> bool:
    """Whether a line of a sketch may carry a password or a token, by the words in it."""
    return len(line) > QUOTE_LIMIT or _SECRETIVE.search(line) is not None or masked(line) != line.strip()
