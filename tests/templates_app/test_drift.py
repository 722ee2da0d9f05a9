"""The verdict on one device, and what it is drawn from."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app import drift, hotspot
from templates_app.drift import Drift, Evidence
from templates_app.hotspot import Generation

OWN = Evidence("TMPLaaaaaaaaa", 3)
MAC = bytes.fromhex("246f28010203")


@pytest.mark.parametrize(
    "evidence",
    [
        OWN,
        replace(OWN, reported_template_id="TMPLaaaaaaaaa", hotspot_name="Blynk A-9A4R", fitting_revision=3),
        replace(OWN, hotspot_name="Acme A-9A4R"),
        replace(OWN, firmware_version="1.2.0", newest_firmware="1.2"),
        replace(OWN, firmware_version="nightly", newest_firmware="2.0"),
        replace(OWN, firmware_version="", newest_firmware="2.0"),
    ],
)
def test_nothing_is_said_without_evidence(evidence: Evidence) -> None:
    assert drift.verdict(evidence) is None


@pytest.mark.parametrize(
    ("evidence", "kind", "words"),
    [
        (replace(OWN, reported_template_id="TMPLbbbbbbbbb"), Drift.TEMPLATE, "TMPLbbbbbbbbb, not TMPLaaaaaaaaa"),
        (replace(OWN, hotspot_name="Blynk Old-9A4R", fitting_revision=2), Drift.NAME, "named as in revision 2"),
        (replace(OWN, firmware_version="1.9", newest_firmware="1.10"), Drift.FIRMWARE, "1.9 is older than 1.10"),
    ],
)
def test_verdict_says_what_shows_it(evidence: Evidence, kind: Drift, words: str) -> None:
    found = drift.verdict(evidence)

    assert found is not None
    assert (found.drift, words in found.reason) == (kind, True)


def test_another_template_id_comes_before_everything_else() -> None:
    found = drift.verdict(
        Evidence("TMPLaaaaaaaaa", 3, "TMPLbbbbbbbbb", "Blynk Old-9A4R", 1, firmware_version="1", newest_firmware="2")
    )

    assert found is not None
    assert found.drift is Drift.TEMPLATE


@given(name=st.text(min_size=1, max_size=24), generation=st.sampled_from(Generation))
def test_the_hotspot_of_a_name_has_one_of_its_stems(name: str, generation: Generation) -> None:
    name = name.encode(errors="ignore").decode()
    made = hotspot.ssid(name, generation, MAC)

    assert made.too_long or drift.hotspot_stem(made.text) in drift.hotspot_stems(name)


@pytest.mark.parametrize(
    ("older", "newer"), [("0.1.0", "0.1.1"), ("1.9", "1.10"), ("v1", "2"), ("1.2", "1.2.1"), ("1.0", "1.0.0.1")]
)
def test_versions_are_compared_number_by_number(older: str, newer: str) -> None:
    assert drift.version_key(older) < drift.version_key(newer)


@given(st.lists(st.lists(st.integers(0, 10**18 - 1), min_size=1, max_size=8), min_size=2, max_size=2))
def test_keys_sort_as_their_numbers_do(versions: list[list[int]]) -> None:
    keys = [drift.version_key(".".join(map(str, numbers))) for numbers in versions]
    stripped = [tuple(numbers) for numbers in versions]
    first, second = (numbers + (0,) * (8 - len(numbers)) for numbers in stripped)

    assert (keys[0] < keys[1], keys[0] == keys[1]) == (first < second, first == second)
    assert all(0 < len(key) <= drift.VERSION_KEY_LENGTH and key.isdigit() for key in keys)


@pytest.mark.parametrize("version", ["1.2", "1.2.0", "1.2.0.0", "v1.2-beta", "01.002"])
def test_what_follows_the_numbers_does_not_count(version: str) -> None:
    assert drift.version_key(version) == drift.version_key("1.2")


@pytest.mark.parametrize("version", ["", "nightly", "-1", "\u0661.2", "9" * 19])
def test_a_text_that_begins_with_no_number_has_no_key(version: str) -> None:
    assert drift.version_key(version) == ""
