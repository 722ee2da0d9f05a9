"""What `/config` keeps, and the 212 bytes that it is kept in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.virtual import applying, blob, http_request
from devices.virtual.blob import Config
from devices.virtual.firmware import Firmware, Library
from devices.virtual.http_request import Request

FIRMWARE = Firmware(template_id="TMPLx", template_name="N")
OLDEST = Firmware(template_id="TMPLx", template_name="N", library=Library.V1_0_1)
TOKEN = b"B" * 32
GOOD = {"ssid": b"Home", "pass": b"secret", "blynk": TOKEN, "host": b"landfall.example", "port_ssl": b"9443"}
EARLIER = replace(blob.default(OLDEST), host=b"older.example", port=8443, dns=b"\1\1\1\1", is_valid=True)


def applied(onto: Config | None = None, firmware: Firmware = FIRMWARE, **changes: bytes) -> Config:
    """What the board keeps of good fields with these changes; `password` is its field `pass`."""
    if "password" in changes:
        changes["pass"] = changes.pop("password")
    config = applying.apply(GOOD | changes, onto=onto or blob.default(firmware), firmware=firmware)
    assert config is not None
    return config


def test_the_record_has_212_bytes_in_the_boards_order() -> None:
    raw = applied(ip=b"10.0.0.2", mask=b"255.0.0.0", gw=b"10.0.0.1", dns=b"1.1.1.1", dns2=b"8.8.8.8").pack()
    assert (blob.SIZE, len(raw)) == (212, 212)
    assert raw[:4] == bytes.fromhex("6b6e6c62")
    assert raw[4:19] == b"0.1.0".ljust(15, b"\0")
    assert raw[19] == blob.STATIC_IP
    assert raw[20:54] == b"Home".ljust(34, b"\0")
    assert raw[54:118] == b"secret".ljust(64, b"\0")
    assert raw[118:152] == TOKEN.ljust(34, b"\0")
    assert raw[152:186] == b"landfall.example".ljust(34, b"\0")
    assert raw[186:188] == (9443).to_bytes(2, "little")
    addresses = (10, 0, 0, 2, 255, 0, 0, 0, 10, 0, 0, 1, 1, 1, 1, 1, 8, 8, 8, 8)
    assert raw[188:208] == bytes(addresses)
    assert raw[208:] == bytes(4)


def test_what_is_too_long_is_cut_without_a_word() -> None:
    config = applied(ssid=b"s" * 40, password=b"p" * 64, host=b"h" * 40)
    assert (len(config.ssid), len(config.password), len(config.host)) == (33, 63, 33)


def test_a_name_typed_by_hand_goes_before_a_chosen_one() -> None:
    assert applied(ssidManual=b"Hidden").ssid == b"Hidden"
    assert applied(ssidManual=b"").ssid == b"Home"


def test_omitted_host_and_port_are_the_defaults_since_1_1_and_the_earlier_ones_before() -> None:
    newer = applied(EARLIER, host=b"", port_ssl=b"")
    assert (newer.host, newer.port, newer.dns) == (b"blynk.cloud", 443, bytes(4))
    older = applied(EARLIER, OLDEST, host=b"", port_ssl=b"")
    assert (older.host, older.port, older.dns) == (b"older.example", 8443, b"\1\1\1\1")
    assert not older.is_valid


@pytest.mark.parametrize(
    ("port", "kept"), [(b"443", 443), (b"65536", 0), (b"70000", 4464), (b"-1", 65_535), (b"x", 0), (b" 80x", 80)]
)
def test_ports_are_numbers_as_the_board_counts(port: bytes, kept: int) -> None:
    assert applied(port_ssl=port).port == kept


@pytest.mark.parametrize(("save", "is_valid"), [(b"1", True), (b"-2", True), (b"0", False), (b"yes", False)])
def test_any_number_but_nought_saves(save: bytes, is_valid: bool) -> None:
    assert applied(save=save).is_valid is is_valid


@pytest.mark.parametrize("address", [b"", b"1.2.3", b"1.2.3.4.5", b"1.2.3.256", b"a.b.c.d", b"1..2.3", b"1.2.3.0004"])
def test_what_is_no_address_sets_no_static_one(address: bytes) -> None:
    config = applied(ip=address)
    assert not config.is_static
    assert config.ip == bytes(4)


@given(st.binary(max_size=300))
def test_any_query_is_read_without_an_error(query: bytes) -> None:
    arguments = http_request.arguments_of(Request(method="GET", path="/config", query=query))
    assert len(http_request.decoded(query)) <= len(query)
    config = applying.apply(arguments, onto=blob.default(FIRMWARE), firmware=FIRMWARE)
    assert config is None or blob.unpack(config.pack()) == config


TEXT = st.binary(max_size=80)


@given(ssid=TEXT.filter(bool), password=TEXT, token=st.binary(min_size=32, max_size=32), host=TEXT, port=TEXT)
def test_whatever_is_applied_survives_the_flash(
    ssid: bytes, password: bytes, token: bytes, host: bytes, port: bytes
) -> None:
    config = applied(ssid=ssid, password=password, blynk=token, host=host, port_ssl=port)
    assert blob.unpack(config.pack()) == config
    for kept, given_ in ((config.ssid, ssid), (config.password, password), (config.token, token)):
        assert given_.startswith(kept)


@given(st.binary(max_size=60))
def test_percent_signs_are_undone_as_people_expect(text: bytes) -> None:
    written = "".join(f"%{byte:02x}" for byte in text).encode()
    assert http_request.decoded(written) == text


@given(st.binary(max_size=400))
def test_any_head_is_a_request_or_none(head: bytes) -> None:
    found = http_request.read_head(head)
    assert found is None or found.path.startswith("/")
    assert http_request.read_line_by_hand(head).path.startswith("/")


@given(st.binary(min_size=212, max_size=212))
def test_a_flash_without_the_magic_number_holds_nothing(raw: bytes) -> None:
    assert blob.unpack(raw) is None or raw.startswith(bytes.fromhex("6b6e6c62"))


def test_a_flash_of_another_size_holds_nothing() -> None:
    assert blob.unpack(b"") is None
    assert blob.unpack(applied().pack() + b"\0") is None


def test_neither_password_nor_token_is_in_a_representation() -> None:
    assert "secret" not in repr(applied())
    assert TOKEN.decode() not in repr(applied())
