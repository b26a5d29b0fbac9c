"""Files in: ingest, and what a person is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import bar, opened, writing
from diversion.output import emit, say

if TYPE_CHECKING:
    from diversion.commands.options import Common

COUNTS = ("read", "loaded", "unchanged", "merged", "rejected")
MANY = 10
"""Files above which rejects and notes are summed up instead of told one by one."""


@dataclass(frozen=True)
class Asked:
    """What the flags of `ingest` say."""

    kind: str | None = None
    mapping: Path | None = None
    known_on: date | None = None
    accept_shrink: bool = False


def ingest_files(files: list[Path], asked: Asked, common: Common) -> int:
    """Read the files into the store and print what became of each row. Returns the exit code."""
    from diversion.ingest import IngestOptions, ingest, load_mapping
    from diversion.ingest.options import MappingFile

    current, _ = opened(common)
    given = load_mapping(asked.mapping) if asked.mapping else MappingFile()
    options = IngestOptions(
        kind=asked.kind or given.kind,
        mapping=given or None,
        constants=given.constants,
        header_rows=given.header_rows,
        policy=current.policy,
        known_on=asked.known_on,
        max_rejected=current.max_rejected,
        max_shrink=None if asked.accept_shrink else IngestOptions.max_shrink,
    )
    with writing(current) as store, bar("reading") as progress:
        told = ingest(store, files, options, progress).as_json()
    _tell(told, common)
    return 3 if any(file["refused"] for file in told["files"]) else 0


def _tell(told: dict[str, Any], common: Common) -> None:
    files = told["files"]
    if common.format in ("json", "jsonl"):
        emit(told, common.format, ())
        return
    total = [{"file": f"{len(files):,} files", **told["totals"]}] if len(files) > 1 else []
    emit(files if common.format == "csv" else [*files, *total], common.format, ("file", "kind", *COUNTS))
    for file in files:
        if file["refused"]:
            say(f"refused: {file['file']}: {file['refused']}")
    if len(files) > MANY:
        _summed_up(files)
    else:
        _one_by_one(files)


def _one_by_one(files: list[dict[str, Any]]) -> None:
    for file in files:
        for note in file["notes"]:
            say(f"note: {file['file']}: {note}")
        for reject in file["rejects"]:
            place = f"{file['file']} row {reject['row']}, {reject['column']}"
            say(f"rejected: {place}: {reject['reason']} ({reject['value']!r})")
        more = file["rejected"] - len(file["rejects"])
        if more > 0:
            say(f"rejected: {file['file']}: {more:,} more rows (table Reject)")


def _summed_up(files: list[dict[str, Any]]) -> None:
    """What was said of many files, each thing once, with how many files say it; the store has every row."""
    notes = Counter(note for file in files for note in file["notes"])
    reasons = Counter(
        f"{reject['column']}: {reject['reason']}" for file in files for reject in file["rejects"]
    )
    for what, counted in (("note", notes), ("rejected", reasons)):
        for text, times in counted.most_common(MANY):
            say(f"{what}: {text}" + (f" ({times:,} times among those shown)" if times > 1 else ""))
        if len(counted) > MANY:
            say(
                f"{what}: {len(counted) - MANY:,} more kinds; --format json tells all, table Reject every row"
            )
