"""Whose address counts: the one our own proxy wrote, or that of the connection."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from console.kit.client_address import client_address, site_of

LONGEST = 45
"""What the columns that keep an address hold."""


def address(remote: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


def test_without_a_proxy_what_visitors_claim_is_not_read() -> None:
    assert address("192.0.2.7", "198.51.100.1") == "192.0.2.7"


def test_behind_a_proxy_the_last_address_counts(settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    assert address("10.0.0.1", "203.0.113.9, 198.51.100.1") == "198.51.100.1"
    assert address("10.0.0.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", ""),
        ("unix:", ""),
        ("1" * 5000, ""),
        ("192.0.2.7\x00", ""),
        ("😀", ""),
    ],
)
def test_only_addresses_are_kept_each_in_one_spelling(told: str, kept: str) -> None:
    assert address(told) == kept
    assert len(address(told)) <= LONGEST


@pytest.mark.parametrize("told", ["evil", "evil, ", "1.2.3.4\r\nx: y", "\x00", "9" * 9999, ",,,"])
def test_hostile_headers_of_a_proxy_make_no_address(told: str, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    assert address("10.0.0.1", told) in {"", "10.0.0.1"}


def test_an_ipv6_customer_is_one_site_and_an_ipv4_address_is_itself() -> None:
    assert site_of("2001:db8:1:2:3::4") == site_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::"
    assert site_of("192.0.2.7") == "192.0.2.7"
    assert site_of("") == ""
