"""Rows of files, read again as they stand there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

from diversion.errors import BadInput
from diversion.ingest.documents import FIELD, LIST
from diversion.ingest.files import open_sheets, reopened
from diversion.ingest.headers import Asked
from diversion.ingest.sheet import Sheet, header_test

Row = dict[str, str]
Rows = dict[tuple[str, int], Row | str]
"""Source and row → the row, header → cell, or why it cannot be shown."""


def originals(sources: Sequence[dict[str, Any]], asked: Iterable[tuple[str, int]]) -> Rows:
    """The rows `asked` for, each as id of a source and number of a row, from the files of `sources`.

    A file that is not there any more, or is another one by its digest, is said so for each of its rows. Costs
    a reading of each file up to its last row asked for.
    """
    wanted: dict[str, set[int]] = {}
    for name, row in asked:
        wanted.setdefault(name, set()).add(row)
    found: Rows = {}
    for source in sources:
        rows = wanted.get(source["id"], set())
        try:
            read: dict[int, Row | str] = dict(_rows(source, rows))
        except BadInput as error:
            read = dict.fromkeys(rows, error.message)
        found |= {(source["id"], row): told for row, told in read.items()}
    return found


def _rows(source: dict[str, Any], rows: set[int]) -> dict[int, Row | str]:
    with reopened(source["path"] or source["file"]) as path:
        with path.open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() != source["sha256"]:
                raise BadInput("the file is not the one that was read: its digest differs", where=str(path))
        return _picked(_sheet(path, source), rows)


def _sheet(path: Path, source: dict[str, Any]) -> Sheet:
    told = json.loads(source["mapping"]) if source["mapping"] else {}
    mapping = {c: m["column"] for c, m in told.items() if isinstance(m, dict)}
    kind = source["kind"] if mapping else None
    sheets = open_sheets(path, str(path), header_test(Asked(kind, mapping or None)))
    mine = [s for s in sheets if s.name == source["sheet"] and (s.format or source["kind"]) == source["kind"]]
    if not mine:
        raise BadInput("the sheet cannot be found in the file again", where=str(path))
    return mine[0]


def _picked(sheet: Sheet, rows: set[int]) -> dict[int, Row | str]:
    found: dict[int, Row | str] = {}
    for batch in sheet.read(range(len(sheet.header)), lambda done, total: None):
        numbers = batch.column(0).to_pylist()
        for at in (at for at, number in enumerate(numbers) if number in rows):
            found[numbers[at]] = _cells(sheet.header, [column[at].as_py() for column in batch.columns[1:]])
        if len(found) == len(rows):
            break
    return found


def _cells(header: Sequence[str], cells: Sequence[str | None]) -> Row:
    fault, value, *rest = cells
    if fault:
        return {"(row)": value or "", "(fault)": fault}
    named = zip(header, rest, strict=True)
    return {name or f"(column {at})": _plain(cell) for at, (name, cell) in enumerate(named, 1) if cell}


def _plain(cell: str) -> str:
    return cell.replace(LIST, " | ").replace(FIELD, ", ")
