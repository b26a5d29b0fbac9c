"""Delimited text: CSV, TSV and the like, of any usual encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from itertools import islice
from pathlib import Path

from diversion.errors import BadInput
from diversion.ingest.encoding import Encoding, encoding
from diversion.ingest.headers import HEAD as ROWS
from diversion.ingest.headers import Header
from diversion.ingest.records import Block, Record, Records
from diversion.ingest.sheet import BATCH, Batches, Gather, IsHeader, Sheet, Told, find_header, is_alone

DELIMITERS = ",;\t|^~\x01"
HEAD = 1 << 21
"""Characters at the start of a file in which its delimiter and its header are looked for."""
ONE_CELL = "the row has one cell, the header"
"""How the fault of such a row begins."""
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?\s*(?:\r|\n)", re.IGNORECASE)
_GAPS = re.compile(r"\S {2,}(?=\S)")


@dataclass(frozen=True)
class _Text:
    path: Path
    where: str
    encoding: Encoding
    delimiter: str

    def rows(self, told: Told) -> Iterator[Block | Record]:
        codec, total = self.encoding, self.path.stat().st_size
        with (
            self.path.open("rb") as raw,
            TextIOWrapper(raw, codec.name, codec.errors, newline="") as stream,
        ):
            for found in Records(stream, self.delimiter, self.where).blocks():
                yield found
                if isinstance(found, Block):
                    told(raw.tell(), total)
        told(total, total)


def split(found: Block | Record) -> Iterator[Record]:
    """A block as its rows."""
    if isinstance(found, Record):
        yield found
    else:
        yield from (Record(found.row + at, cells) for at, cells in enumerate(found.cells))


def open_text(path: Path, where: str, is_header: IsHeader) -> list[Sheet]:
    """The one sheet of a text file. Raises `BadInput` where it is empty, binary, or has no header."""
    codec = encoding(path, where)
    begin = _begin(path, codec)
    told = _SEP.match(begin)
    starts = [_start(begin, delimiter, where, is_header) for delimiter in (told[1] if told else DELIMITERS)]
    delimiter, head, top = max(starts, key=_rank)
    if top is None or any(found is None and rows for _, rows, found in starts):
        raise _nothing(begin, delimiter, where)
    _refuse_fixed_width(begin, head, where)
    header, first = top, head[top.last].row
    rows = tuple(head[at].row for at in {top.first: 0, top.last: 0})

    def read(positions: Sequence[int], told: Told) -> Batches:
        return _batches(_Text(path, where, codec, delimiter).rows(told), header, first, positions)

    notes = tuple(note for note in (codec.note, header.note) if note)
    return [Sheet(None, header.names, read, notes, header.sample, header_rows=rows, titles=header.titles)]


def _begin(path: Path, codec: Encoding) -> str:
    """How the file begins, up to a line end where there is one."""
    with path.open("rb") as raw, TextIOWrapper(raw, codec.name, codec.errors, newline="") as stream:
        begin = stream.read(HEAD)
    if len(begin) < HEAD:
        return begin
    end = max(begin.rfind("\n"), begin.rfind("\r")) + 1
    return begin[:end] if end else begin


_Start = tuple[str, list[Record], Header | None]


def _start(begin: str, delimiter: str, where: str, is_header: IsHeader) -> _Start:
    """The first rows as this delimiter parts them, and which of them is the header."""
    rows = islice(_records(begin, delimiter, where), ROWS)
    try:
        head = [record for record in rows if not record.fault]
    except BadInput:
        head = []
    skip = 1 if head and _SEP.match(begin) and head[0].row == 1 else 0
    head = head[skip:]
    return delimiter, head, find_header([record.cells for record in head], is_header)


def _records(begin: str, delimiter: str, where: str) -> Iterator[Record]:
    for found in Records(StringIO(begin, newline=""), delimiter, where).blocks():
        yield from split(found)


def _rank(start: _Start) -> tuple[bool, float, int]:
    """A recognised header counts most, then rows of even width, then how wide they are."""
    _, head, top = start
    if top is None:
        return False, -1, -1
    widths = [len(record.cells) for record in head if any(record.cells)]
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    even = widths.count(usual) / len(widths) if usual > 1 else 0.0
    return top.known, round(even, 1) * min(usual, 10), len(top.names)


def _nothing(begin: str, delimiter: str, where: str) -> BadInput:
    """Why no header was found: the file is blank, or its rows are no rows."""
    faults = [record.fault for record in islice(_records(begin, delimiter, where), ROWS)]
    if any(faults):
        return BadInput(f"no header can be read: {next(filter(None, faults))}", where=where)
    return BadInput("the file is empty", where=where, hint="nothing in it can be read as a row")


def _refuse_fixed_width(begin: str, head: list[Record], where: str) -> None:
    """Columns that only blanks set apart are not told apart safely: a cell may be empty or hold blanks."""
    if any(len(record.cells) > 1 for record in head):
        return
    lines = [line for line in begin.splitlines()[:ROWS] if line.strip()]
    gaps = sum(1 for line in lines if len(_GAPS.findall(line.strip())) > 1)
    if len(lines) > 1 and gaps > 0.7 * len(lines):
        raise BadInput(
            "its columns are set apart by blanks alone (fixed width), which is not read",
            where=where,
            hint="save it with a delimiter, as CSV",
        )


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
        gather.good(record.row, cells + [""] * (len(header.names) - len(cells)), alone=is_alone(cells))


def _wrong_width(record: Record, header: Sequence[str]) -> str:
    """Why a row of this width is not taken; empty where it is. A header may end in empty cells."""
    count, whole = len(record.cells), len(header)
    width = max(at for at, cell in enumerate(header) if cell) + 1
    if count < width:
        if not record.ended:
            return f"the file ends inside this row: {count} of {width} cells"
        return (
            f"{ONE_CELL} {width}"
            if is_alone(record.cells)
            else f"the row has {count} cells, the header {width}"
        )
    if any(cell.strip() for cell in record.cells[whole:]):
        return f"the row has {count} cells, the header {whole}: a delimiter may stand unquoted in a cell"
    return ""
