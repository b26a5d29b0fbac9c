"""Files in: ingest, and what a person is told of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.commands.account import tell
from diversion.commands.opening import bar, new_only_if_filled, opened, writing

if TYPE_CHECKING:
    from diversion.commands.options import Common, Ingesting
    from diversion.ingest.options import IngestOptions
    from diversion.settings import Settings


def reading_options(kind: str | None, mapping: Path | None, current: Settings) -> IngestOptions:
    """How files are read, as a mapping and the settings say."""
    from diversion.ingest.options import IngestOptions, MappingFile, load_mapping

    given = load_mapping(mapping) if mapping else MappingFile()
    return IngestOptions(
        kind=kind or given.kind,
        mapping=given or None,
        constants=given.constants,
        header_rows=given.header_rows,
        orders=given.orders,
        policy=current.policy,
        memory=current.memory_limit,
    )


def ingest_files(files: list[Path], asked: Ingesting, common: Common) -> int:
    """Read the files into the store and print what became of each row. Returns the exit code."""
    from diversion.ingest import IngestOptions, ingest

    current, _ = opened(common)
    options = replace(
        reading_options(asked.as_, asked.mapping, current),
        known_on=asked.known_on,
        max_rejected=current.max_rejected if asked.max_rejected is None else asked.max_rejected,
        max_shrink=None if asked.accept_shrink else IngestOptions.max_shrink,
    )
    with new_only_if_filled(current), writing(current) as store, bar("reading") as progress:
        told = ingest(store, files, options, progress).as_json()
    tell(told, common.format)
    return 3 if any(file["refused"] for file in told["files"]) else 0
