"""SpreadsheetML 2003: the XML that Excel 2003 wrote, and customs systems still hand out as `.xls`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.errors import BadInput
from diversion.ingest import xml
from diversion.ingest.cells import WIDEST, cell_text
from diversion.ingest.grid import Carried, Row, grid
from diversion.ingest.sheet import IsHeader, Sheet

if TYPE_CHECKING:
    from lxml.etree import _Element

_NS = "{urn:schemas-microsoft-com:office:spreadsheet}"
ROWS = 1_048_576


def open_spreadsheet_xml(path: Path, where: str, is_header: IsHeader) -> list[Sheet]:
    """The sheets that hold anything. Raises `BadInput` where the file is damaged or empty."""
    names = list(dict.fromkeys(name for name, _ in _all_rows(path, where)))
    found = [grid(name, partial(_rows, path, where, name), is_header) for name in names]
    sheets = [sheet for sheet in found if sheet]
    if not sheets:
        raise BadInput("the workbook is empty", where=where)
    return sheets


def _rows(path: Path, where: str, name: str) -> Iterator[Row]:
    return (row for sheet, row in _all_rows(path, where) if sheet == name)


def _all_rows(path: Path, where: str) -> Iterator[tuple[str, Row]]:
    """Every row that holds anything, with the name of its sheet."""
    current, number = None, 0
    for element in xml.records(path, where, ("Row",)):
        name = next((_attribute(up, "Name") for up in element.iterancestors(f"{_NS}Worksheet")), "")
        if name != current:
            current, number, tall = name, 0, Carried()
        number = _index(element, number + 1)
        cells = _cells(element, tall)
        if any(cells):
            yield name, (number, cells)


def _cells(row: _Element, tall: Carried) -> list[str]:
    cells: list[str] = []
    for cell in xml.find_all(row, "Cell"):
        at = _index(cell, len(cells) + 1) - 1
        tall.fill(cells, at)
        text, plain = _value(cell)
        cells.append(text)
        if plain:
            tall.keep(at, _number(cell, "MergeDown"), text)
        cells += [""] * min(_number(cell, "MergeAcross"), WIDEST - len(cells))
        if len(cells) >= WIDEST:
            break
    tall.fill(cells)
    return cells


def _value(cell: _Element) -> tuple[str, bool]:
    """What a cell says, and whether it is text or a day, which a merged cell says of each of its rows."""
    data = xml.find(cell, "Data")
    if data is None:
        return "", False
    kind, said = _attribute(data, "Type"), "".join(str(part) for part in data.itertext())
    if kind == "Number":
        try:
            return cell_text(float(said)), False
        except (ValueError, OverflowError):
            return said, False
    if kind == "DateTime":
        return said[:10], True
    if kind == "Boolean":
        return ("TRUE" if said.strip() == "1" else "FALSE"), False
    return cell_text("" if kind == "Error" else said), True


def _attribute(element: _Element, name: str) -> str:
    return str(element.get(f"{_NS}{name}") or element.get(name) or "")


def _number(element: _Element, name: str) -> int:
    said = _attribute(element, name)
    return min(int(said), ROWS) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _index(element: _Element, default: int) -> int:
    """Where a row or a cell stands, from 1; it may skip places, never go back."""
    return max(_number(element, "Index"), default)
