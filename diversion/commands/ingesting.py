"""Files in: ingest, and what a person is told of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from diversion.commands.account import tell
from diversion.commands.opening import bar, new_only_if_filled, opened, writing

if TYPE_CHECKING:
    from diversion.commands.options import Common, Ingesting


def ingest_files(files: list[Path], asked: Ingesting, common: Common) -> int:
    """Read the files into the store and print what became of each row. Returns the exit code."""
    from diversion.ingest import IngestOptions, ingest, load_mapping
    from diversion.ingest.options import MappingFile

    current, _ = opened(common)
    given = load_mapping(asked.mapping) if asked.mapping else MappingFile()
    options = IngestOptions(
        kind=asked.as_ or given.kind,
        mapping=given or None,
        constants=given.constants,
        header_rows=given.header_rows,
        orders=given.orders,
        policy=current.policy,
        memory=current.memory_limit,
        known_on=asked.known_on,
        max_rejected=current.max_rejected if asked.max_rejected is None else asked.max_rejected,
        max_shrink=None if asked.accept_shrink else IngestOptions.max_shrink,
    )
    with new_only_if_filled(current), writing(current) as store, bar("reading") as progress:
        told = ingest(store, files, options, progress).as_json()
    tell(told, common.format)
    return 3 if any(file["refused"] for file in told["files"]) else 0
