"""Causes that show in connections which never became a login: TLS above all (protocol.md §1.8)."""

from collections.abc import Iterator

from console.kit.findings import Certainty
from devices.diagnosis.evidence import Evidence
from devices.diagnosis.rule import Link, Quote, Rule
from devices.status import FailedBecause, SessionState

_CERTIFICATE = (
    "Use a Let's Encrypt certificate for the gateway's public DNS name and serve its full chain, which ends in "
    "ISRG Root X1."
)


def _failed(*reasons: FailedBecause) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        for row in evidence.failed:
            if row.reason in reasons:
                detail = f" ({row.detail})" if row.detail else ""
                last = f"last {row.last_at:%H:%M:%S} UTC"
                yield f"From {row.address}: {row.reason}{detail}, {row.attempts_count:,}×, {last}"

    return quote


def _never_seen(evidence: Evidence) -> Iterator[str]:
    is_waiting = evidence.state in (SessionState.OPEN, SessionState.EXPIRED)
    if is_waiting and not evidence.is_seen and not evidence.refused and not evidence.failed:
        yield f"No login with {evidence.hint}… at the gateway, and no failed connection that could be the board's."


RULES = (
    Rule(
        code="tls_not_trusted",
        certainty=Certainty.LIKELY,
        title="A board reached the gateway and does not trust its certificate.",
        shown_by="A TLS handshake that the board ended with the alert for an unknown authority.",
        next_step=_CERTIFICATE,
        quote=_failed(FailedBecause.NOT_TRUSTED),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="tls_other_name",
        certainty=Certainty.LIKELY,
        title="A board reached the gateway by another name than the certificate is for.",
        shown_by="A TLS handshake that the board ended with the alert for a bad certificate.",
        next_step="Set boards up with the DNS name in the certificate, never with an IP address; set "
        "GATEWAY_PUBLIC_HOST to that name.",
        quote=_failed(FailedBecause.WRONG_NAME),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="tls_out_of_date",
        certainty=Certainty.LIKELY,
        title="A board takes the gateway's certificate for expired.",
        shown_by="A TLS handshake that the board ended with the alert for an expired certificate.",
        next_step="Renew the certificate if it has expired. If not, the board's clock is wrong: let it reach "
        "pool.ntp.org.",
        quote=_failed(FailedBecause.OUT_OF_DATE),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="tls_no_common",
        certainty=Certainty.LIKELY,
        title="A board and the gateway have no TLS version or cipher in common.",
        shown_by="A TLS handshake that ended without a shared version or cipher.",
        next_step="Flash a newer library; the gateway speaks TLS 1.2 and 1.3. Use an ECDSA or RSA certificate of "
        "2,048 bits.",
        quote=_failed(FailedBecause.NO_SHARED_CIPHER),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="tls_cut",
        certainty=Certainty.LIKELY,
        title="A board ended the TLS handshake without saying why.",
        shown_by="A connection to the TLS port that closed before the handshake was done.",
        next_step="An ESP8266 does this when it does not trust the certificate, its clock is not set, or the records "
        "are too large for it: look for “SSL error:” in its serial log and paste the line here.",
        quote=_failed(FailedBecause.HANDSHAKE_CUT),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="tls_failed",
        certainty=Certainty.LIKELY,
        title="A TLS handshake with the gateway failed.",
        shown_by="A handshake that broke off with an error of its own, or was not finished in time.",
        next_step="Check the server from outside; a weak WiFi signal makes handshakes slow too.",
        quote=_failed(FailedBecause.HANDSHAKE_BROKEN, FailedBecause.HANDSHAKE_SLOW),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="plain_on_tls",
        certainty=Certainty.LIKELY,
        title="A board reached the gateway's TLS port without TLS.",
        shown_by="Plain bytes on the TLS port.",
        next_step="Use the plain port in sketches without TLS, or an _SSL client: Edgent sketches have one.",
        quote=_failed(FailedBecause.PLAIN_ON_TLS),
        link=Link.SESSION,
    ),
    Rule(
        code="tls_on_plain",
        certainty=Certainty.LIKELY,
        title="A board reached the gateway's plain port with TLS.",
        shown_by="A TLS hello on the plain port.",
        next_step="Give the gateway a certificate with GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, and set the board up with "
        "the TLS port. Edgent sketches speak TLS only.",
        quote=_failed(FailedBecause.TLS_ON_PLAIN),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="turned_away",
        certainty=Certainty.LIKELY,
        title="The gateway turned connections from your network away: there were too many.",
        shown_by="Connections that were closed by a limit on connections or refused logins.",
        next_step="Find the board that calls again and again with a dead token, and clear it. The limits are "
        "GATEWAY_CONNECTIONS_PER_ADDRESS and GATEWAY_REFUSALS_PER_MINUTE.",
        quote=_failed(FailedBecause.TURNED_AWAY),
    ),
    Rule(
        code="never_seen",
        certainty=Certainty.POSSIBLE,
        title="Nothing reached this server with the session's token.",
        shown_by="No login with the token, no refused login and no failed connection from your network.",
        next_step="Look at the LED to tell which side it is. Quick blue flashes: the board still waits for its "
        "settings. Green: its WiFi or the way to this gateway. In the serial monitor, the line after “Connecting to” "
        "must name {host}:{port}.",
        quote=_never_seen,
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="closed_before_login",
        certainty=Certainty.POSSIBLE,
        title="Something connected to the gateway and closed before it logged in.",
        shown_by="A connection that ended before its first message.",
        next_step="If it was the board, it reaches the gateway: look at its power supply, and at the line after "
        "“Connecting to” in its serial log.",
        quote=_failed(FailedBecause.CLOSED_EARLY),
    ),
    Rule(
        code="no_login",
        certainty=Certainty.POSSIBLE,
        title="Something connected to the gateway and did not log in.",
        shown_by="A connection that said nothing until the login deadline.",
        next_step="If it was the board, it reaches the gateway. A weak WiFi signal does this, and so does a proxy that "
        "opens connections ahead.",
        quote=_failed(FailedBecause.NO_LOGIN),
    ),
    Rule(
        code="not_the_protocol",
        certainty=Certainty.POSSIBLE,
        title="Something spoke another protocol to the gateway's port.",
        shown_by="First bytes that are no login of the Blynk protocol, HTTP for example.",
        next_step="Boards need the gateway's port; the console's port is another. Check host and port in the sketch.",
        quote=_failed(FailedBecause.NOT_THE_PROTOCOL),
        link=Link.SESSION,
    ),
)
