"""What one address may ask."""

import pytest

from devices.gateway import admission
from devices.gateway.admission import Admission, plain_address, site_of
from devices.gateway.options import Options


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (("192.0.2.9", 5), "192.0.2.9"),
        (("::ffff:192.0.2.9", 5, 0, 0), "192.0.2.9"),
        (("fe80::1%a-long-interface-name", 5, 0, 3), "fe80::1"),
        (None, ""),
        ("", ""),
        (("nonsense", 1), ""),
    ],
)
def test_addresses_are_plain(peer: object, address: str) -> None:
    assert plain_address(peer) == address


def test_an_ipv6_site_is_its_64() -> None:
    assert site_of("2001:db8:1:2:3:4:5:6") == site_of("2001:db8:1:2::1") == "2001:db8:1:2::"
    assert site_of("192.0.2.9") == "192.0.2.9"


def may_try(gate: Admission, *, hint: str = "lfd_aaaa", digest: bytes = b"12345678", now: float = 0.0) -> bool:
    return gate.may_try(site="192.0.2.9", hint=hint, digest=digest, now=now)


def test_refusals_are_forgotten_after_a_minute() -> None:
    gate = Admission(Options(refusals_per_hint=1))
    assert may_try(gate)
    gate.count_refusal(site="192.0.2.9", hint="lfd_aaaa", now=0.0)
    assert not may_try(gate, now=59.0)
    assert may_try(gate, now=60.0)


def test_another_address_may_still_try_the_same_token() -> None:
    gate = Admission(Options(refusals_per_hint=1))
    gate.count_refusal(site="198.51.100.1", hint="lfd_aaaa", now=0.0)
    assert may_try(gate)


def test_connections_are_counted_per_address_and_in_all() -> None:
    gate = Admission(Options(connections_per_address=1, max_connections=2))
    assert gate.enter("a") is None
    assert gate.enter("a") == "connections_per_address"
    assert gate.enter("b") is None
    assert gate.enter("c") == "connections"
    gate.leave("a")
    assert gate.enter("c") is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "KEYS_KEPT", 10)
    monkeypatch.setattr(admission, "TRUSTED_KEPT", 10)
    gate = Admission(Options(refusals_per_address=1))
    for number in range(100):
        gate.count_refusal(site=str(number), hint=str(number), now=0.0)
        gate.trust(number.to_bytes(8))
    gate.count_refusal(site="192.0.2.9", hint="x", now=0.0)
    assert may_try(gate, digest=(99).to_bytes(8))
    assert not may_try(gate, digest=(1).to_bytes(8))
