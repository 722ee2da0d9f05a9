"""Lists of devices as spreadsheets save them and as somebody hostile would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.kit.problems import Invalid
from devices.actions.batch_lists import read
from devices.actions.planned import PlannedDevice, Row, RowProblem, plan

NORTH = PlannedDevice(1, "Bed 1", "24:6F:28:01:02:03", ("north", "soil"))


def planned(text: str | bytes) -> tuple[PlannedDevice, ...]:
    """The devices of a list in which nothing is wrong."""
    found = plan(rows(text))
    assert found.problems == ()
    return found.devices


def rows(text: str | bytes, *, max_rows: int = 500) -> list[Row]:
    data = text if isinstance(text, bytes) else text.encode()
    return read(data, max_bytes=200_000, max_rows=max_rows)


def problems(text: str) -> list[RowProblem]:
    return list(plan(rows(text)).problems)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Bed 1,24:6F:28:01:02:03,north|soil", 1),
        ("Bed 1;24:6f:28:01:02:03;North Soil", 1),
        ("Bed 1\t246f28010203\tnorth|soil|north", 1),
        ("name,mac,tags\r\nBed 1,24-6F-28-01-02-03,north|soil\r\n", 2),
        ("tags;MAC address;Name\nnorth|soil;246f.2801.0203;Bed 1", 2),
        ("\ufeffName,MAC,Tags\rBed 1,24:6F:28:01:02:03,north soil\r", 2),
        ('"name","mac","tags"\n"Bed  1 ","24:6F:28:01:02:03","north | soil"', 2),
        ("name,mac,tags,,\n\n,,\nBed 1,24:6F:28:01:02:03,north|soil,,", 4),
    ],
)
def test_lists_are_read_however_they_were_saved(text: str, line: int) -> None:
    (device,) = planned(text)
    assert device == PlannedDevice(line, NORTH.name, NORTH.mac, NORTH.tags)


def test_columns_may_be_missing_and_cells_empty() -> None:
    assert [d.name for d in planned("Bed 1\nBed 2, 24:6F:28:01:02:03\n")] == ["Bed 1", "Bed 2"]
    assert [d.mac for d in planned("24:6F:28:01:02:03\n24:6F:28:01:02:04")] == [
        "24:6F:28:01:02:03",
        "24:6F:28:01:02:04",
    ]
    assert planned("mac,tags\n,soil\n24:6F:28:01:02:03,")[0].tags == ("soil",)


def test_a_name_may_hold_separators_quotes_and_line_breaks() -> None:
    (device, other) = planned('"Bed, north ""A""","24:6F:28:01:02:03",soil\n"Bed\n2",,')
    assert (device.name, device.line) == ('Bed, north "A"', 1)
    assert (other.name, other.line) == ("Bed 2", 2)


def test_what_is_wrong_is_named_by_line_and_reason() -> None:
    found = problems(
        "name,mac,tags\nBed 1,24:6F:28:01:02:03,\nBed 2,24:6F:28:01:02,\nbed 1,24:6f:28:01:02:03,\n"
        f"{'x' * 61},,\nBed\x00 6,,\n,FF:FF:FF:FF:FF:FF,\n,00:00:00:00:00:00,\nBed 9,,{' '.join(map(str, range(11)))}\n"
        f"Bed 10,,{'y' * 41}\nBed 11,,,what\n\u202eBed 12,,"
    )
    assert [(problem.line, problem.field) for problem in found] == [
        (3, "mac"),
        (4, "name"),
        (4, "mac"),
        (5, "name"),
        (6, "name"),
        (7, "mac"),
        (8, "mac"),
        (9, "tags"),
        (10, "tags"),
        (11, ""),
        (12, "name"),
    ]
    assert found[0].message.startswith("A MAC address has twelve hexadecimal digits")
    assert found[1].message == "The name stands in line 2 already."
    assert found[4].shown == "Bed\N{REPLACEMENT CHARACTER} 6"


def test_a_row_that_is_wrong_is_not_among_the_devices() -> None:
    found = plan(rows("Bed 1,wrong,\nBed 2,,"))
    assert [device.name for device in found.devices] == ["Bed 2"]
    assert found.refused_lines == (1,)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no device"),
        (b" \n,,\n", "no device"),
        (b"name,mac,tags\n", "only the names"),
        (b"name,serial\nBed 1,5", "no column “serial”"),
        (b"name,Name\nBed 1,5", "twice"),
        (b"Bed 1\nB\xe4d 2", "Line 2 is not UTF-8"),
        ("name\nBed 1".encode("utf-16"), "not UTF-8"),
        (b'Bed 1,,\n"Bed 2,,\nBed 3', "Line 2 cannot be read"),
        (b"Bed " + b"9" * 150_000, "cannot be read"),
        (b"x\n" * 2_500_000, "larger than 200,000 bytes"),
        (b"x\n" * 501, "more than 500 devices"),
    ],
)
def test_what_is_no_list_is_refused_whole(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        rows(data)
    assert refused.value.field == "list"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = plan(rows(data))
    except Invalid:
        return
    assert {device.line for device in found.devices}.isdisjoint(found.refused_lines)
    assert all("\0" not in device.name for device in found.devices)
