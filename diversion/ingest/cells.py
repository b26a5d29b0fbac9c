"""Workbook cells as text. Run as a program, it writes all rows of a workbook to its standard output.

It is a program of its own because the library that it calls keeps a sheet in memory whole, as large as the
sheet claims to be: limits are set on this process, and what it dies of is no harm to the caller. For the same
reason it imports nothing of this package.

What it writes: batches of rows, each `marshal`ed behind its length; then the directory, a list of (title,
hidden, start, end) that says where the batches of each sheet stand; then the length of the directory.
"""

from __future__ import annotations

import marshal
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

MEMORY, SECONDS, WRITTEN = 3 << 30, 600, 8 << 30
WIDEST = 2_000
"""Columns of a sheet that are read."""
LONGEST = 32_767
"""Characters of a cell, as Excel has it."""
MANY = 2_000
LENGTH = 8

Row = tuple[int, list[str]]

_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
_ESCAPED = re.compile(r"_x00(0[0-9A-Fa-f]|1[0-9A-Fa-f])_")


def cell_text(value: object) -> str:
    """A cell as a person reads it: days as ISO text, whole numbers without a point, errors as nothing.

    >>> cell_text(854231.0), cell_text(datetime(2023, 4, 5)), cell_text(None), cell_text("#N/A")
    ('854231', '2023-04-05', '', '')
    >>> cell_text(0.1 + 0.2), cell_text(1.5e-7), cell_text("007"), cell_text(True)
    ('0.3', '0.00000015', '007', 'TRUE')
    """
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return value.isoformat() if isinstance(value, time) else str(value)


def _string(value: str) -> str:
    if value in _ERRORS:
        return ""
    if "_x00" in value:
        value = _ESCAPED.sub(" ", value)
    return value[:LONGEST]


def number_text(value: float) -> str:
    """A number with the digits that it really has, never with an exponent where it can be read without."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    return format(Decimal(text), "f") if "e" in text and 1e-15 < abs(value) < 1e21 else text


def _rows(sheet: Any) -> Any:
    """The rows of a sheet that hold anything, numbered as a person sees them."""
    left = sheet.start[1] if sheet.start else 0
    merged = Merged(sheet.merged_cell_ranges or () if sheet.start else (), left)
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = [cell_text(value) for value in values[:WIDEST]]
        if any(cells):
            merged.fill(number - 1, cells, values)
            yield number, cells


class Merged:
    """Text that stands in a cell merged over several rows belongs to each of them; a number is their sum."""

    def __init__(self, ranges: Any, left: int = 0) -> None:
        self._left = left
        self._tall = {(top, left): bottom for (top, left), (bottom, _) in ranges if bottom > top}
        self._starts = {top for top, _ in self._tall}
        self._open: dict[int, tuple[int, str]] = {}

    def fill(self, row: int, cells: list[str], values: Sequence[object]) -> None:
        """Complete the cells of a row, and remember those that reach further down."""
        for at, (bottom, text) in list(self._open.items()):
            if row > bottom:
                del self._open[at]
                continue
            cells += [""] * (at + 1 - len(cells))  # a row may end before
            cells[at] = cells[at] or text
        if row in self._starts:
            for at, value in enumerate(values[:WIDEST]):
                bottom = self._tall.get((row, at + self._left), 0)
                if bottom and isinstance(value, str | date):
                    self._open[at] = (bottom, cells[at])


def _limit() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _batches(sheet: Any) -> Any:
    some: list[Row] = []
    for row in _rows(sheet):
        some.append(row)
        if len(some) >= MANY:
            yield some
            some = []
    yield some


def _write(path: str, out: IO[bytes]) -> None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_path(path)
    directory: list[tuple[str, bool, int, int]] = []
    place = 0
    for at, told in enumerate(book.sheets_metadata):
        if told.typ != SheetTypeEnum.WorkSheet:
            continue
        begun = place
        for some in _batches(book.get_sheet_by_index(at)):
            blob = marshal.dumps(some)
            out.write(len(blob).to_bytes(LENGTH, "little") + blob)
            place += LENGTH + len(blob)
        directory.append((told.name, told.visible != SheetVisibleEnum.Visible, begun, place))
    blob = marshal.dumps(directory)
    out.write(blob + len(blob).to_bytes(LENGTH, "little"))
    out.flush()


def main(path: str) -> int:
    """Write the rows of the workbook at `path`; says on standard error why it cannot."""
    _limit()
    try:
        _write(path, sys.stdout.buffer)
    except BaseException as error:  # a panic of the library is no Exception
        print(f"{type(error).__name__}: {error}"[:300], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
