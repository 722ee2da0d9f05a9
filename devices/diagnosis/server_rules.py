"""Causes that the serial log tells of the server the board calls: its name, its port, its certificate."""

import re
from collections.abc import Iterator

from console.kit.findings import Certainty
from devices.diagnosis.board_rules import first, said
from devices.diagnosis.evidence import Evidence
from devices.diagnosis.rule import Link, Quote, Rule

BLYNK_CLOUD = re.compile(r"\bblynk\.cloud\b", re.IGNORECASE)
_SSL = re.compile(r"SSL error:[ \t]*+(-?\d{1,6})")
_ON_ESP8266 = re.compile(r"^[^\n]{0,60}(?: on ESP8266|(?:Device|Platform):[ \t]{1,8}ESP8266\b)", re.MULTILINE)
_STOPS_AT_CLOUD = re.compile(r"^[^\n]{0,40}CONNECTING_NET => CONNECTING_CLOUD\s*+\Z", re.MULTILINE)
"""Where an ESP8266's log ends while it waits for a time server (protocol.md §1.6, §1.8)."""
_NO_CLOCK = re.compile(r"^[^\n]{0,40}Current time:[^\n]{0,60}\b1970\b[^\n]{0,20}", re.MULTILINE)

_STORED_HOST = 33
"""Bytes of a server's name that a board stores (protocol.md §1.2)."""
_TIME_UNKNOWN, _EXPIRED, _OTHER_NAME, _NOT_TRUSTED = 53, 54, 56, 62
_TOO_LARGE, _BAD_FRAGMENT = 6, 18
"""Numbers of BearSSL, the TLS of an ESP8266 (its public headers bearssl_ssl.h and bearssl_x509.h)."""
_NAMED = {_TIME_UNKNOWN, _EXPIRED, _OTHER_NAME, _NOT_TRUSTED, _TOO_LARGE, _BAD_FRAGMENT}


def _calls(evidence: Evidence, *, is_cloud: bool) -> Iterator[str]:
    for quoted in evidence.said.get("server-other", ()):
        called = quoted.partition("\n")[0]
        is_cut = bool(evidence.host) and _is_cut_host(called, evidence.host)
        if bool(BLYNK_CLOUD.search(called)) is is_cloud and not is_cut:
            yield from quoted.split("\n")


def _is_cut_host(called: str, host: str) -> bool:
    match = re.search(r"Connecting to ([^\s:/]+):", called)
    return match is not None and match[1] != host and len(match[1]) == _STORED_HOST and host.startswith(match[1])


def _calls_cloud(evidence: Evidence) -> Iterator[str]:
    return _calls(evidence, is_cloud=True)


def _calls_other(evidence: Evidence) -> Iterator[str]:
    return _calls(evidence, is_cloud=False)


def _cut_host(evidence: Evidence) -> Iterator[str]:
    for quoted in evidence.said.get("server-other", ()):
        if _is_cut_host(quoted.partition("\n")[0], evidence.host):
            yield from quoted.split("\n")


def _ssl(*numbers: int) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        for quoted in evidence.said.get("tls-refused", ()):
            match = _SSL.search(quoted)
            if match and int(match[1]) in numbers:
                yield quoted

    return quote


def _clock(evidence: Evidence) -> Iterator[str]:
    yield from first(_NO_CLOCK)(evidence)
    yield from _ssl(_TIME_UNKNOWN, _EXPIRED)(evidence)


def _clock_awaited(evidence: Evidence) -> Iterator[str]:
    if _ON_ESP8266.search(evidence.log) and (match := _STOPS_AT_CLOUD.search(evidence.log)):
        yield match[0].strip()


def _other_tls(evidence: Evidence) -> Iterator[str]:
    for quoted in evidence.said.get("tls-refused", ()):
        match = _SSL.search(quoted)
        if not (match and int(match[1]) in _NAMED):
            yield quoted


def _refused_elsewhere(evidence: Evidence) -> Iterator[str]:
    if not evidence.refused:
        yield from evidence.said.get("log-invalid-token", ())


