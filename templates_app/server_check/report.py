"""One check as the page and the API tell it: steps, certificates, which library trusts them, findings."""

from collections.abc import Iterator
from dataclasses import dataclass

from console.kit.findings import Finding, Severity
from templates_app.firmware import LibraryVersion
from templates_app.gateway import is_ip_address
from templates_app.server_check.certificates import covers
from templates_app.server_check.findings import anchored_versions, findings_of
from templates_app.server_check.handshake import Mfln
from templates_app.server_check.observation import Observation, Step, Tls
from templates_app.server_check.roots import PinnedRoot, pinned_roots

_MFLN_WORDS = {
    Mfln.HONOURED: "The server keeps its records small when asked to.",
    Mfln.IGNORED: "The server ignores the wish for small records.",
    Mfln.REFUSED: "The server refuses the handshake of an ESP8266.",
    Mfln.UNKNOWN: "The answer could not be read.",
}


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One row of `kit/steps.html`; `state` is done, failed or next (not made)."""

    key: str
    title: str
    state: str
    detail: str = ""
    at: None = None
    kind: str = "check"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether one library version trusts the chain, and the roots that it carries."""

    version: LibraryVersion
    roots: tuple[str, ...]
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found out. `trust` is empty where no chain was seen."""

    seen: Observation
    steps: tuple[ReportStep, ...]
    trust: tuple[Trust, ...]
    findings: tuple[Finding, ...]

    @property
    def is_fine(self) -> bool:
        """Whether nothing more than a remark was found."""
        return all(finding.severity is Severity.INFO for finding in self.findings)


def report_of(seen: Observation, roots: tuple[PinnedRoot, ...] | None = None) -> Report:
    """The report of one observation; `roots` are those that boards pin, unless told otherwise."""
    pinned = pinned_roots() if roots is None else roots
    return Report(
        seen=seen,
        steps=tuple(_steps(seen)),
        trust=tuple(_trust(seen.tls, pinned)) if seen.tls else (),
        findings=findings_of(seen, pinned),
    )


def _steps(seen: Observation) -> Iterator[ReportStep]:
    failed_at = list(Step).index(seen.failed) if seen.failed else len(Step)
    details = {
        Step.RESOLVE: ", ".join(seen.resolved),
        Step.CONNECT: f"{seen.connected_to} on port {seen.address.port}" if seen.connected_to else "",
        Step.TLS: seen.tls.version if seen.tls else "",
    }
    titles = {
        Step.RESOLVE: f"{seen.address.host} resolves",
        Step.CONNECT: f"Port {seen.address.port} answers",
        Step.TLS: "TLS handshake",
    }
    for number, step in enumerate(Step):
        if step is Step.TLS and not seen.address.is_tls:
            return
        state = "done" if number < failed_at else "failed" if number == failed_at else "next"
        detail = seen.reason if state == "failed" else details[step]
        yield ReportStep(step.value, titles[step], state, detail)
    if seen.address.is_tls:
        yield from _tls_steps(seen, seen.tls)


def _tls_steps(seen: Observation, tls: Tls | None) -> Iterator[ReportStep]:
    titles = {
        "chain": "Chain ends in a root that boards carry",
        "name": "Certificate is for this name",
        "dates": "Certificate is in date",
        "small-records": "Small records for ESP8266 (MFLN)",
    }
    if tls is None:
        yield from (ReportStep(key, title, "next") for key, title in titles.items())
        return
    leaf, host = tls.leaf, seen.address.host
    is_named = leaf is not None and not is_ip_address(host) and any(covers(name, host) for name in leaf.names)
    in_date = leaf is not None and leaf.starts_at <= seen.at < leaf.expires_at
    names = (", ".join(leaf.names) or "It has no DNS name.") if leaf else "The certificate cannot be read."
    until = f"Until {leaf.expires_at:%-d %b %Y, %H:%M} UTC" if leaf else "The certificate cannot be read."
    facts = (
        ("chain", bool(tls.anchor), tls.anchor or tls.refusal),
        ("name", is_named, names),
        ("dates", in_date, until),
        ("small-records", tls.answer.mfln is Mfln.HONOURED, _MFLN_WORDS[tls.answer.mfln]),
    )
    for key, is_good, detail in facts:
        yield ReportStep(key, titles[key], "done" if is_good else "failed", detail)


def _trust(tls: Tls, roots: tuple[PinnedRoot, ...]) -> Iterator[Trust]:
    trusting = anchored_versions(tls, roots)
    for version in LibraryVersion:
        carried = tuple(root.name for root in roots if version in root.versions)
        yield Trust(version, carried, version in trusting)
