"""The devices that a batch is to bring online: rows as somebody listed them, what they mean, and what is wrong."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.kit.problems import Invalid
from console.kit.text import unprintable
from devices.actions.devices import clean_name
from templates_app.hotspot import parse_mac

TAG_LENGTH = 40
TAGS_LIMIT = 10
_QUOTED_LENGTH = 60
_SEPARATORS = re.compile(r"[|\s]+")
_NOT_IN_A_TAG = re.compile(r"[\s|,;]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was listed; `line` is where it begins, from 1. `trouble` is what stood in the way of reading it."""

    line: int
    name: str = ""
    mac: str = ""
    tags: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PlannedDevice:
    """A device to come. `mac` is written `24:6F:28:01:02:03`, or empty; `tags` are in small letters, each once."""

    line: int
    name: str = ""
    mac: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row, and what it says there; `field` is name, mac, tags or '' for the row itself."""

    line: int
    field: str
    message: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that can be opened, and what is wrong with the others; each row is in one of the two."""

    devices: tuple[PlannedDevice, ...]
    problems: tuple[RowProblem, ...]

    @property
    def refused_lines(self) -> tuple[int, ...]:
        """The lines of the rows that cannot be opened, each once."""
        return tuple(dict.fromkeys(problem.line for problem in self.problems))

    def without(self, problems: Iterable[RowProblem]) -> "Plan":
        """The plan once more is known to be wrong."""
        found = sorted((*self.problems, *problems), key=lambda problem: problem.line)
        lines = {problem.line for problem in found}
        return Plan(tuple(device for device in self.devices if device.line not in lines), tuple(found))


def split_tags(text: str) -> tuple[str, ...]:
    """Tags as a list writes them into one cell, with `|` or blanks between."""
    return tuple(tag for tag in _SEPARATORS.split(text) if tag)


def numbered(count: int) -> Plan:
    """`count` devices of which nothing is known yet."""
    return Plan(tuple(PlannedDevice(number) for number in range(1, count + 1)), ())


def plan(rows: Sequence[Row]) -> Plan:
    """What `rows` mean. A name or a MAC address that comes twice is refused where it comes again."""
    devices, problems = [], []
    names: dict[str, int] = {}
    macs: dict[str, int] = {}
    for row in rows:
        device, found = _read(row)
        found += _repeated(device.name.casefold(), names, row.line, "name", device.name)
        found += _repeated(device.mac, macs, row.line, "mac", device.mac)
        problems += found
        if not found:
            devices.append(device)
    return Plan(tuple(devices), tuple(problems))


def _read(row: Row) -> tuple[PlannedDevice, list[RowProblem]]:
    problems = [RowProblem(row.line, "", row.trouble)] if row.trouble else []
    name, mac, tags = "", "", tuple[str, ...]()
    try:
        name = clean_name(row.name) if row.name.strip() else ""
    except Invalid as problem:
        problems.append(RowProblem(row.line, "name", problem.message, _quoted(row.name)))
    try:
        mac = _mac(row.mac) if row.mac.strip() else ""
    except ValueError as error:
        problems.append(RowProblem(row.line, "mac", str(error), _quoted(row.mac)))
    try:
        tags = clean_tags(row.tags)
    except Invalid as problem:
        problems.append(RowProblem(row.line, "tags", problem.message, _quoted(" ".join(row.tags))))
    return PlannedDevice(row.line, name, mac, tags), problems


def _mac(text: str) -> str:
    """The address as it is kept. Raises ValueError with a sentence for people."""
    mac = parse_mac(text)
    if mac[0] & 1 or not any(mac):
        raise ValueError("This is the MAC address of no single board.")
    return mac.hex(":").upper()


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept: small letters, each once. Raises Invalid with what to change."""
    cleaned = tuple(dict.fromkeys(tag.strip().lower() for tag in tags if tag.strip()))
    if len(cleaned) > TAGS_LIMIT:
        raise Invalid(f"There are {len(cleaned)} tags; a device has {TAGS_LIMIT} at most.", field="tags")
    for tag in cleaned:
        if len(tag) > TAG_LENGTH:
            raise Invalid(f"A tag has {len(tag)} characters; {TAG_LENGTH} is the most.", field="tags")
        if unprintable(tag) or _NOT_IN_A_TAG.search(tag):
            raise Invalid("A tag has blanks, separators or characters that cannot be shown.", field="tags")
    return cleaned


def _repeated(value: str, first: dict[str, int], line: int, field: str, shown: str) -> list[RowProblem]:
    if not value:
        return []
    if value in first:
        word = "MAC address" if field == "mac" else field
        return [RowProblem(line, field, f"The {word} stands in line {first[value]} already.", _quoted(shown))]
    first[value] = line
    return []


def _quoted(text: str) -> str:
    shown = "".join("\N{REPLACEMENT CHARACTER}" if unprintable(character) else character for character in text)
    return shown if len(shown) <= _QUOTED_LENGTH else f"{shown[:_QUOTED_LENGTH]}…"
