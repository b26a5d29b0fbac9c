"""HTML tables, which many a customs system hands out under the name `.xls`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.errors import BadInput
from diversion.ingest.cells import WIDEST, cell_text
from diversion.ingest.encoding import Encoding, encoding
from diversion.ingest.grid import Carried, Row, grid
from diversion.ingest.sheet import IsHeader, Sheet

if TYPE_CHECKING:
    from lxml.etree import _Element

CHUNK = 1 << 16
LARGEST = 16 << 20
"""Bytes of one row."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)


def open_html(path: Path, where: str, is_header: IsHeader) -> list[Sheet]:
    """A sheet a table that has rows; an only one has no name. Raises `BadInput` where there is none."""
    codec = _codec(path, where)
    numbers = list(dict.fromkeys(table for table, _ in _all_rows(path, where, codec)))
    many = len(numbers) > 1
    notes = (codec.note,) if codec.note else ()
    found = [
        grid(f"table {n}" if many else None, partial(_rows, path, where, codec, n), is_header, notes)
        for n in numbers[:100]
    ]
    sheets = [sheet for sheet in found if sheet and len(sheet.header) > 1]
    if not sheets:
        raise BadInput("this is XML or HTML without a table", where=where)
    return sheets


def _codec(path: Path, where: str) -> Encoding:
    """What the bytes tell; where they leave it to a guess, what the page says of itself."""
    codec = encoding(path, where)
    if codec.note:
        with path.open("rb") as stream:
            told = _CHARSET.search(stream.read(4096))
        if told and (name := told[1].decode("ascii", "ignore").lower()) not in ("utf-8", "utf8"):
            try:
                "".encode(name)
                return Encoding(name, "replace")
            except LookupError:
                return codec
    return codec


def _rows(path: Path, where: str, codec: Encoding, table: int) -> Iterator[Row]:
    return (row for number, row in _all_rows(path, where, codec) if number == table)


@dataclass
class _Table:
    """An open table: which it is, its last row, and the cells that reach further down."""

    number: int
    row: int = 0
    tall: Carried = field(default_factory=Carried)


def _all_rows(path: Path, where: str, codec: Encoding) -> Iterator[tuple[int, Row]]:
    """Every row that holds cells and no rows of its own, numbered within its table, and which table."""
    tables: list[_Table] = []
    count = 0
    for event, element in _events(path, where, codec):
        if event == "start" and element.tag == "table":
            count += 1
            tables.append(_Table(count))
        elif event == "end" and element.tag == "table":
            del tables[-1:]
        elif event == "end" and element.find(".//tr") is None:
            place = tables[-1] if tables else _Table(0)
            place.row += 1
            if any(cells := _cells(element, place.tall)):
                yield place.number, (place.row, cells)


def _events(path: Path, where: str, codec: Encoding) -> Iterator[tuple[str, _Element]]:
    """Starts and ends of tables and ends of rows; what was read is dropped."""
    from lxml.etree import HTMLPullParser, ParserError, XMLSyntaxError

    parser: Any = HTMLPullParser(
        ("start", "end"), tag=("table", "tr"), no_network=True, remove_comments=True, remove_pis=True
    )
    since = 0
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, codec.name, codec.errors) as stream:
            while chunk := stream.read(CHUNK):
                parser.feed(chunk.replace("\0", ""))
                since += len(chunk)
                for event, element in parser.read_events():
                    if event == "start" and element.tag == "tr":
                        continue
                    yield event, element
                    if event == "end":
                        since = 0
                        _drop(element)
                if since > LARGEST:
                    raise BadInput("a row of the table is larger than 16 MB", where=where)
        parser.close()
        yield from ((e, x) for e, x in parser.read_events() if (e, x.tag) != ("start", "tr"))
    except (XMLSyntaxError, ParserError, UnicodeError) as error:
        raise BadInput(f"the HTML is damaged: {str(error)[:200]}", where=where) from None


def _drop(element: _Element) -> None:
    """Empty an element, and forget those before it."""
    del element[:]
    element.text = None
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _cells(row: _Element, tall: Carried) -> list[str]:
    cells: list[str] = []
    for cell in row.iter("td", "th"):
        while tall.reaches(len(cells)):
            cells.append(tall.take(len(cells)))
        said = " ".join("".join(str(part) for part in cell.itertext()).split())
        text = cell_text(said)
        tall.keep(len(cells), _span(cell, "rowspan") - 1, text)
        cells.append(text)
        cells += [""] * min(_span(cell, "colspan") - 1, WIDEST - len(cells))
        if len(cells) >= WIDEST:
            break
    tall.fill(cells)
    return cells[:WIDEST]


def _span(cell: _Element, name: str) -> int:
    said = (cell.get(name) or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
