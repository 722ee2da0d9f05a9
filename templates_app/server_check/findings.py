"""What an observation means for boards with unmodified Edgent sketches. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from console.kit.findings import Finding, Severity
from templates_app import boards
from templates_app.firmware import LibraryVersion
from templates_app.gateway import gateway_findings, is_ip_address, version_findings
from templates_app.server_check.certificates import covers
from templates_app.server_check.handshake import ESP8266_RECORD_LIMIT, Mfln
from templates_app.server_check.observation import Leaf, Observation, Step, Tls
from templates_app.server_check.roots import PinnedRoot, pinned_roots

RENEW_BEFORE = timedelta(days=14)
"""How long before its end a certificate that was not renewed is a finding; Let's Encrypt's are renewed at 30 days."""

_ORDER = tuple(Severity)
_STEP_CODES = {Step.RESOLVE: "server-name-unknown", Step.CONNECT: "server-unreachable", Step.TLS: "server-tls-failed"}
_STEP_REMEDIES = {
    Step.RESOLVE: "Set GATEWAY_PUBLIC_HOST to a DNS name that points to the gateway, or correct the DNS record.",
    Step.CONNECT: "Start the gateway, open its port in the firewall, and check GATEWAY_PUBLIC_HOST and the ports.",
    Step.TLS: "Check GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, and that what stands in front of the gateway passes TLS on.",
}


def findings_of(seen: Observation, roots: tuple[PinnedRoot, ...] | None = None) -> tuple[Finding, ...]:
    """Everything that would keep a board from the gateway: errors first, and the most basic first among equals."""
    edgent = boards.by_key(boards.BoardKey.ESP32)
    found = (
        *_failure(seen),
        *gateway_findings(seen.address, edgent),
        *version_findings(seen.address, LibraryVersion.EDGENT_0_9),
        *(_tls(seen, seen.tls, pinned_roots() if roots is None else roots) if seen.tls else ()),
    )
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def _failure(seen: Observation) -> Iterator[Finding]:
    if seen.failed is None:
        return
    host, port = seen.address.host, seen.address.port
    titles = {
        Step.RESOLVE: f"The name {host} leads nowhere.",
        Step.CONNECT: f"Nothing answers at {host} on port {port}.",
        Step.TLS: f"Port {port} of {host} does not speak TLS as boards do.",
    }
    yield Finding(
        code=_STEP_CODES[seen.failed],
        severity=Severity.ERROR,
        title=titles[seen.failed],
        evidence="\n".join((*(f"Tried {address}." for address in seen.resolved[:3]), seen.reason)),
        next_step=_STEP_REMEDIES[seen.failed],
    )


def _tls(seen: Observation, tls: Tls, roots: tuple[PinnedRoot, ...]) -> Iterator[Finding]:
    yield from _anchor(tls, roots)
    if tls.leaf:
        yield from _name(seen.address.host, tls.leaf)
        yield from _dates(seen, tls.leaf)
    yield from _small_records(tls)


def anchored_versions(tls: Tls, roots: tuple[PinnedRoot, ...]) -> frozenset[LibraryVersion]:
    """The library versions that trust the chain."""
    return next((root.versions for root in roots if root.name == tls.anchor), frozenset())


def _anchor(tls: Tls, roots: tuple[PinnedRoot, ...]) -> Iterator[Finding]:
    trusting = anchored_versions(tls, roots)
    left_out = [version for version in LibraryVersion if version not in trusting]
    if not left_out:
        return
    chain = "\n".join(f"{each.subject}, issued by {each.issuer}" for each in tls.chain)
    if not trusting:
        yield Finding(
            code="server-chain-not-pinned",
            severity=Severity.ERROR,
            title="No unmodified Edgent sketch trusts this certificate.",
            evidence=f"{chain}\nThe chain ends in none of the roots that the libraries carry"
            + (f": {tls.refusal}." if tls.refusal else "."),
            next_step="Use a Let's Encrypt certificate for a public DNS name and serve its full chain, which ends in "
            "ISRG Root X1. Sketches and programs with a fixed token can use the plain port.",
        )
        return
    yield Finding(
        code="server-chain-not-pinned-everywhere",
        severity=Severity.WARNING,
        title="Boards with older libraries do not trust this certificate.",
        evidence=f"{chain}\nThe chain ends in {tls.anchor}, which is missing in: "
        + ", ".join(version.label for version in left_out)
        + ".",
        next_step="Use a Let's Encrypt certificate, whose chain ends in ISRG Root X1, or flash a newer library.",
    )


def _name(host: str, leaf: Leaf) -> Iterator[Finding]:
    if is_ip_address(host) or any(covers(name, host) for name in leaf.names):
        return
    yield Finding(
        code="server-name-mismatch",
        severity=Severity.ERROR,
        title=f"The certificate is not for {host}.",
        evidence=f"It names {', '.join(leaf.names) or 'no DNS name'}. ESP8266 boards log SSL error: 56.",
        next_step=f"Get a certificate for {host}, or set GATEWAY_PUBLIC_HOST to a name in this one.",
    )


def _dates(seen: Observation, leaf: Leaf) -> Iterator[Finding]:
    if leaf.starts_at <= seen.at < leaf.expires_at - RENEW_BEFORE:
        return
    is_valid = leaf.starts_at <= seen.at < leaf.expires_at
    if is_valid:
        title = "The certificate expires soon."
    else:
        title = "The certificate has expired." if seen.at >= leaf.expires_at else "The certificate is not valid yet."
    yield Finding(
        code="server-certificate-expires-soon" if is_valid else "server-certificate-out-of-date",
        severity=Severity.WARNING if is_valid else Severity.ERROR,
        title=title,
        evidence=f"It is valid from {leaf.starts_at:%-d %b %Y, %H:%M} to {leaf.expires_at:%-d %b %Y, %H:%M} UTC.",
        next_step="Renew it, and restart the gateway so that it reads the new files.",
    )


def _small_records(tls: Tls) -> Iterator[Finding]:
    answer = tls.answer
    match answer.mfln:
        case Mfln.HONOURED:
            return
        case Mfln.IGNORED:
            too_large = answer.largest_record > ESP8266_RECORD_LIMIT
            yield Finding(
                code="server-ignores-small-records",
                severity=Severity.WARNING,
                title="ESP8266 boards may not be able to connect: the server ignores their wish for small records.",
                evidence=f"It did not answer max_fragment_length (RFC 6066), and its largest record had "
                f"{answer.largest_record:,} bytes. An ESP8266 has room for {ESP8266_RECORD_LIMIT:,}"
                + (", so it fails here." if too_large else "."),
                next_step="Let the gateway end TLS itself, not a proxy in front of it. Other boards are not affected.",
            )
        case Mfln.REFUSED:
            yield Finding(
                code="server-refuses-esp8266",
                severity=Severity.WARNING,
                title="ESP8266 boards cannot connect: the server ends a TLS 1.2 handshake as they make it.",
                evidence=f"It answered with alert {answer.alert}.",
                next_step="Allow TLS 1.2 with an ECDHE cipher in what stands in front of the gateway.",
            )
        case Mfln.UNKNOWN:
            yield Finding(
                code="server-small-records-unknown",
                severity=Severity.INFO,
                title="It could not be seen whether the server sends records small enough for an ESP8266.",
                evidence="The connection ended before the server had answered.",
                next_step="Check again.",
            )
