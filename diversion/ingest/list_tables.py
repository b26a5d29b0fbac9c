"""Lists that are published as tables, several rows an entry: each row stands for the whole entry.

An entry of five rows is one record and four that say the same: the counts of a file come out by themselves.
Rows of one entry need not stand together, so that a table is read twice; what is kept between is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from diversion.errors import BadInput
from diversion.ingest import documents
from diversion.ingest.columns import squeeze
from diversion.ingest.documents import Entry
from diversion.ingest.list_cells import COLUMNS, Draft, fault_of, partial
from diversion.ingest.sheet import Sheet, Told

KEPT = 256 << 20
"""Bytes that the entries of a list may take together; real ones take a tenth."""
REPEATED = 4 << 30
"""Bytes of entries times their rows: what all rows say when each stands for its entry."""
_NAMES = ("NameAlias_WholeName", "Naal_wholename", "Name 6")
"""Headers of what a row without a number is shown by."""
_TITLE = re.compile(
    r"(?:Report Date|Last Updated|Date of publication)\W{1,3}([0-9A-Za-z/ -]{8,12})", re.IGNORECASE
)


@dataclass(frozen=True)
class Layout:
    """A publisher's table: headers that tell it, and how its rows are read.

    `known` holds groups of headers of which one each must be there; `key` names the column of the entry
    number, `add` adds a row to its entry, `finish` says whose list it is.
    """

    format: str
    whose: str
    authority: str
    known: tuple[tuple[str, ...], ...]
    key: str
    add: Callable[[Draft, Row], None]

    def fits(self, header: Sequence[str]) -> bool:
        """Whether this is the header of such a table."""
        there = set(map(squeeze, header))
        return all(any(squeeze(name) in there for name in group) for group in self.known)


class Row:
    """The cells of a row that say anything, by squeezed header: its case and punctuation do not matter."""

    def __init__(self, cells: dict[str, str]) -> None:
        self._cells = cells

    def __call__(self, *names: str) -> str:
        """The cell under the first of these headers that says anything; empty where none does.

        >>> Row({"entityid": " 7 "})("Entity No", "Entity_ID")
        '7'
        """
        for name in names:
            if said := self._cells.get(squeeze(name)):
                return said.strip()
        return ""

    def each(self, *names: str) -> list[str]:
        """A cell of each header, empty where there is none."""
        return [self(name) for name in names]


def stated_day(start: bytes) -> str | None:
    r"""The day that the title of a table states, from how the file begins.

    >>> stated_day(b"Last Updated,15/03/2024\nName 6,"), stated_day(b"Report Date: 24-Jun-2026\n")
    ('2024-03-15', '2026-06-24')
    """
    title = _TITLE.search(start.replace(b"\0", b"").decode("latin-1"))
    return partial(title[1].strip()) if title else None


def rows(sheet: Sheet, told: Told, only: Sequence[str] = ()) -> Iterator[tuple[int, str, str, Row]]:
    """Number, fault and what stood there, and cells of each row of a table, or of `only` some columns.

    Where several columns bear one header, the first of them that says anything counts.
    """
    wanted = set(map(squeeze, only))
    named = [(at, squeeze(name)) for at, name in enumerate(sheet.header)]
    named = [(at, name) for at, name in named if not wanted or name in wanted][::-1]
    for batch in sheet.read([at for at, _ in named], told):
        numbers, faults, values, *columns = (column.to_pylist() for column in batch.columns)
        whole = zip(*columns, strict=True) if columns else ((),) * len(numbers)
        for number, fault, value, cells in zip(numbers, faults, values, whole, strict=True):
            said = zip(named, cells, strict=True)
            found = {name: cell for (_, name), cell in said if cell and not cell.isspace()}
            yield number, fault or "", value or "", Row(found)


def entries_of(sheet: Sheet, layout: Layout, published: str | None = None) -> Sheet:
    """A table under its publisher's headers as a sheet of entries; `published` is the day of its title.

    Raises `BadInput`, when read, where it holds more than a list does.
    """

    def entries(told: Told) -> Iterator[Entry]:
        drafts = _gathered(sheet, layout, published)
        found = {key: draft.cells(layout.whose, layout.authority) for key, draft in drafts.items()}
        for number, fault, value, row in rows(sheet, told, (layout.key, *_NAMES)):
            if fault:
                yield Entry(number, {}, fault, value)
            elif not (key := row(layout.key)):
                yield Entry(number, {}, f"the row names no entry: its {layout.key} is empty", row(*_NAMES))
            elif fault := fault_of(cells := found[key]):
                yield Entry(number, {}, fault, key)
            else:
                yield Entry(number, cells)

    return documents.sheet(sheet.name, layout.format, COLUMNS, entries, sheet.notes)


def _gathered(sheet: Sheet, layout: Layout, published: str | None) -> dict[str, Draft]:
    """Every entry of the table, from all of its rows."""
    drafts: dict[str, Draft] = {}
    kept = 0
    for _, fault, _, row in rows(sheet, lambda done, total: None):
        if fault or not (key := row(layout.key)):
            continue
        draft = drafts.setdefault(key, Draft())
        before = draft.size
        layout.add(draft, row)
        draft.rows += 1
        kept += draft.size - before + (1_000 if draft.rows == 1 else 0)
        if kept > KEPT:
            raise BadInput("the list holds more than any list does", where=sheet.name or layout.whose)
    if sum(draft.size * draft.rows for draft in drafts.values()) > REPEATED:
        raise BadInput("the rows of its entries repeat too much", where=sheet.name or layout.whose)
    for draft in drafts.values():
        draft.add("published", published)
    return drafts
