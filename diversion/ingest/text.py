"""Delimited text: CSV, TSV and the like, of any usual encoding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from diversion.errors import BadInput
from diversion.ingest.encoding import Encoding, encoding
from diversion.ingest.headers import HEAD, Header
from diversion.ingest.records import Block, Record, Records
from diversion.ingest.sheet import BATCH, Batches, Gather, IsHeader, Sheet, Told, find_header

DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class _Text:
    path: Path
    where: str
    encoding: Encoding
    delimiter: str = ","

    def rows(self, told: Told | None = None) -> Iterator[Block | Record]:
        codec, total = self.encoding, self.path.stat().st_size
        with (
            self.path.open("rb") as raw,
            TextIOWrapper(raw, codec.name, codec.errors, newline="") as stream,
        ):
            for found in Records(stream, self.delimiter, self.where).blocks():
                yield found
                if told and isinstance(found, Block):
                    told(raw.tell(), total)
        if told:
            told(total, total)

    def records(self) -> Iterator[Record]:
        for found in self.rows():
            yield from split(found)


def split(found: Block | Record) -> Iterator[Record]:
    """A block as its rows."""
    if isinstance(found, Record):
        yield found
    else:
        yield from (Record(found.row + at, cells) for at, cells in enumerate(found.cells))


def open_text(path: Path, where: str, is_header: IsHeader) -> list[Sheet]:
    """The one sheet of a text file. Raises `BadInput` where it is empty, binary, or has no header."""
    codec = encoding(path, where)
    found = [_start(_Text(path, where, codec, delimiter), is_header) for delimiter in DELIMITERS]
    text, head, top = max(found, key=_rank)
    if top is None or any(start[2] is None for start in found):
        raise _nothing(text, where)
    header, first = top, head[top.last].row
    rows = tuple(head[at].row for at in {top.first: 0, top.last: 0})

    def read(positions: Sequence[int], told: Told) -> Batches:
        return _batches(text.rows(told), header, first, positions)

    return [
        Sheet(None, header.names, read, (codec.note,) if codec.note else (), header.sample, header_rows=rows)
    ]


def _nothing(text: _Text, where: str) -> BadInput:
    """Why no header was found: the file is blank, or its rows are no rows."""
    faults = [record.fault for record in islice(text.records(), HEAD) if record.fault]
    if faults:
        return BadInput(f"no header can be read: {faults[0]}", where=where)
    return BadInput("the file is empty", where=where, hint="nothing in it can be read as a row")


_Start = tuple[_Text, list[Record], Header | None]


def _start(text: _Text, is_header: IsHeader) -> _Start:
    head = [record for record in islice(text.records(), HEAD) if not record.fault]
    return text, head, find_header([record.cells for record in head], is_header)


def _rank(start: _Start) -> tuple[bool, int]:
    _, _, top = start
    return (False, -1) if top is None else (top.known, len(top.names))


def _batches(
    found: Iterator[Block | Record], header: Header, first: int, positions: Sequence[int]
) -> Batches:
    gather = Gather(positions)
    for one in found:
        if isinstance(one, Block) and one.row > first and _is_even(one.cells, header):
            if len(gather):
                yield gather.take()
            yield gather.whole(one.row, one.cells)
            continue
        for record in split(one):
            if record.row > first:
                _gather(gather, record, header)
        if len(gather) >= BATCH:
            yield gather.take()
    yield gather.take()


def _is_even(rows: list[list[str]], header: Header) -> bool:
    """Whether every row has the width of the header, and its first cell shows that it is data."""
    if set(map(len, rows)) != {len(header.names)}:
        return False
    begin = {row[0].strip() for row in rows}
    return "" not in begin and begin.isdisjoint(row[0] for row in header.rows if row)


def _gather(gather: Gather, record: Record, header: Header) -> None:
    """Keep a row, or the reason why not; blank rows and repeated headers are no data."""
    cells = record.cells
    if record.fault:
        gather.fault(record.row, record.fault, record.value)
    elif not "".join(cells).strip() or tuple(cell.strip() for cell in cells) in header.rows:
        return
    elif reason := _wrong_width(record, header.names):
        gather.fault(record.row, reason, ",".join(cells))
    else:
        gather.good(record.row, cells + [""] * (len(header.names) - len(cells)))


def _wrong_width(record: Record, header: Sequence[str]) -> str:
    """Why a row of this width is not taken; empty where it is. A header may end in empty cells."""
    count, whole = len(record.cells), len(header)
    width = max(at for at, cell in enumerate(header) if cell) + 1
    if count < width:
        if not record.ended:
            return f"the file ends inside this row: {count} of {width} cells"
        return f"the row has {count} cells, the header {width}"
    if any(cell.strip() for cell in record.cells[whole:]):
        return f"the row has {count} cells, the header {whole}: a delimiter may stand unquoted in a cell"
    return ""
