"""Ingest: every file on its own, all of it or none, and an account of what became of each row."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import reduce
from hashlib import file_digest
from operator import add
from pathlib import Path
from typing import Any

import pyarrow as pa

from diversion import schema
from diversion.errors import BadInput, DiversionError
from diversion.ids import digest
from diversion.ingest import listings, ownership, parties, shipments, us_csl
from diversion.ingest.columns import Layout, guess, nearest, stated, weight
from diversion.ingest.demand import demand
from diversion.ingest.files import expand, open_sheets
from diversion.ingest.formats import FORMATS
from diversion.ingest.group import Counts, Group, mapping_json, together
from diversion.ingest.headers import Asked
from diversion.ingest.options import IngestOptions, Progress
from diversion.ingest.recipe import Reading, Recipe
from diversion.ingest.report import SHOWN, FileReport, IngestReport, Rejected
from diversion.ingest.sheet import Sheet, header_test
from diversion.ingest.stage import Stage, guarded
from diversion.store.base import Batch, Store, Written

SMALL = 8 << 20
"""Bytes of a file below which it is staged in memory alone."""

RECIPES: dict[str, Recipe] = {
    "shipments": shipments.RECIPE,
    "parties": parties.RECIPE,
    "ownership": ownership.RECIPE,
    "listings": listings.RECIPE,
    "us_csl": us_csl.RECIPE,
}


def ingest(
    store: Store,
    paths: Sequence[Path],
    options: IngestOptions | None = None,
    progress: Progress = lambda file, done, total: None,
) -> IngestReport:
    """Read files into the store; a directory means the files in it.

    Each file is one batch: written whole or, where it is refused, not at all, and the next one goes on. The
    same file again changes nothing. Memory stays within `options.memory` and a few batches.
    Raises `StoreError` where the store or the disk fails; what is wrong with a file stands in the report.
    """
    asked = options or IngestOptions()
    reports: list[FileReport] = []
    for path in paths:
        try:
            files = expand(path)
        except BadInput as error:
            reports.append(FileReport(str(path), refused=_told(error)))
            continue
        reports += [_Ingest(store, file, asked, progress).report() for file in files]
    return IngestReport(tuple(reports))


def _told(error: DiversionError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


def recipe_of(kind: str, sheet: Sheet) -> str:
    """The recipe of a sheet that is read as `kind`."""
    return FORMATS[kind] if sheet.format else kind


class _Ingest:
    """One file on its way into the store."""

    def __init__(self, store: Store, path: Path, options: IngestOptions, progress: Progress) -> None:
        self._store, self._path, self._options, self._progress = store, path, options, progress
        self._where = str(path)
        self._notes: list[str] = []
        self._layout: Layout | None = None
        self._kind: str | None = None
        self._counts = Counts()
        self._rejects: tuple[Rejected, ...] = ()

    def report(self) -> FileReport:
        """Read the file and say what became of it."""
        try:
            chosen = self._choose()
            with guarded(), ExitStack() as stack:
                written = self._write(stack, chosen)
        except BadInput as error:
            return self._account(refused=_told(error))
        return self._account(written)

    def _account(self, written: int | None = None, refused: str | None = None) -> FileReport:
        counts, layout, there = self._counts, self._layout, refused is None
        return FileReport(
            file=self._where,
            kind=self._kind or self._options.kind,
            read=counts.read,
            loaded=counts.kept - (written or 0) if there else 0,
            unchanged=written or 0,
            merged=counts.merged if there else 0,
            rejected=counts.rejected,
            refused=refused,
            mapping=layout.mapping if layout else {},
            rejects=self._rejects,
            notes=tuple(self._notes),
        )

    def _choose(self) -> list[tuple[Sheet, Layout]]:
        """The sheets to read, each with its layout; those that hold nothing known are named in a note."""
        options = self._options
        explicit = dict(options.mapping) if options.mapping else None
        asked = Asked(options.kind, explicit, options.header_rows)
        sheets = open_sheets(self._path, self._where, header_test(asked))
        found = [(sheet, _layout(sheet, options)) for sheet in sheets]
        chosen = [(sheet, layout) for sheet, layout in found if layout]
        tables = [pair for pair in chosen if pair[0].format is None]
        if (explicit and tables) or not chosen:
            if not chosen:
                sheet, self._layout = proposed(sheets, options)
                tables = [(sheet, self._layout)]
            for sheet, _ in tables:
                demand(sheet.header, options.kind, explicit, self._where, sheet.sample)
        self._notes += [
            f"the sheet {s.name} was not read: its columns are not known" for s, x in found if not x
        ]
        self._notes += [note for sheet, _ in chosen for note in sheet.notes]
        self._layout = chosen[0][1]
        self._kind = ", ".join(dict.fromkeys(layout.kind for _, layout in chosen))
        return chosen

    def _write(self, stack: ExitStack, chosen: list[tuple[Sheet, Layout]]) -> int:
        """Write the file; the number of its rows that were there already."""
        by_recipe: dict[str, list[tuple[Sheet, Layout]]] = {}
        for sheet, layout in chosen:
            by_recipe.setdefault(recipe_of(layout.kind, sheet), []).append((sheet, layout))
        groups = {name: self._parsed(stack, name, some) for name, some in by_recipe.items()}
        self._counts = reduce(add, (group.counts() for group in groups.values()))
        self._rejects = tuple(one for group in groups.values() for one in group.rejects)[:SHOWN]
        self._judge()
        if not self._counts.read:
            self._notes.append("the file has a header and no rows")
        sources, made = [], []
        for name, group in groups.items():
            rows = self._sources(group, by_recipe[name])
            sources.append(rows)
            made.append(group.tables(rows))
            self._notes += group.notes
        tables = together([*made]) | {"Source": pa.concat_tables(sources)}
        written = self._store.write(Batch(self._batch_id(tables["Source"]), tables))
        principals = {group.principal for group in groups.values()}
        return sum(written.get(name, Written()).unchanged for name in principals)

    def _parsed(self, stack: ExitStack, name: str, some: list[tuple[Sheet, Layout]]) -> Group:
        large = self._path.stat().st_size > SMALL
        stage = stack.enter_context(Stage(self._options.memory, large=large))
        group = Group(stage, RECIPES[name], some)
        how = Reading(frozenset(), self._options.day, self._options.known_on)
        group.parse(how, lambda done, total: self._progress(self._path.name, done, total))
        return group

    def _judge(self) -> None:
        counts, most = self._counts, self._options.max_rejected
        faulty = counts.rejected - counts.not_kept
        if faulty > most * counts.read:
            first = self._rejects[0]
            raise BadInput(
                f"{faulty} of {counts.read} rows are faulty, more than {most:.0%}; the first is row "
                f"{first.row}, {first.column or 'the whole row'}: {first.reason}",
                where=self._where,
                hint="correct the file, or allow more with max_rejected",
            )

    def _sources(self, group: Group, chosen: list[tuple[Sheet, Layout]]) -> pa.Table:
        with self._path.open("rb") as stream:
            sha256 = file_digest(stream, "sha256").hexdigest()
        options = self._options
        published = group.published(options.known_on, options.day)
        rows: list[dict[str, Any]] = []
        for no, (sheet, layout) in enumerate(chosen):
            counts = group.counts(no)
            rows.append(
                {
                    "id": "F-" + digest(sha256, sheet.name, layout.kind),
                    "file": self._path.name,
                    "path": str(self._path.absolute()),
                    "sheet": sheet.name,
                    "kind": layout.kind,
                    "mapping": mapping_json(layout),
                    "sha256": sha256,
                    "bytes": self._path.stat().st_size,
                    "published": published,
                    "known_on": options.known_on,
                    "ingested_on": options.day,
                    "read": counts.read,
                    "loaded": counts.kept,
                    "merged": counts.merged,
                    "rejected": counts.rejected,
                }
            )
        return pa.Table.from_pylist(rows, schema=schema.load()["Source"].arrow)

    def _batch_id(self, sources: pa.Table) -> str:
        """The same file, read in the same way with the same outcome, is the same batch."""
        layout = self._layout
        mapping = sorted((c, m.column) for c, m in layout.mapping.items()) if layout else []
        counts = (self._counts.read, self._counts.merged, self._counts.rejected)
        return "B-" + digest(sources["id"].to_pylist(), mapping, self._options.known_on, counts)


def _layout(sheet: Sheet, options: IngestOptions) -> Layout | None:
    if sheet.format is None:
        layout = guess(sheet.header, options.kind, options.mapping, sheet.sample)
        return layout and stated(layout, options.constants or {})
    return Layout(sheet.format, {column: at for at, column in enumerate(sheet.header)}, {})


def proposed(sheets: Sequence[Sheet], options: IngestOptions) -> tuple[Sheet, Layout]:
    """Of tables the one of which most is recognised, and how it would be read."""
    pairs = [(s, nearest(s.header, options.kind, options.mapping, s.sample)) for s in sheets]
    sheet, layout = max(pairs, key=lambda pair: weight(pair[1]))
    return sheet, stated(layout, options.constants or {})
