"""Reading a list of devices: name, MAC address and tags, as spreadsheets save them."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from console.kit.problems import Invalid
from devices.actions.planned import Row, split_tags
from templates_app.hotspot import parse_mac

COLUMNS = ("name", "mac", "tags")
_TITLES = {"name": "name", "mac": "mac", "mac address": "mac", "tags": "tags", "tag": "tags"}
_SEPARATORS = "\t;,"
_QUOTED = re.compile(r'"[^"]*"')


def read(data: bytes, *, max_bytes: int, max_rows: int) -> list[Row]:
    """The rows of a list, blank ones left out.

    1. UTF-8, with or without the mark that Excel puts in front; lines end as on any system.
    2. The separator is the one of tab, `;` and `,` that is in most lines.
    3. A first line that has one of the titles names the columns, in any order; without it they are name, MAC, tags,
       and a list of one column is names, or MAC addresses where the first is one.

    Raises Invalid for what is no such list: too large, no text, unknown columns, open quotation marks, nothing in it.
    """
    if len(data) > max_bytes:
        raise Invalid(f"The list is larger than {max_bytes:,} bytes. Split it into several batches.", field="list")
    cells = _cells(_text(data))
    first = next(cells, None)
    if first is None:
        raise Invalid("There is no device in the list.", field="list")
    titles = _titles(first[1])
    columns = titles or _usual_columns(first[1])
    rows = [] if titles else [_row(*first, columns)]
    for line, found in cells:
        if len(rows) >= max_rows:
            raise Invalid(f"The list has more than {max_rows} devices. Split it into several batches.", field="list")
        rows.append(_row(line, found, columns))
    if not rows:
        raise Invalid("There is no device in the list, only the names of its columns.", field="list")
    return rows


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Invalid(f"Line {line} is not UTF-8 text. Save the list as “CSV UTF-8”.", field="list") from error


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line where it begins, cells) of each row that is not blank."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            found = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"Line {line} cannot be read: a quotation mark is not closed, or a cell is far too long."
            raise Invalid(message, field="list") from error
        cells = [cell.strip() for cell in found]
        if any(cells):
            yield line, cells


def _separator(text: str) -> str:
    lines = [_QUOTED.sub("", line) for line in text.splitlines()]
    return max(_SEPARATORS, key=lambda separator: sum(separator in line for line in lines))


def _titles(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns that a first line names; nothing where it is a device. Raises Invalid for a title that is none."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    known = [_TITLES.get(cell.casefold(), "") for cell in cells]
    if not any(known):
        return ()
    for title, cell in zip(known, cells, strict=True):
        if not title:
            raise Invalid(f"There is no column “{cell[:40]}”; the columns are name, mac and tags.", field="list")
        if known.count(title) > 1:
            raise Invalid(f"The column {title} is there twice.", field="list")
    return tuple(known)


def _usual_columns(cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) == 1:
        try:
            parse_mac(cells[0])
        except ValueError:
            return COLUMNS
        return ("mac",)
    return COLUMNS


def _row(line: int, cells: Sequence[str], columns: Sequence[str]) -> Row:
    values = dict(zip(columns, cells, strict=False))
    more = [cell for cell in cells[len(columns) :] if cell]
    trouble = f"The row has more cells than the list has columns ({', '.join(columns)})." if more else ""
    return Row(line, values.get("name", ""), values.get("mac", ""), split_tags(values.get("tags", "")), trouble)
