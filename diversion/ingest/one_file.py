"""One file on its way into the store: all of it or none, and an account of what became of each row."""

from __future__ import annotations

from contextlib import ExitStack
from hashlib import file_digest
from typing import Any

import pyarrow as pa

from diversion import schema
from diversion.errors import BadInput
from diversion.ids import digest
from diversion.ingest.files import Given
from diversion.ingest.group import Chosen, Group, Tables, mapping_json, together
from diversion.ingest.look import Look, by_recipe, in_words
from diversion.ingest.options import IngestOptions, Progress
from diversion.ingest.report import FileReport
from diversion.ingest.stage import guarded
from diversion.ingest.versions import Version, compare, refuse_nothing
from diversion.store.base import Batch, Store, Written


class OneFile:
    """A file that a person gave, and the store it goes to."""

    def __init__(self, store: Store, given: Given, options: IngestOptions, progress: Progress) -> None:
        self._store, self._given, self._options, self._progress = store, given, options, progress
        self._look = Look(given.held, given.name, options)
        self._look.notes += given.notes
        self._version: Version | None = None
        self._beside = 0
        self._ids: tuple[str, ...] = ()

    def report(self) -> FileReport:
        """Read the file and say what became of it."""
        try:
            with guarded(), ExitStack() as stack:
                self._look.path = stack.enter_context(self._given.opened())
                written = self._write(stack, self._look.choose())
        except BadInput as error:
            return self._account(refused=in_words(error))
        return self._account(written)

    def _account(self, written: int | None = None, refused: str | None = None) -> FileReport:
        look, there = self._look, refused is None
        counts, layout = look.counts, look.layout
        return FileReport(
            file=look.where,
            kind=look.kind or self._options.kind,
            read=counts.read,
            loaded=counts.kept - (written or 0) if there else 0,
            unchanged=written or 0,
            merged=counts.merged if there else 0,
            rejected=counts.rejected,
            refused=refused,
            mapping=layout.mapping if layout else {},
            rejects=look.rejects,
            reasons=look.reasons,
            notes=tuple(look.notes),
            skipped=self._given.skipped,
            version=self._version if there else None,
            sources=self._ids if there else (),
        )

    def _told(self, done: int, total: int | None) -> None:
        self._progress(self._given.file, done, total)

    def _write(self, stack: ExitStack, chosen: Chosen) -> int:
        """Write the file; the number of its rows that were there already."""
        look, apart = self._look, by_recipe(chosen)
        groups = look.parse(stack, chosen, self._store.read, self._told)
        look.judge()
        if not look.counts.read:
            look.notes.append("the file has a header and no rows")
        sources, made = [], []
        for name, group in groups.items():
            rows = self._sources(group, apart[name])
            tables = group.tables(rows)
            if group.snapshot:
                tables, rows = self._versioned(group, tables, rows)
            sources.append(rows)
            made.append(tables)
            look.notes += group.notes
        whole = together(made) | {"Source": pa.concat_tables(sources)}
        self._ids = tuple(whole["Source"]["id"].to_pylist())
        written = self._store.write(Batch(self._batch_id(whole["Source"]), whole))
        names = {name for group in groups.values() for name in group.principals}
        return self._unchanged([written.get(name, Written()) for name in names])

    def _unchanged(self, written: list[Written]) -> int:
        """Rows of which every record was there; a row may make several, then as many rows as can be."""
        kept = self._look.counts.kept
        changed = sum(one.inserted + one.updated for one in written) - self._beside
        return min(max(kept - changed, 0), kept)

    def _versioned(self, group: Group, tables: Tables, sources: pa.Table) -> tuple[Tables, pa.Table]:
        """A snapshot of a list compared with the one before: entries that went are written too."""
        given, look, most = tables["Listing"], self._look, self._options.max_shrink
        listings = given if isinstance(given, pa.Table) else given.read_all()
        if not len(listings):
            refuse_nothing(self._store, look.kind or "", most)
            return tables | {"Listing": listings}, sources
        name, day = listings["list"][0].as_py(), sources["published"][0].as_py() or self._options.day
        whole = group.whole and look.counts.rejected == look.counts.not_kept
        compared = compare(self._store, listings, day, max_shrink=most, whole=whole)
        if not whole:
            look.notes.append(
                "entries that it lacks are not taken to be gone: it is not read as a whole list"
            )
        self._version, self._beside = compared.version, compared.beside
        look.notes.append(compared.version.sentence)
        for column, value in (("list", name), ("whole", whole)):
            place = sources.schema.get_field_index(column)
            sources = sources.set_column(place, column, pa.array([value] * len(sources)))
        return tables | {"Listing": compared.listings, "ListChange": compared.changes}, sources

    def _sources(self, group: Group, chosen: Chosen) -> pa.Table:
        path, options = self._look.path, self._options
        with path.open("rb") as stream:
            sha256 = file_digest(stream, "sha256").hexdigest()
        published = group.published(self._look.known_on, options.day)
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
                    "mapping": mapping_json(layout, options.orders or {}),
                    "sha256": sha256,
                    "bytes": path.stat().st_size,
                    "published": published,
                    "known_on": self._look.known_on,
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
        look, options = self._look, self._options
        mapping = sorted((c, m.column) for c, m in look.layout.mapping.items()) if look.layout else []
        counts = (look.counts.read, look.counts.merged, look.counts.rejected)
        rates = options.rates.key if "shipments" in (look.kind or "") else ""
        how = [*mapping, *sorted((options.orders or {}).items())]
        return "B-" + digest(sources["id"].to_pylist(), how, look.known_on, counts, rates)
