"""Rows of cells, wherever they come from, as a sheet: the header is found, what is no data is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from diversion.ingest.cells import WIDEST
from diversion.ingest.headers import HEAD, Header
from diversion.ingest.sheet import BATCH, Batches, Gather, IsHeader, Sheet, Told, find_header, is_alone

Row = tuple[int, list[str]]
Rows = Callable[[], Iterator[Row]]
"""Reads the numbered rows anew, as often as it is called."""


def grid(name: str | None, rows: Rows, is_header: IsHeader, notes: tuple[str, ...] = ()) -> Sheet | None:
    """The sheet of some rows, None where they are blank."""
    head = list(islice(rows(), HEAD))
    top = find_header([cells for _, cells in head], is_header)
    if top is None:
        return None
    header, stands = top, tuple(head[at][0] for at in {top.first: 0, top.last: 0})

    def read(positions: Sequence[int], told: Told) -> Batches:
        return _batches(rows(), header, stands[-1], positions, told)

    notes += (header.note,) if header.note else ()
    return Sheet(name, header.names, read, notes, header.sample, header_rows=stands, titles=header.titles)


class Carried:
    """Text of cells that reach over several rows, which belongs to each of them."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, str]] = {}

    def keep(self, at: int, rows: int, text: str) -> None:
        """A cell at a position reaches over so many rows more."""
        if rows > 0 and text and at < WIDEST:
            self._open[at] = (rows, text)

    def fill(self, cells: list[str], upto: int | None = None) -> None:
        """Append what reaches into this row, and blanks, up to a position; None for the whole row."""
        end = min(max(self._open, default=-1) + 1 if upto is None else upto, WIDEST)
        while len(cells) < end:
            cells.append(self.take(len(cells)))

    def take(self, at: int) -> str:
        """What reaches into this row at a position; empty where nothing does."""
        rows, text = self._open.pop(at, (0, ""))
        if rows > 1:
            self._open[at] = (rows - 1, text)
        return text

    def reaches(self, at: int) -> bool:
        """Whether a cell from above reaches into this row at a position."""
        return at in self._open


def _batches(
    rows: Iterator[Row], header: Header, first: int, positions: Sequence[int], told: Told
) -> Batches:
    gather, width = Gather(positions), len(header.names)
    for number, cells in rows:
        bare = tuple(cell.strip() for cell in cells)
        if number <= first or not any(bare) or bare in header.rows:
            continue
        gather.good(number, cells + [""] * (width - len(cells)), alone=is_alone(cells))
        if len(gather) >= BATCH:
            told(number, None)
            yield gather.take()
    yield gather.take()
