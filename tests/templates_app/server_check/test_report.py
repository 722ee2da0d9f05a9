"""What the steps of a check mean for boards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from templates_app.firmware import LibraryVersion
from templates_app.gateway import GatewayAddress
from templates_app.server_check.certificates import covers
from templates_app.server_check.handshake import Answer, Mfln
from templates_app.server_check.observation import Certificate, Leaf, Observation, Step, Tls
from templates_app.server_check.report import report_of
from templates_app.server_check.roots import pinned_roots

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEAF = Leaf(("gw.example.com",), NOW - timedelta(days=30), NOW + timedelta(days=60))
TLS = Tls(
    version="TLSv1.3",
    chain=(
        Certificate("gw.example.com", "R13, Let's Encrypt", LEAF.expires_at),
        Certificate("R13, Let's Encrypt", "ISRG Root X1", None),
    ),
    leaf=LEAF,
    anchor="ISRG Root X1",
    refusal="",
    answer=Answer(Mfln.HONOURED, 1500),
)
GOOD = Observation(GatewayAddress("gw.example.com", 9443, is_tls=True), NOW, ("192.0.2.7",), "192.0.2.7", TLS)


def codes(seen: Observation) -> list[str]:
    return [finding.code for finding in report_of(seen).findings]


def with_tls(**changes: object) -> Observation:
    return replace(GOOD, tls=replace(TLS, **changes))  # type: ignore[arg-type]  # whatever a test changes


def test_gateway_with_everything_right() -> None:
    report = report_of(GOOD)

    assert (report.findings, report.is_fine) == ((), True)
    assert {step.state for step in report.steps} == {"done"}
    assert [row.version for row in report.trust if row.is_trusted] == list(LibraryVersion)


def test_pinned_roots_are_those_of_the_libraries() -> None:
    assert [root.name for root in pinned_roots() if LibraryVersion.V1_2 in root.versions] == ["ISRG Root X1"]
    assert [root.name for root in pinned_roots() if LibraryVersion.V1_4 in root.versions] == [
        "ISRG Root X1", "Amazon Root CA 1", "DigiCert Global Root G2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"anchor": "", "refusal": "self-signed certificate"}, "server-chain-not-pinned"),
        ({"anchor": "Amazon Root CA 1"}, "server-chain-not-pinned-everywhere"),
        ({"leaf": replace(LEAF, names=("other.example.com",))}, "server-name-mismatch"),
        ({"leaf": replace(LEAF, expires_at=NOW)}, "server-certificate-out-of-date"),
        ({"leaf": replace(LEAF, starts_at=NOW + timedelta(seconds=1))}, "server-certificate-out-of-date"),
        ({"leaf": replace(LEAF, expires_at=NOW + timedelta(days=13))}, "server-certificate-expires-soon"),
        ({"answer": Answer(Mfln.IGNORED, 3800)}, "server-ignores-small-records"),
        ({"answer": Answer(Mfln.REFUSED, alert=70)}, "server-refuses-esp8266"),
        ({"answer": Answer(Mfln.UNKNOWN)}, "server-small-records-unknown"),
    ],
)
def test_each_trouble_is_one_finding(changes: dict[str, object], expected: str) -> None:
    assert codes(with_tls(**changes)) == [expected]


def test_newer_roots_leave_older_libraries_out() -> None:
    report = report_of(with_tls(anchor="Amazon Root CA 1"))

    assert [row.version for row in report.trust if row.is_trusted] == [LibraryVersion.V1_4, LibraryVersion.EDGENT_0_9]
    assert "Blynk library 1.2 and 1.3" in report.findings[0].evidence


def test_chain_is_quoted_as_evidence() -> None:
    (finding,) = report_of(with_tls(anchor="", refusal="self-signed certificate")).findings

    assert "gw.example.com, issued by R13, Let's Encrypt" in finding.evidence
    assert "self-signed certificate" in finding.evidence


def test_record_too_large_for_an_esp8266_is_said() -> None:
    (finding,) = report_of(with_tls(answer=Answer(Mfln.IGNORED, 3800))).findings

    assert "3,800 bytes. An ESP8266 has room for 2,048, so it fails here." in finding.evidence


@pytest.mark.parametrize(
    ("step", "code", "states"),
    [
        (Step.RESOLVE, "server-name-unknown", ["failed", "next", "next", "next", "next", "next", "next"]),
        (Step.CONNECT, "server-unreachable", ["done", "failed", "next", "next", "next", "next", "next"]),
        (Step.TLS, "server-tls-failed", ["done", "done", "failed", "next", "next", "next", "next"]),
    ],
)
def test_failed_step_is_a_finding_and_the_rest_was_not_made(step: Step, code: str, states: list[str]) -> None:
    report = report_of(replace(GOOD, tls=None, failed=step, reason="There was no answer in time."))

    assert report.findings[0].code == code
    assert "There was no answer in time." in report.findings[0].evidence
    assert [each.state for each in report.steps] == states
    assert report.trust == ()


def test_plain_port_has_no_tls_steps_and_says_what_it_is_good_for() -> None:
    report = report_of(replace(GOOD, address=GatewayAddress("gw.example.com", 8080, is_tls=False), tls=None))

    assert [step.key for step in report.steps] == ["resolve", "connect"]
    assert [finding.code for finding in report.findings] == ["gateway-without-tls"]


def test_ip_address_is_told_once() -> None:
    seen = replace(with_tls(leaf=replace(LEAF, names=())), address=GatewayAddress("192.0.2.7", 9443, is_tls=True))

    assert codes(seen) == ["gateway-tls-by-address"]


def test_port_that_the_newer_library_never_tries() -> None:
    seen = replace(GOOD, address=GatewayAddress("gw.example.com", 9444, is_tls=True))

    assert codes(seen) == ["gateway-port-not-tried"]


@pytest.mark.parametrize(
    ("pattern", "host", "expected"),
    [
        ("gw.example.com", "GW.example.com.", True),
        ("*.example.com", "gw.example.com", True),
        ("*.example.com", "a.gw.example.com", False),
        ("*.example.com", "example.com", False),
        ("*.", "gw.", False),
        ("*", "gw", False),
        ("gw.example.com", "gw.example.org", False),
    ],
)
def test_names_of_a_certificate(pattern: str, host: str, expected: bool) -> None:
    assert covers(pattern, host) is expected
