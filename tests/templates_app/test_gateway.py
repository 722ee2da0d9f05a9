"""What keeps a board from reaching the gateway, said before it is flashed."""

import pytest

from templates_app.boards import BoardKey, by_key
from templates_app.firmware import LibraryVersion
from templates_app.gateway import GatewayAddress, gateway_findings, version_findings

EDGENT = by_key(BoardKey.ESP32)
OTHER = by_key(BoardKey.OTHER)


def codes(address: GatewayAddress, key: BoardKey = BoardKey.ESP32) -> list[str]:
    return [finding.code for finding in gateway_findings(address, by_key(key))]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "0.0.0.0", "::", "localhost", "LOCALHOST"])
def test_own_address_of_every_machine_is_a_finding(host: str) -> None:
    (finding,) = gateway_findings(GatewayAddress(host, 8080, is_tls=False), OTHER)

    assert finding.code == "gateway-loopback"
    assert "GATEWAY_HOST=0.0.0.0" in finding.next_step


def test_edgent_board_wants_tls() -> None:
    assert codes(GatewayAddress("192.0.2.7", 8080, is_tls=False)) == ["gateway-without-tls"]


def test_board_without_edgent_sketch_is_fine_with_plain_tcp() -> None:
    assert codes(GatewayAddress("192.0.2.7", 8080, is_tls=False), BoardKey.OTHER) == []


def test_certificate_does_not_hold_for_an_ip_address() -> None:
    assert codes(GatewayAddress("192.0.2.7", 9443, is_tls=True)) == ["gateway-tls-by-address"]


def test_name_with_a_certificate_is_fine() -> None:
    assert codes(GatewayAddress("gw.example.com", 9443, is_tls=True)) == []


@pytest.mark.parametrize(("length", "expected"), [(33, []), (34, ["gateway-name-too-long"])])
def test_board_keeps_33_bytes_of_the_name(length: int, expected: list[str]) -> None:
    host = "g" * (length - len(".example.com")) + ".example.com"

    assert codes(GatewayAddress(host, 9443, is_tls=True)) == expected


@pytest.mark.parametrize(("port", "expected"), [(443, []), (9443, []), (9444, ["gateway-port-not-tried"])])
def test_newer_edgent_library_tries_two_ports(port: int, expected: list[str]) -> None:
    address = GatewayAddress("gw.example.com", port, is_tls=True)

    assert [finding.code for finding in version_findings(address, LibraryVersion.EDGENT_0_9)] == expected


def test_library_1_0_wants_its_settings_changed() -> None:
    (finding,) = version_findings(GatewayAddress("gw.example.com", 9443, is_tls=True), LibraryVersion.V1_0)

    assert finding.code == "library-1.0-server-in-settings"
    assert "Settings.h" in finding.evidence


@pytest.mark.parametrize("version", [LibraryVersion.V1_1, LibraryVersion.V1_2, LibraryVersion.V1_4])
def test_versions_that_take_the_lines_have_no_findings(version: LibraryVersion) -> None:
    assert version_findings(GatewayAddress("gw.example.com", 9444, is_tls=True), version) == ()
