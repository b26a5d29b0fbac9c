"""What a person is told of an ingest: a table of counts, then what was refused, noted and rejected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from diversion.output import Format, counted, emit, say

COUNTS = ("read", "loaded", "unchanged", "merged", "rejected")
MANY = 10
"""Files above which notes and rejects are summed up instead of told file by file."""

File = dict[str, Any]


def tell(told: dict[str, Any], fmt: Format) -> None:
    """Print the account of an ingest, which has the shape of the JSON contract."""
    files = told["files"]
    if fmt in ("json", "jsonl"):
        emit(told, fmt, ())
        return
    emit(files if fmt == "csv" else [*files, *_total(told)], fmt, ("file", "kind", *COUNTS))
    for file in files:
        if file["refused"]:
            say(f"refused: {file['file']}: {file['refused']}")
    for line in _summed_up(files) if len(files) > MANY else _one_by_one(files):
        say(line)


def _total(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The last line of the table: sums over what was not refused."""
    files = told["files"]
    refused = sum(1 for file in files if file["refused"])
    named = f"{len(files):,} files" + (f", {refused:,} refused" if refused else "")
    return [{"file": named, **told["totals"]}] if len(files) > 1 else []


def _one_by_one(files: list[File]) -> Iterator[str]:
    for file in files:
        yield from (f"note: {file['file']}: {note}" for note in file["notes"])
        yield from (_rejected(reason, _place(file, reason)) for reason in file["reasons"])
        more = file["rejected"] - sum(reason["rows"] for reason in file["reasons"])
        if more > 0:
            yield f"rejected: {file['file']}: {counted(more, 'more row')} for other reasons (table Reject)"


def _place(file: File, reason: dict[str, Any]) -> str:
    """File and sheet in which a rejected row stands."""
    return f"{file['file']}, sheet {reason['sheet']}" if reason["sheet"] else str(file["file"])


def _rejected(one: dict[str, Any], place: str, rows: int = 0, files: int = 1) -> str:
    """A reason with how many rows it concerns, and where the first of them stands."""
    rows = rows or one["rows"]
    why = f"{one['column']}: {one['reason']}" if one["column"] else str(one["reason"])
    value = f" ({one['value']!r})" if one["value"] is not None else ""
    if rows == 1:
        return f"rejected: {place} row {one['row']}, {why}{value}"
    among = f" of {files:,} files" if files > 1 else ""
    return f"rejected: {rows:,} rows{among}, {why}; first {place} row {one['row']}{value}"


def _summed_up(files: list[File]) -> Iterator[str]:
    """What was said of many files, each thing once, with how many files say it; the store has every row."""
    notes = Counter(note for file in files for note in file["notes"])
    for note, times in notes.most_common(MANY):
        yield f"note: {note}" + (f" ({times:,} files)" if times > 1 else "")
    firsts: dict[tuple[str, str], tuple[dict[str, Any], str]] = {}
    rows: Counter[tuple[str, str]] = Counter()
    spread: Counter[tuple[str, str]] = Counter()
    for file in files:
        for reason in file["reasons"]:
            key = (reason["column"], re.sub("[0-9]+", "#", reason["reason"]))
            firsts.setdefault(key, (reason, _place(file, reason)))
            rows[key] += reason["rows"]
            spread[key] += 1
    for key, count in rows.most_common(MANY):
        yield _rejected(*firsts[key], rows=count, files=spread[key])
    for what, kinds in (("note", len(notes)), ("rejected", len(rows))):
        if kinds > MANY:
            yield f"{what}: {kinds - MANY:,} more kinds; --format json tells all, table Reject every row"
