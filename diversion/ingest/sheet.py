"""What every reader hands on: named sheets with a header, and their rows as batches of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from diversion.ingest.headers import Asked, Finder, Header, find

BATCH = 20_000
SHOWN = 200

Batches = Iterator[pa.RecordBatch]
IsHeader = Finder
Told = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    `read(positions, told)` gives batches of `row` (as a person sees it, from 1), `fault` and `value` (why the
    row cannot be read at all, and what stood there), and one text column a position, named "0", "1", …. Of a
    row near the end with nothing but one cell `value` is `ALONE`, whether that cell is asked for or not.
    `sample` are data rows near the top, from which the meaning of a column is told. A sheet with a `format`
    is of a publisher's own, known kind (`formats.FORMATS`), and its header holds canonical columns.
    """

    name: str | None
    header: tuple[str, ...]
    read: Callable[[Sequence[int], Told], Batches]
    notes: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    format: str | None = None
    whole: bool = True
    """Whether a list that it holds is there as a whole; a page of it is not."""
    header_rows: tuple[int, ...] = ()
    """The first and the last row of the header, from 1, where there is one."""
    titles: tuple[str, ...] = ()
    """What stands above the header."""
    stated: date | None = None
    """The day of the snapshot, where the file states it beside its records."""


def batch_schema(width: int) -> pa.Schema:
    """Columns of a batch with `width` columns of text."""
    fixed = [("row", pa.int64()), ("fault", pa.string()), ("value", pa.string())]
    return pa.schema(fixed + [(str(at), pa.string()) for at in range(width)])


ALONE = "one cell alone"
FOOTERS = 20
"""Rows at the end of a table that may be its footer."""


def is_alone(cells: Sequence[str | None]) -> bool:
    """Whether a row holds nothing but one cell.

    >>> is_alone(["", "End of report", " "]), is_alone(["Alpha", "DE", ""])
    (True, False)
    """
    return len(cells) - cells.count("") < 4 and sum(1 for cell in cells if cell and cell.strip()) == 1


NOTHING = pa.array(["", "NULL", "null", "\\N", "N/A", "n/a", "-"])
"""What a person leaves empty, and what programs write for it."""


def cleaned(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with its texts trimmed, and null where they say nothing."""
    arrays = [
        column if field.name in ("row", "fault", "value") else _clean(column)
        for field, column in zip(batch.schema, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _clean(texts: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.is_in(trimmed, value_set=NOTHING), None, trimmed)


def find_header(rows: Sequence[Sequence[str]], is_header: IsHeader) -> Header | None:
    """The header among the first `HEADER_WITHIN` rows of a table; None where all are blank."""
    return is_header(rows)


def header_test(asked: Asked) -> IsHeader:
    """Finds the header of a table, of the kind and with the columns that a person named."""
    rows = asked.header_rows
    at = (rows[0] - 1, rows[-1] - 1) if rows else None
    return lambda head: find(head, asked.kind, asked.explicit, at)


@dataclass
class Gather:
    """Collects rows of equal width until there are enough for a batch."""

    positions: Sequence[int]

    def __post_init__(self) -> None:
        self.schema = batch_schema(len(self.positions))
        self._clear()

    def _clear(self) -> None:
        self.rows: list[int] = []
        self.cells: list[Sequence[str | None]] = []
        self.told: list[str | None] = []
        self.bad: list[tuple[int, str, str]] = []

    def __len__(self) -> int:
        return len(self.rows) + len(self.bad)

    def good(self, row: int, cells: Sequence[str | None], *, alone: bool = False) -> None:
        """Keep a row, which may be `alone`; it has at least as many cells as the last position needs."""
        self.rows.append(row)
        self.cells.append(cells)
        self.told.append(ALONE if alone else None)

    def fault(self, row: int, reason: str, value: str) -> None:
        """Keep a row that cannot be read."""
        self.bad.append((row, reason, value[:SHOWN]))

    def whole(self, row: int, rows: Sequence[Sequence[str]]) -> pa.RecordBatch:
        """A batch of rows one after the other, of which none was given to `good`."""
        columns = list(zip(*rows, strict=True))
        nothing = pa.nulls(len(rows), pa.string())
        before = max(len(rows) - FOOTERS, 0)
        alone = pa.array(
            [None] * before + [ALONE if is_alone(row) else None for row in rows[before:]], pa.string()
        )
        texts = [pa.array(columns[at], pa.string()) for at in self.positions]
        numbers = pa.array(range(row, row + len(rows)), pa.int64())
        return pa.RecordBatch.from_arrays([numbers, nothing, alone, *texts], schema=self.schema)

    def take(self) -> pa.RecordBatch:
        """Everything collected, as one batch; starts anew."""
        nothing: list[str | None] = [None] * len(self.bad)
        empty = [None] * len(self.rows)
        columns = [
            self.rows + [row for row, _, _ in self.bad],
            empty + [reason for _, reason, _ in self.bad],
            self.told + [value for _, _, value in self.bad],
            *([cells[at] for cells in self.cells] + nothing for at in self.positions),
        ]
        arrays = [pa.array(c, type=f.type) for c, f in zip(columns, self.schema, strict=True)]
        self._clear()
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)
