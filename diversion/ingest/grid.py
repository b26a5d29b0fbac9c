"""Rows of cells, wherever they come from, as a sheet: the header is found, what is no data is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from diversion.ingest.cells import WIDEST
from diversion.ingest.sheet import BATCH, HEADER_WITHIN, Batches, Gather, IsHeader, Sheet, Told, find_header

SAMPLE = 200
"""Rows below the header from which the meaning of a column is told."""

Row = tuple[int, list[str]]
Rows = Callable[[], Iterator[Row]]
"""Reads the numbered rows anew, as often as it is called."""


def grid(name: str | None, rows: Rows, is_header: IsHeader, notes: tuple[str, ...] = ()) -> Sheet | None:
    """The sheet of some rows, None where they are blank."""
    head = list(islice(rows(), HEADER_WITHIN + SAMPLE))
    top = find_header([cells for _, cells in head[:HEADER_WITHIN]], is_header)
    if top is None:
        return None
    header = tuple(cell.strip() for cell in head[top][1])
    first = head[top][0]

    def read(positions: Sequence[int], told: Told) -> Batches:
        return _batches(rows(), header, first, positions, told)

    return Sheet(name, header, read, notes, sample((cells for _, cells in head[top + 1 :]), header))


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


def sample(rows: Iterable[Sequence[str]], header: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The first data rows below a header, each as wide as it is."""
    again, width = list(header), len(header)
    data = (cells for cells in rows if _is_data(cells, again))
    return tuple((*cells[:width], *[""] * (width - len(cells))) for cells in islice(data, SAMPLE))


def _is_data(cells: Sequence[str], header: list[str]) -> bool:
    """Whether a row is neither blank nor the header again."""
    bare = [cell.strip() for cell in cells]
    return any(bare) and bare[: len(header)] != header


def _batches(
    rows: Iterator[Row], header: tuple[str, ...], first: int, positions: Sequence[int], told: Told
) -> Batches:
    gather, again = Gather(positions), list(header)
    for number, cells in rows:
        if number <= first or not _is_data(cells, again):
            continue
        gather.good(number, cells + [""] * (len(header) - len(cells)))
        if len(gather) >= BATCH:
            told(number, None)
            yield gather.take()
    yield gather.take()
