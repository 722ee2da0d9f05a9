from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from templates_app.hotspot import (
    SSID_LIMIT,
    Generation,
    SuffixSource,
    crc,
    id_bytes,
    parse_mac,
    pattern,
    ssid,
    suffix_base24,
    suffix_hex,
)
from tests.templates_app.strategies import any_text

MAC = bytes.fromhex("246F28010203")
MACS = st.binary(min_size=6, max_size=6)
CRC = 0xD3C11504
POLYNOMIAL = 0xEDB88320


def board_crc(data: bytes, previous: int) -> int:
    """CRC-32 as the boards compute it, bit by bit."""
    value = ~previous & 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
    return ~value & 0xFFFFFFFF


class TestSuffix:
    def test_the_known_board_has_the_known_checksum(self) -> None:
        assert crc(id_bytes(MAC, SuffixSource.EFUSE_MAC)) == CRC

    def test_the_known_board_has_the_known_suffixes(self) -> None:
        assert suffix_hex(CRC) == "11504"
        assert suffix_base24(CRC) == "9A4R"

    @given(MACS)
    def test_the_checksum_is_the_boards_own(self, mac: bytes) -> None:
        expected = 0
        for _ in range(4):
            expected = board_crc(mac, expected)

        assert crc(mac) == expected

    @given(st.integers(0, 2**32 - 1))
    @example(0)
    def test_no_digit_of_the_short_suffix_repeats_its_neighbour(self, checksum: int) -> None:
        written = suffix_base24(checksum)

        assert len(written) == 4
        assert all(a != b for a, b in pairwise(written))

    def test_a_repeated_digit_moves_on_by_one(self) -> None:
        assert suffix_base24(0) == "0W0W"

    @given(st.integers(0, 2**32 - 1))
    def test_the_long_suffix_always_has_five_digits(self, checksum: int) -> None:
        assert len(suffix_hex(checksum)) == 5

    def test_the_newer_library_writes_x_for_u(self) -> None:
        suffixes = {
            generation: {ssid("Pump", generation, n.to_bytes(6)).suffix for n in range(300)}
            for generation in (Generation.V1_2, Generation.EDGENT_0_9)
        }

        older, newer = suffixes[Generation.V1_2], suffixes[Generation.EDGENT_0_9]
        assert any("U" in suffix for suffix in older)
        assert not any("X" in suffix for suffix in older)
        assert {suffix.replace("U", "X") for suffix in older} == newer

    def test_arduino_boards_read_their_mac_backwards(self) -> None:
        backwards = id_bytes(MAC, SuffixSource.REVERSED_MAC)

        assert backwards == id_bytes(MAC[::-1], SuffixSource.STATION_MAC)

    def test_a_mac_of_another_length_is_refused(self) -> None:
        with pytest.raises(ValueError, match="6 bytes, this one has 5"):
            ssid("Pump", Generation.V1_2, MAC[:5])


class TestParseMac:
    @pytest.mark.parametrize(
        "text",
        [
            "24:6F:28:01:02:03",
            "24-6f-28-01-02-03",
            "246f.2801.0203",
            " 246F28010203\n",
        ],
    )
    def test_usual_spellings_are_read(self, text: str) -> None:
        assert parse_mac(text) == MAC

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "24:6F:28:01:02",
            "24:6F:28:01:02:0G",
            "24:6F-28:01:02:03",
            "246F280102030",
            "٢٤٦٠٢٨٠١٠٢٠٣",
        ],
    )
    def test_anything_else_is_refused_with_an_example(self, text: str) -> None:
        with pytest.raises(ValueError, match="24:6F:28:01:02:03"):
            parse_mac(text)


class TestExactName:
    @pytest.mark.parametrize(
        ("generation", "expected"),
        [
            (Generation.V1_0, "Blynk Root Template-11504"),
            (Generation.V1_1, "Blynk Root Template-11504"),
            (Generation.V1_2, "Blynk Root Template-9A4R"),
            (Generation.EDGENT_0_9, "Blynk Root Template-9A4R"),
        ],
    )
    def test_the_known_board_broadcasts_the_known_name(self, generation: Generation, expected: str) -> None:
        assert ssid("Root Template", generation, MAC).text == expected

    @given(any_text, MACS, st.sampled_from(Generation), st.sampled_from(SuffixSource))
    def test_the_pattern_is_the_exact_name_with_its_suffix_hidden(
        self, name: str, mac: bytes, generation: Generation, source: SuffixSource
    ) -> None:
        exact = ssid(name, generation, mac, source)
        hidden = pattern(name, generation)

        assert (hidden.length, hidden.kept, hidden.cut) == (exact.length, exact.kept, exact.cut)
        assert len(hidden.suffix) == len(exact.suffix)


