"""Ingest: every file on its own, all of it or none, and an account of what became of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import pyarrow as pa

from diversion import schema
from diversion.errors import BadInput, DiversionError
from diversion.ids import digest
from diversion.ingest import listings, ownership, parties, shipments, us_csl
from diversion.ingest.columns import Layout, demand, guess
from diversion.ingest.files import expand, open_sheets
from diversion.ingest.options import IngestOptions, Progress
from diversion.ingest.recipe import MERGED, ROW, Reading, Recipe, parse, quoted
from diversion.ingest.report import SHOWN, FileReport, IngestReport, Rejected
from diversion.ingest.sheet import Sheet, Told, batch_schema, cleaned, header_test
from diversion.ingest.stage import Stage, guarded
from diversion.ingest.totals import is_total, leave_out
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


@dataclass(frozen=True)
class _Counts:
    read: int
    merged: int
    rejected: int

    @property
    def kept(self) -> int:
        return self.read - self.merged - self.rejected


class _Ingest:
    """One file on its way into the store."""

    def __init__(self, store: Store, path: Path, options: IngestOptions, progress: Progress) -> None:
        self._store, self._path, self._options, self._progress = store, path, options, progress
        self._where = str(path)
        self._notes: list[str] = []
        self._layout: Layout | None = None
        self._counts = _Counts(0, 0, 0)
        self._rejects: tuple[Rejected, ...] = ()

    def report(self) -> FileReport:
        """Read the file and say what became of it."""
        try:
            chosen = self._choose()
            with guarded(), self._stage() as stage:
                written = self._write(stage, chosen)
        except BadInput as error:
            return self._account(refused=_told(error))
        return self._account(written)

    def _stage(self) -> Stage:
        return Stage(self._options.memory, large=self._path.stat().st_size > SMALL)

    def _account(self, written: Written | None = None, refused: str | None = None) -> FileReport:
        counts, layout = self._counts, self._layout
        unchanged = written.unchanged if written else 0
        return FileReport(
            file=self._where,
            kind=layout.kind if layout else self._options.kind,
            read=counts.read,
            loaded=counts.kept - unchanged if written else 0,
            unchanged=unchanged,
            merged=counts.merged if written else 0,
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
        sheets = open_sheets(self._path, self._where, header_test(options.kind, explicit))
        found = [(sheet, guess(sheet.header, options.kind, explicit)) for sheet in sheets]
        chosen = [(sheet, layout) for sheet, layout in found if layout]
        if explicit or not chosen:
            chosen = chosen or [(sheets[0], demand(sheets[0].header, options.kind, explicit, self._where))]
            for sheet, _ in chosen:
                demand(sheet.header, options.kind, explicit, self._where)
        self._notes += [
            f"the sheet {s.name} was not read: its columns are not known" for s, x in found if not x
        ]
        self._notes += [note for sheet, _ in chosen for note in sheet.notes]
        self._layout = chosen[0][1]
        if len(kinds := sorted({layout.kind for _, layout in chosen})) > 1:
            raise BadInput(
                f"its sheets hold different things: {', '.join(kinds)}",
                where=self._where,
                hint="choose one with --as, or save each sheet as a file",
            )
        return chosen

    def _leave_out_totals(self, stage: Stage) -> None:
        if rows := leave_out(stage):
            shown = ", ".join(map(str, rows[:5])) + (", …" if len(rows) > 5 else "")
            self._notes.append(f"left out as totals at the end: row {shown}")

    def _write(self, stage: Stage, chosen: list[tuple[Sheet, Layout]]) -> Written:
        kind = chosen[0][1].kind
        recipe, options = RECIPES[kind], self._options
        _read(stage, recipe, chosen, lambda done, total: self._progress(self._path.name, done, total))
        there = frozenset(column for _, layout in chosen for column in layout.position)
        self._leave_out_totals(stage)
        parse(stage, recipe, Reading(there, options.day, options.known_on))
        self._counts = _Counts(
            stage.number("SELECT count(*) FROM raw"),
            stage.number(f"SELECT count(*) FROM parsed WHERE fault = {MERGED}"),
            stage.number("SELECT count(*) FROM faults"),
        )
        self._rejects = _rejects(stage, chosen)
        self._judge()
        self._remark(stage, kind)
        sources = self._sources(stage, chosen)
        stage.con.register("sources", sources)
        stage.run(
            "CREATE TABLE sheet AS SELECT row_number() OVER () - 1 AS no, id AS source, published "
            "FROM sources"
        )
        tables: dict[str, pa.Table | pa.RecordBatchReader] = {
            name: stage.typed(name, sql) for name, sql in recipe.tables(stage).items()
        }
        tables |= {"Source": sources, "Reject": stage.typed("Reject", _REJECTS)}
        return self._store.write(Batch(self._batch_id(sources), tables))[recipe.principal]

    def _judge(self) -> None:
        counts, most = self._counts, self._options.max_rejected
        if counts.rejected > most * counts.read:
            first = self._rejects[0]
            raise BadInput(
                f"{counts.rejected} of {counts.read} rows are faulty, more than {most:.0%}; the first is row "
                f"{first.row}, {first.column or 'the whole row'}: {first.reason}",
                where=self._where,
                hint="correct the file, or allow more with max_rejected",
            )

    def _remark(self, stage: Stage, kind: str) -> None:
        if not self._counts.read:
            self._notes.append("the file has a header and no rows")
        if kind == "shipments":
            self._remark_shipments(stage)

    def _remark_shipments(self, stage: Stage) -> None:
        stands = "SELECT count(*) FROM parsed WHERE fault = 0 AND"
        if bare := stage.number(f"{stands} hs6 IS NULL"):
            self._notes.append(
                f"{bare} rows have no HS code of six digits: no route can be searched with them"
            )
        if other := stage.number(f"{stands} value IS NOT NULL AND value_usd IS NULL"):
            self._notes.append(
                f"{other} values are in other currencies than US dollars and were not converted"
            )
        if bare := stage.number(f"{stands} value_usd IS NOT NULL AND currency IS NULL"):
            self._notes.append(f"{bare} values have no currency and are taken to be US dollars")

    def _sources(self, stage: Stage, chosen: list[tuple[Sheet, Layout]]) -> pa.Table:
        with self._path.open("rb") as stream:
            sha256 = file_digest(stream, "sha256").hexdigest()
        options, kind = self._options, chosen[0][1].kind
        published = options.known_on
        if kind == "us_csl":
            published, note = us_csl.published(stage, options.known_on, options.day)
            self._notes += [note] if note else []
        rows = [
            {
                "id": "F-" + digest(sha256, sheet.name, kind),
                "file": self._path.name,
                "sheet": sheet.name,
                "kind": kind,
                "sha256": sha256,
                "bytes": self._path.stat().st_size,
                "published": published,
                "known_on": options.known_on,
                "ingested_on": options.day,
                **_per_sheet(stage, no),
            }
            for no, (sheet, _) in enumerate(chosen)
        ]
        return pa.Table.from_pylist(rows, schema=schema.load()["Source"].arrow)

    def _batch_id(self, sources: pa.Table) -> str:
        """The same file, read in the same way with the same outcome, is the same batch."""
        layout = self._layout
        mapping = sorted((c, m.column) for c, m in layout.mapping.items()) if layout else []
        counts = (self._counts.read, self._counts.merged, self._counts.rejected)
        return "B-" + digest(sources["id"].to_pylist(), mapping, self._options.known_on, counts)


def _read(stage: Stage, recipe: Recipe, chosen: list[tuple[Sheet, Layout]], told: Told) -> None:
    """Make `raw`: one row a data row, one column of text a canonical column."""
    columns = ", ".join(f"{quoted(c)} VARCHAR" for c in recipe.columns)
    stage.run(f"CREATE TABLE raw(n BIGINT, row_fault VARCHAR, row_text VARCHAR, {columns}, total BOOLEAN)")
    headers = [
        {"no": no, "canonical": canonical, "header": mapped.column}
        for no, (_, layout) in enumerate(chosen)
        for canonical, mapped in layout.mapping.items()
    ]
    stage.keep("header", pa.Table.from_pylist(headers))
    for no, (sheet, layout) in enumerate(chosen):
        order = list(layout.position)
        picked = ", ".join(f'"{order.index(c)}"' if c in order else "NULL" for c in recipe.columns)
        positions = [layout.position[c] for c in order]
        if 0 not in positions:  # a total may say so in a column that means nothing else
            positions.append(0)
        at_a_total = is_total(order, positions)
        batches = map(cleaned, sheet.read(positions, told))
        reader = pa.RecordBatchReader.from_batches(batch_schema(len(positions)), batches)
        stage.append("raw", reader, f"({no}::BIGINT << 32) | row, fault, value, {picked}, {at_a_total}")


_REJECTS = (
    f'SELECT source, s.name AS sheet, {ROW} AS row, coalesce(h.header, f."column", \'\') AS "column", '
    "reason, value FROM faults f JOIN sheet_name s ON s.no = (n >> 32) JOIN sheet USING (no) "
    'LEFT JOIN header h ON h.no = (n >> 32) AND h.canonical = f."column"'
)


def _rejects(stage: Stage, chosen: list[tuple[Sheet, Layout]]) -> tuple[Rejected, ...]:
    names = pa.array([sheet.name for sheet, _ in chosen], pa.string())
    stage.keep("sheet_name", pa.table({"no": pa.array(range(len(names)), pa.int64()), "name": names}))
    rows = stage.rows(
        f"SELECT s.name, {ROW}, coalesce(h.header, f.\"column\", ''), reason, value FROM faults f "
        "JOIN sheet_name s ON s.no = (n >> 32) LEFT JOIN header h ON h.no = s.no AND "
        f'h.canonical = f."column" ORDER BY n LIMIT {SHOWN}'
    )
    return tuple(Rejected(*row) for row in rows)


def _per_sheet(stage: Stage, no: int) -> Mapping[str, int]:
    of = f"(n >> 32) = {no}"
    read = stage.number(f"SELECT count(*) FROM raw WHERE {of}")
    merged = stage.number(f"SELECT count(*) FROM parsed WHERE fault = {MERGED} AND {of}")
    rejected = stage.number(f"SELECT count(*) FROM faults WHERE {of}")
    return {"read": read, "loaded": read - merged - rejected, "merged": merged, "rejected": rejected}
