"""What `ingest` would say of a file, found out without a store: of all its rows, or of the first of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from diversion import schema
from diversion.errors import BadInput
from diversion.ingest.group import Counts
from diversion.ingest.look import SMALL, Look, in_words
from diversion.ingest.options import IngestOptions
from diversion.ingest.report import Reason
from diversion.ingest.sheet import Batches, Sheet, Told
from diversion.ingest.stage import guarded

ROWS = 20_000
"""Rows that are tried of each sheet of a file larger than `SMALL` bytes, and a batch more at most."""


@dataclass(frozen=True)
class Trial:
    """What became of the rows that were tried; `whole` where these are all.

    `unsure` are canonical columns of days that could be read either way; a person must state their order.
    """

    counts: Counts
    refused: str | None
    reasons: tuple[Reason, ...]
    unsure: tuple[str, ...]
    whole: bool


def tried(path: Path, where: str, options: IngestOptions) -> Trial:
    """Read a table as `ingest` would, into no store. Its reading needs none: it holds no known format."""
    look = Look(path, where, options)
    unsure: tuple[str, ...] = ()
    refused, whole = None, path.stat().st_size <= SMALL
    try:
        with guarded(), ExitStack() as stack:
            chosen = look.choose()
            some = chosen if whole else [(_begun(sheet), layout) for sheet, layout in chosen]
            groups = look.parse(stack, some, _empty, lambda done, total: None)
            unsure = tuple(column for group in groups.values() for column in group.unsure)
            look.judge()
    except BadInput as error:
        refused = in_words(error)
    return Trial(look.counts, refused, look.reasons, unsure, whole)


def _empty(table: str, **only: object) -> pa.Table:
    return schema.load()[table].arrow.empty_table()


def _begun(sheet: Sheet) -> Sheet:
    """The sheet without the rows that come after the first so many."""
    read: Callable[[Sequence[int], Told], Batches] = sheet.read
    return replace(sheet, read=lambda positions, told: _first(read(positions, told)))


def _first(batches: Iterator[pa.RecordBatch]) -> Batches:
    rows = 0
    for batch in batches:
        yield batch
        rows += len(batch)
        if rows >= ROWS:
            return