class TestCuts:
    @pytest.mark.parametrize(
        ("generation", "kept"),
        [(Generation.V1_1, 19), (Generation.V1_2, 20), (Generation.EDGENT_0_9, 18)],
    )
    def test_the_name_is_cut_where_the_library_cuts_it(self, generation: Generation, kept: int) -> None:
        name = "abcdefghijklmnopqrstuvwxyz"

        hotspot = pattern(name, generation)

        assert hotspot.kept == name[:kept]
        assert hotspot.cut == name[kept:]
        assert not hotspot.too_long
        assert pattern(name[:kept], generation).cut == ""

    def test_the_first_library_cuts_nothing_and_breaks_beyond_twenty_bytes(self) -> None:
        fits, breaks = pattern("a" * 20, Generation.V1_0), pattern("a" * 21, Generation.V1_0)

        assert (fits.length, fits.too_long) == (SSID_LIMIT, False)
        assert (breaks.length, breaks.too_long, breaks.cut) == (SSID_LIMIT + 1, True, "")

    def test_the_first_librarys_buffer_ends_a_very_long_name(self) -> None:
        hotspot = pattern("a" * 100, Generation.V1_0)

        assert hotspot.length == 63
        assert len(hotspot.kept) == 57

    def test_a_cut_inside_a_character_is_told(self) -> None:
        hotspot = pattern("a" * 19 + "é", Generation.V1_2)

        assert hotspot.splits_character
        assert hotspot.kept_length == 20
        assert hotspot.text == "Blynk " + "a" * 19 + "\ufffd-XXXX"
        assert b"\xc3-XXXX" in hotspot.ssid

    def test_a_cut_between_characters_is_no_split(self) -> None:
        assert not pattern("a" * 18 + "éb", Generation.V1_2).splits_character

    @given(any_text, st.text(max_size=20).filter(str.isascii))
    def test_later_libraries_stay_within_their_limits(self, name: str, prefix: str) -> None:
        assert pattern(name, Generation.V1_1, prefix).length <= 31
        assert pattern(name, Generation.V1_2, prefix).length <= 31
        assert pattern(name, Generation.EDGENT_0_9, prefix).length <= 29

    @given(any_text, st.sampled_from(Generation))
    def test_kept_and_cut_bytes_make_up_the_name(self, name: str, generation: Generation) -> None:
        hotspot = pattern(name, generation)

        assert name.encode()[: hotspot.kept_length] in hotspot.ssid
        if not hotspot.splits_character:
            assert hotspot.kept + hotspot.cut == name


class TestPrefix:
    def test_a_prefix_takes_room_from_the_name(self) -> None:
        hotspot = pattern("a" * 30, Generation.V1_2, prefix="Acme Devices")

        assert hotspot.text == "Acme Devices " + "a" * 13 + "-XXXX"

    def test_the_first_library_knows_no_prefix(self) -> None:
        assert pattern("Pump", Generation.V1_0, prefix="Acme").text == "Blynk Pump-XXXXX"

    def test_a_prefix_without_room_for_a_name_cuts_nothing_as_on_the_board(self) -> None:
        hotspot = pattern("Pump", Generation.V1_2, prefix="p" * 26)

        assert hotspot.kept == "Pump"
        assert hotspot.too_long

    def test_the_newer_library_leaves_out_a_name_that_repeats_the_prefix(self) -> None:
        assert pattern("Blynk", Generation.EDGENT_0_9).text == "Blynk-XXXX"
        assert pattern("Blynk", Generation.V1_2).text == "Blynk Blynk-XXXX"

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            ("p" * 40, "p" * 29),
            ("p" * 27, "p" * 27 + "-X"),
            ("p" * 24, "p" * 24 + "-XXXX"),
            ("", "Pump-XXXX"),
        ],
    )
    def test_the_newer_library_gives_room_to_prefix_then_suffix(self, prefix: str, expected: str) -> None:
        assert pattern("Pump", Generation.EDGENT_0_9, prefix).text == expected