RULES = (
    Rule(
        code="calls_blynk_cloud",
        certainty=Certainty.CERTAIN,
        title="The board calls blynk.cloud, not this server.",
        shown_by="“Connecting to blynk.cloud” in the serial log.",
        next_step="Send host and port with the board's settings, or put the server lines into the sketch and flash "
        "again. The command connect on the board's console always takes the sketch's server.",
        quote=_calls_cloud,
        link=Link.FIRMWARE,
    ),
    Rule(
        code="host_cut",
        certainty=Certainty.CERTAIN,
        title="The board cut the gateway's name.",
        shown_by="“Connecting to” and the first 33 bytes of the gateway's name in the serial log.",
        next_step="Set GATEWAY_PUBLIC_HOST to a DNS name of 33 bytes at most, then set the board up again.",
        quote=_cut_host,
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="calls_other_server",
        certainty=Certainty.CERTAIN,
        title="The board calls another server.",
        shown_by="“Connecting to” and another name in the serial log, or a redirect.",
        next_step="Set the board up again with {host} and port {port}, and put the server lines into the sketch.",
        quote=lambda evidence: (*_calls_other(evidence), *said("log-redirected")(evidence)),
        link=Link.FIRMWARE,
    ),
    Rule(
        code="calls_other_port",
        certainty=Certainty.CERTAIN,
        title="The board calls another port of this server.",
        shown_by="“Connecting to” with this server's name and another port in the serial log.",
        next_step="Set the board up again with {host} and port {port}.",
        quote=said("server-other-port"),
        link=Link.SESSION,
    ),
    Rule(
        code="clock_not_set",
        certainty=Certainty.CERTAIN,
        title="The board's clock is not set, or the certificate has expired: the two do not fit.",
        shown_by="“Current time:” in 1970, or SSL error 53 or 54, in an ESP8266's serial log.",
        next_step="Let the network pass UDP port 123 to pool.ntp.org and time.nist.gov, and check that the certificate "
        "has not expired.",
        quote=_clock,
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="clock_awaited",
        certainty=Certainty.LIKELY,
        title="The board asks for the time of day and gets no answer.",
        shown_by="An ESP8266's serial log that ends with “CONNECTING_NET => CONNECTING_CLOUD”.",
        next_step="Let the network pass UDP port 123 to pool.ntp.org and time.nist.gov. If the board has printed more "
        "since, paste its log again.",
        quote=_clock_awaited,
    ),
    Rule(
        code="mfln",
        certainty=Certainty.CERTAIN,
        title="What answers on the TLS port sends records that are too large for an ESP8266.",
        shown_by="SSL error 6 or 18 in an ESP8266's serial log: the wish for small records (MFLN) was not honoured.",
        next_step="Let the gateway end TLS itself, not a proxy in front of it, and check the server.",
        quote=_ssl(_TOO_LARGE, _BAD_FRAGMENT),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="log_other_name",
        certainty=Certainty.CERTAIN,
        title="The certificate is for another name than the one the board calls.",
        shown_by="SSL error 56 in the serial log.",
        next_step="Call the gateway by the DNS name in its certificate; an IP address never fits.",
        quote=_ssl(_OTHER_NAME),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="log_not_trusted",
        certainty=Certainty.CERTAIN,
        title="The board has no root that the gateway's certificate ends in.",
        shown_by="SSL error 62 in the serial log.",
        next_step="Use a Let's Encrypt certificate and serve its full chain, which ends in ISRG Root X1.",
        quote=_ssl(_NOT_TRUSTED),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="log_tls_failed",
        certainty=Certainty.LIKELY,
        title="The board and the server did not agree on an encrypted connection.",
        shown_by="“Secure connection failed” or another SSL error in the serial log.",
        next_step="Check that the port speaks TLS, and that the certificate is for the name the board calls and its "
        "chain ends in a root that the library carries.",
        quote=_other_tls,
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="refused_elsewhere",
        certainty=Certainty.LIKELY,
        title="A server refused the board's token, and it was not this one.",
        shown_by="“Invalid auth token” in the serial log, and no refused login here.",
        next_step="Look at the line after “Connecting to” in the log: it must name {host}:{port}.",
        quote=_refused_elsewhere,
        link=Link.FIRMWARE,
    ),
    Rule(
        code="connection_failed",
        certainty=Certainty.LIKELY,
        title="The board is in its WiFi network and cannot connect to the server.",
        shown_by="“Connection failed” or “Login timeout” in the serial log.",
        next_step="Check that {host} port {port} can be reached from the board's network: name, port, firewall.",
        quote=said("log-connection-failed", "log-login-timeout"),
        link=Link.CHECK_SERVER,
    ),
)
