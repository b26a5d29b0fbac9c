"""Lists of restricted parties by what tells them: the root of an XML document, the header of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from diversion.ingest import eu, list_tables, opensanctions, uk, un
from diversion.ingest.sheet import Sheet

ROOTS: dict[str, Callable[[Path, str], list[Sheet]]] = {
    un.ROOT: un.open_un,
    eu.ROOT: eu.open_eu,
    uk.ROOT: uk.open_uk,
}
"""Local name of the root element → who reads the document; each refuses one that only bears the name."""
_TABLES = (*eu.TABLES, *uk.TABLES, opensanctions.LAYOUT)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row is the header of a published list."""
    return any(layout.fits(cells) for layout in _TABLES)


def adapted(sheet: Sheet, start: bytes = b"") -> Sheet:
    """The sheet of a published list as its entries, any other as it is.

    `start` is how a text file begins: its title states the day of the snapshot.
    """
    if opensanctions.LAYOUT.fits(sheet.header):
        return opensanctions.entries_of(sheet)
    layout = next((one for one in _TABLES if one.fits(sheet.header)), None)
    return list_tables.entries_of(sheet, layout, list_tables.stated_day(start)) if layout else sheet
