"""Excel workbooks, row by row, with bounds on what a hostile one may ask for."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from diversion.errors import BadInput, DiversionError
from diversion.ingest.headers import HEAD, Header
from diversion.ingest.sheet import BATCH, Batches, Gather, IsHeader, Sheet, Told, find_header

UNPACKED = 4 << 30
"""Bytes that all parts of a workbook may unpack to."""
IN_MEMORY = 600 << 20
"""Bytes of the part that openpyxl keeps in memory whole, the shared strings."""
RATIO = 400
WIDEST = 2_000
SHEETS = 200


def open_workbook(path: Path, where: str, is_header: IsHeader) -> list[Sheet]:
    """The sheets of a workbook that hold anything. Raises `BadInput` where it is damaged or a trap."""
    _bounded(path, where)
    with _book(path, where) as book:
        names = [sheet.title for sheet in book.worksheets]
        if len(names) > SHEETS:
            raise BadInput(f"the workbook has {len(names)} sheets, more than {SHEETS}", where=where)
        heads = [_head(book, at) for at in range(len(names))]
    opened = [_sheet((path, where, at, names[at]), head, is_header) for at, head in enumerate(heads)]
    sheets = [sheet for sheet in opened if sheet]
    if not sheets:
        raise BadInput("the workbook is empty", where=where)
    return sheets


def _bounded(path: Path, where: str) -> None:
    """Refuse what would unpack to more than a real workbook does."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadInput(f"the workbook cannot be read: {error}", where=where) from None
    total = sum(part.file_size for part in parts)
    bomb = [p for p in parts if p.file_size > 10 << 20 and p.file_size > RATIO * max(p.compress_size, 1)]
    kept = sum(part.file_size for part in parts if "sharedstrings" in part.filename.casefold())
    if bomb or total > UNPACKED or kept > IN_MEMORY or len(parts) > 10_000:
        raise BadInput(
            f"the workbook would unpack to {total >> 20:,} MB", where=where, hint="save it as CSV instead"
        )


@contextmanager
def _book(path: Path, where: str) -> Iterator[Any]:
    """An open workbook; whatever goes wrong in it, openpyxl raises many things, is `BadInput`."""
    load_workbook = import_module("openpyxl").load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except DiversionError:
        raise
    except MemoryError:
        raise BadInput("the workbook is too large for the memory", where=where) from None
    except Exception as error:
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise BadInput(f"the workbook cannot be read: {told}", where=where) from None


def _rows(book: Any, at: int) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells. The size that a sheet claims is not believed."""
    sheet = book.worksheets[at]
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), 1):
        yield number, [cell_text(value) for value in row]


def _head(book: Any, at: int) -> list[list[str]]:
    return [cells for _, cells in islice(_rows(book, at), HEAD)]


def _sheet(place: tuple[Path, str, int, str], head: list[list[str]], is_header: IsHeader) -> Sheet | None:
    path, where, at, name = place
    top = find_header(head, is_header)
    if top is None:
        return None
    header, rows = top, tuple(at + 1 for at in {top.first: 0, top.last: 0})

    def read(positions: Sequence[int], told: Told) -> Batches:
        with _book(path, where) as book:
            yield from _batches(_rows(book, at), header, positions, told)

    return Sheet(name, header.names, read, sample=header.sample, header_rows=rows)


def _batches(
    rows: Iterator[tuple[int, list[str]]],
    header: Header,
    positions: Sequence[int],
    told: Told,
) -> Batches:
    gather, first, width = Gather(positions), header.last + 1, len(header.names)
    for number, cells in rows:
        if number <= first or not any(map(str.strip, cells)):
            continue
        if tuple(cell.strip() for cell in cells) in header.rows:
            continue
        gather.good(number, cells + [""] * (width - len(cells)))
        if len(gather) >= BATCH:
            told(number, None)
            yield gather.take()
    yield gather.take()


def cell_text(value: object) -> str:
    """A cell as the text a CSV file would hold.

    >>> cell_text(854231.0), cell_text(datetime(2023, 4, 5)), cell_text(None)
    ('854231', '2023-04-05', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
