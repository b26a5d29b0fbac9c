"""Data in: ingest, simulate, doctor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import bar, opened, reading, writing
from diversion.output import emit, say

if TYPE_CHECKING:
    from diversion.cli import Common

COUNTS = ("read", "loaded", "unchanged", "merged", "rejected")


def ingest_files(
    files: list[Path], kind: str | None, mapping: Path | None, known_on: date | None, common: Common
) -> int:
    """Read the files into the store and print what became of each row. Returns the exit code."""
    from diversion.ingest import IngestOptions, ingest, load_mapping
    from diversion.ingest.options import Given

    current, _ = opened(common)
    given = load_mapping(mapping) if mapping else Given()
    options = IngestOptions(
        kind=kind or given.kind,
        mapping=given or None,
        constants=given.constants,
        header_rows=given.header_rows,
        known_on=known_on,
        max_rejected=current.max_rejected,
    )
    with writing(current) as store, bar("reading") as progress:
        told = ingest(store, files, options, progress).as_json()
    _tell(told, common)
    return 3 if any(file["refused"] for file in told["files"]) else 0


def _tell(told: dict[str, Any], common: Common) -> None:
    if common.format in ("json", "jsonl"):
        emit(told, common.format, ())
        return
    emit(told["files"], common.format, ("file", "kind", *COUNTS))
    for file in told["files"]:
        if file["refused"]:
            say(f"refused: {file['file']}: {file['refused']}")
        for reject in file["rejects"]:
            place = f"{file['file']} row {reject['row']}, {reject['column']}"
            say(f"rejected: {place}: {reject['reason']} ({reject['value']!r})")
        more = file["rejected"] - len(file["rejects"])
        if more > 0:
            say(f"rejected: {file['file']}: {more:,} more rows (table Reject)")


def make_world(out: Path, seed: int, parties: int | None, shipments: int | None) -> None:
    """Write a fictional world to the folder `out`."""
    from diversion.simulate import World, write

    world = World(seed=seed)
    world = world if parties is None else replace(world, parties=parties)
    world = world if shipments is None else replace(world, shipments=shipments)
    tables = write(world, out)
    say(f"{out}: " + ", ".join(f"{len(table):,} {name}" for name, table in tables.items()))


def check_store(common: Common) -> int:
    """Print what is wrong with the store. Returns 1 where something is."""
    current, _ = opened(common)
    with reading(current) as store:
        problems = store.verify()
    rows = [{"where": p.where, "what": p.what, "hint": p.hint} for p in problems]
    if common.format == "table" and not rows:
        say(f"{current.store}: every batch is whole")
        return 0
    emit(rows, common.format, ("where", "what", "hint"))
    return 1 if rows else 0
