"""Tables that publishers lay out themselves, told by their header: lists and registers as CSV or workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from diversion.ingest import eu, gleif, list_tables, opensanctions, uk
from diversion.ingest.sheet import Sheet

_LISTS = (*eu.TABLES, *uk.TABLES, opensanctions.LAYOUT)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row is the header of a table that a publisher lays out."""
    return gleif.is_gleif_header(cells) or any(layout.fits(cells) for layout in _LISTS)


def adapted(sheet: Sheet, path: Path, where: str, start: bytes = b"") -> Sheet:
    """The sheet of a publisher's table as its entries, any other as it is.

    `start` is how a text file begins: its title states the day of the snapshot.
    """
    if sheet.format is not None:
        return sheet
    if gleif.is_gleif_header(sheet.header):
        return gleif.open_gleif(path, where)[0]
    if opensanctions.LAYOUT.fits(sheet.header):
        return opensanctions.entries_of(sheet)
    layout = next((one for one in _LISTS if one.fits(sheet.header)), None)
    return list_tables.entries_of(sheet, layout, list_tables.stated_day(start)) if layout else sheet
