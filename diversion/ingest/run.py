"""Ingest: every file on its own, all of it or none, and an account of what became of each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from diversion.ingest import (
    list_parts,
    listing,
    listings,
    ownership,
    parties,
    payments,
    register,
    shipments,
    us_csl,
)
from diversion.ingest.asked import Reading
from diversion.ingest.columns import Layout, guess, nearest, stated, weight
from diversion.ingest.demand import demand
from diversion.ingest.files import STDIN, Given, expand, open_sheets
from diversion.ingest.formats import FORMATS
from diversion.ingest.group import Counts, Group, Tables, mapping_json, together
from diversion.ingest.headers import Asked
from diversion.ingest.options import IngestOptions, Progress
from diversion.ingest.periods import Period, period
from diversion.ingest.recipe import Recipe
from diversion.ingest.report import SHOWN, FileReport, IngestReport, Rejected
from diversion.ingest.sheet import Sheet, header_test
from diversion.ingest.stage import Stage, guarded
from diversion.ingest.versions import Version, compare, refuse_nothing
from diversion.linking.after import linked
from diversion.store.base import Batch, Store, Written

SMALL = 8 << 20
"""Bytes of a file below which it is staged in memory alone."""

RECIPES: dict[str, Recipe] = {
    "shipments": shipments.RECIPE,
    "parties": parties.RECIPE,
    "ownership": ownership.RECIPE,
    "listings": listings.RECIPE,
    "us_csl": us_csl.RECIPE,
    "register": register.RECIPE,
    "listing": listing.RECIPE,
    "list_parts": list_parts.RECIPE,
    "payments": payments.RECIPE,
}


def ingest(
    store: Store,
    paths: Sequence[Path],
    options: IngestOptions | None = None,
    progress: Progress = lambda file, done, total: None,
) -> IngestReport:
    """Read files into the store; a folder, a pattern or an archive means the files in it, `-` standard input.

    Each file is one batch: written whole or, where it is refused, not at all, and the next one goes on. The
    same file again changes nothing. Files that say more of the entries of another come after all others,
    whatever the order of their reports. Memory stays within `options.memory` and a few batches.
    Raises `StoreError` where the store or the disk fails; what is wrong with a file stands in the report.
    """
    asked = options or IngestOptions()
    reports: dict[int, FileReport] = {}
    for later in (False, True):
        for at, given in enumerate(_all(paths)):
            if isinstance(given, FileReport):
                reports[at] = given
            elif at not in reports and (later or not _says_more(given)):
                reports[at] = _Ingest(store, given, asked, progress).report()
    return IngestReport(linked(store, [reports[at] for at in sorted(reports)]))


def _all(paths: Sequence[Path]) -> Iterator[Given | FileReport]:
    """Every file in turn; where a path is none, the report that says so."""
    for path in paths:
        try:
            yield from expand(path)
        except BadInput as error:
            yield FileReport(error.where or str(path), refused=_told(error))


def _says_more(given: Given) -> bool:
    """Whether a file only says more of the entries of another one, which is to be read before it."""
    from diversion.ingest.detect import START
    from diversion.ingest.ofac_legacy import PARTS, is_part

    if str(given.origin) == STDIN or not PARTS.search(given.file):
        return False
    try:
        with given.opened() as path, path.open("rb") as stream:
            return is_part(stream.read(START))
    except (DiversionError, OSError):
        return False


def _told(error: DiversionError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


def recipe_of(kind: str, sheet: Sheet) -> str:
    """The recipe of a sheet that is read as `kind`."""
    return FORMATS[kind] if sheet.format else kind


class _Ingest:
    """One file on its way into the store."""

    def __init__(self, store: Store, given: Given, options: IngestOptions, progress: Progress) -> None:
        self._store, self._given, self._options, self._progress = store, given, options, progress
        self._where = given.name
        self._path = given.held
        self._notes = list(given.notes)
        self._layout: Layout | None = None
        self._kind: str | None = None
        self._counts = Counts()
        self._rejects: tuple[Rejected, ...] = ()
        self._version: Version | None = None
        self._ids: tuple[str, ...] = ()

    def report(self) -> FileReport:
        """Read the file and say what became of it."""
        try:
            with guarded(), ExitStack() as stack:
                self._path = stack.enter_context(self._given.opened())
                written = self._write(stack, self._choose())
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
            version=self._version if there else None,
            sources=self._ids if there else (),
        )

    def _choose(self) -> list[tuple[Sheet, Layout]]:
        """The sheets to read, each with its layout; those that hold nothing known are named in a note."""
        options = self._options
        explicit = dict(options.mapping) if options.mapping else None
        asked = Asked(options.kind, explicit, options.header_rows)
        sheets = open_sheets(self._path, self._where, header_test(asked))
        found = [(sheet, _layout(sheet, options, self._given.file)) for sheet in sheets]
        chosen = [(sheet, layout) for sheet, layout in found if layout]
        tables = [pair for pair in chosen if pair[0].format is None]
        if (explicit and tables) or not chosen:
            if not chosen:
                sheet, self._layout = proposed(sheets, options, self._given.file)
                tables = [(sheet, self._layout)]
            for sheet, _ in tables:
                when = _period(sheet, self._given.file)
                demand(sheet.header, options.kind, explicit, self._where, sheet.sample, when)
        self._notes += [
            f"the sheet {s.name} was not read: its columns are not known" for s, x in found if not x
        ]
        self._notes += [note for sheet, layout in chosen for note in (*sheet.notes, *layout.notes)]
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
            tables = group.tables(rows)
            if group.snapshot:
                tables, rows = self._versioned(group, tables, rows)
            sources.append(rows)
            made.append(tables)
            self._notes += group.notes
        whole = together(made) | {"Source": pa.concat_tables(sources)}
        self._ids = tuple(whole["Source"]["id"].to_pylist())
        written = self._store.write(Batch(self._batch_id(whole["Source"]), whole))
        names = {name for group in groups.values() for name in group.principals}
        return self._unchanged([written.get(name, Written()) for name in names])

    def _unchanged(self, written: list[Written]) -> int:
        """Rows of which every record was there; a row may make several, then as many rows as can be."""
        gone = self._version.removed if self._version else 0  # written beside the rows of the file
        changed = sum(one.inserted + one.updated for one in written) - gone
        return min(max(self._counts.kept - changed, 0), self._counts.kept)

    def _versioned(self, group: Group, tables: Tables, sources: pa.Table) -> tuple[Tables, pa.Table]:
        """A snapshot of a list compared with the one before: entries that went are written too."""
        given = tables["Listing"]
        listings = given if isinstance(given, pa.Table) else given.read_all()
        if not len(listings):
            refuse_nothing(self._store, self._kind or "", self._options.max_shrink)
            return tables | {"Listing": listings}, sources
        name, day = listings["list"][0].as_py(), sources["published"][0].as_py() or self._options.day
        whole = group.whole and self._counts.rejected == self._counts.not_kept
        compared = compare(self._store, listings, day, max_shrink=self._options.max_shrink, whole=whole)
        if not whole:
            self._notes.append(
                "entries that it lacks are not taken to be gone: it is not read as a whole list"
            )
        self._version = compared.version
        self._notes.append(compared.version.sentence)
        place = sources.schema.get_field_index("list")
        sources = sources.set_column(place, "list", pa.array([name] * len(sources)))
        return tables | {"Listing": compared.listings, "ListChange": compared.changes}, sources

    def _parsed(self, stack: ExitStack, name: str, some: list[tuple[Sheet, Layout]]) -> Group:
        large = self._path.stat().st_size > SMALL
        stage = stack.enter_context(Stage(self._options.memory, large=large))
        group = Group(stage, RECIPES[name], some)
        options = self._options
        how = Reading(frozenset(), options.day, options.known_on, rates=options.rates)
        group.parse(how, lambda done, total: self._progress(self._given.file, done, total), self._store)
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
                    "file": self._given.file,
                    "path": self._given.path,
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
        rates = self._options.rates.key if "shipments" in (self._kind or "") else ""
        return "B-" + digest(sources["id"].to_pylist(), mapping, self._options.known_on, counts, rates)


def _period(sheet: Sheet, file: str) -> Period | None:
    """The period that is stated for a whole table."""
    return period(sheet.titles, sheet.name, file)


def _layout(sheet: Sheet, options: IngestOptions, file: str) -> Layout | None:
    if sheet.format is None:
        layout = guess(sheet.header, options.kind, options.mapping, sheet.sample, _period(sheet, file))
        return layout and stated(layout, options.constants or {})
    return Layout(sheet.format, {column: at for at, column in enumerate(sheet.header)}, {})


def proposed(sheets: Sequence[Sheet], options: IngestOptions, file: str) -> tuple[Sheet, Layout]:
    """Of tables the one of which most is recognised, and how it would be read; `file` is its name."""
    pairs = [
        (s, nearest(s.header, options.kind, options.mapping, s.sample, _period(s, file))) for s in sheets
    ]
    sheet, layout = max(pairs, key=lambda pair: weight(pair[1]))
    return sheet, stated(layout, options.constants or {})
