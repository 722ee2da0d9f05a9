"""What may be the cause because it would be on any board: the template's name, the gateway's address, the others."""

from collections.abc import Iterable, Iterator

from console.kit.findings import Certainty, Finding, Severity
from devices.diagnosis.evidence import Evidence
from devices.diagnosis.rule import Link, Quote, Rule

_MANY = 3


def _quoted(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield from f"{finding.title}\n{finding.evidence}".split("\n")


def _name(*prefixes: str) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        return _quoted(finding for finding in evidence.name_lint if finding.code.startswith(prefixes))

    return quote


def _gateway(*codes: str) -> Quote:
    def quote(evidence: Evidence) -> Iterator[str]:
        return _quoted(finding for finding in evidence.gateway_lint if finding.code in codes)

    return quote


def _others_fail(evidence: Evidence) -> Iterator[str]:
    others = evidence.siblings
    if others.commonest_count >= _MANY and not others.activated_count:
        yield (
            f"{others.commonest_count:,} of {others.failed_count:,} failed sessions of {evidence.template_name} in 7 "
            f"days: {others.commonest_title}"
        )


def _others_succeed(evidence: Evidence) -> Iterator[str]:
    count = evidence.siblings.activated_count
    if count:
        yield f"{count:,} {'device' if count == 1 else 'devices'} of {evidence.template_name} activated in 7 days."


RULES = (
    Rule(
        code="name_lint",
        certainty=Certainty.POSSIBLE,
        title="The template's name is too long for a board with library 1.0.",
        shown_by="The template's name: with library 1.0 the hotspot's name has more than 32 bytes.",
        next_step="Shorten the name to 18 characters, copy the firmware lines, and flash again.",
        quote=_name("hotspot-too-long", "name-overflows-board-info", "name-breaks-board-info"),
        link=Link.RENAME,
    ),
    Rule(
        code="name_cut",
        certainty=Certainty.POSSIBLE,
        title="The hotspot shows only part of the template's name.",
        shown_by="The template's name is longer than boards keep.",
        next_step="Look for the cut name among the WiFi networks, or shorten the template's name.",
        quote=_name("hotspot-cut-"),
        link=Link.RENAME,
    ),
    Rule(
        code="gateway_unreachable",
        certainty=Certainty.POSSIBLE,
        title="Boards on your WiFi cannot reach this gateway's address.",
        shown_by="The gateway's public address is one that every machine uses for itself.",
        next_step="Start Landfall with GATEWAY_HOST=0.0.0.0, then set the board up with the new address. Programs on "
        "this machine can connect as it is.",
        quote=_gateway("gateway-loopback"),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="gateway_lint",
        certainty=Certainty.POSSIBLE,
        title="Unmodified Edgent sketches cannot use this gateway's address as it is.",
        shown_by="The gateway has no certificate, is named by an IP address, or has a name above 33 bytes.",
        next_step="Give the gateway a short public DNS name and a certificate for it.",
        quote=_gateway("gateway-without-tls", "gateway-tls-by-address", "gateway-name-too-long"),
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="others_fail",
        certainty=Certainty.POSSIBLE,
        title="Other devices of this template fail in the same way.",
        shown_by="Three failed sessions or more of the template in 7 days with one cause, and none that succeeded.",
        next_step="Look at what they have in common: firmware, network, and this gateway's address.",
        quote=_others_fail,
        link=Link.CHECK_SERVER,
    ),
    Rule(
        code="others_succeed",
        certainty=Certainty.POSSIBLE,
        severity=Severity.INFO,
        title="Other devices of this template came online: template, gateway and certificate work.",
        shown_by="Devices of the template that were activated in the last 7 days.",
        next_step="Look at what differs here: this board, its WiFi network, and what was typed.",
        quote=_others_succeed,
    ),
)
