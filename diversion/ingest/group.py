"""The sheets of a file that one recipe reads: staged, parsed, counted, and handed on as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa

from diversion import schema
from diversion.ingest.asked import Reading, quoted
from diversion.ingest.columns import Layout, squeeze
from diversion.ingest.day_columns import UNSURE
from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.formats import PARTIAL
from diversion.ingest.parsing import make_raw, parse
from diversion.ingest.recipe import MERGED, PART, RAW, ROW, SHEET, Recipe
from diversion.ingest.report import SHOWN, Reason, Rejected
from diversion.ingest.sheet import Sheet, Told, batch_schema, cleaned
from diversion.ingest.stage import Stage
from diversion.ingest.totals import is_footer, is_total, leave_out

Tables = dict[str, pa.Table | pa.RecordBatchReader]


@dataclass(frozen=True)
class Counts:
    """What became of data rows; `not_kept` of the rejected are no fault of the file."""

    read: int = 0
    merged: int = 0
    rejected: int = 0
    not_kept: int = 0

    @property
    def kept(self) -> int:
        """Rows that stand for themselves."""
        return self.read - self.merged - self.rejected

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            self.read + other.read,
            self.merged + other.merged,
            self.rejected + other.rejected,
            self.not_kept + other.not_kept,
        )


Chosen = Sequence[tuple[Sheet, Layout]]


class Group:
    """Sheets of one recipe on their way; `notes` are what a person should know of them."""

    def __init__(self, stage: Stage, recipe: Recipe, chosen: Chosen) -> None:
        self._stage, self._recipe, self._chosen = stage, recipe, chosen
        self.notes: list[str] = []

    @property
    def snapshot(self) -> bool:
        """Whether the sheets hold entries of a list, of which every load is a version."""
        return self._recipe.snapshot

    @property
    def whole(self) -> bool:
        """Whether they hold that list whole."""
        return all(sheet.whole and layout.kind not in PARTIAL for sheet, layout in self._chosen)

    @property
    def principals(self) -> tuple[str, ...]:
        """The tables of which a row that stands makes a record."""
        given = self._recipe.principal
        return (given,) if isinstance(given, str) else given

    def parse(self, how: Reading, told: Told, held: Callable[..., pa.Table]) -> None:
        """Read every sheet and parse its rows; a recipe may need tables that the store holds already."""
        _read(self._stage, self._recipe, self._chosen, told)
        self._leave_out_totals()
        self._stage.store_read = held
        there, foreign = _there(self._chosen), _foreign(self._chosen)
        for table in self._recipe.needs(there):
            self._stage.keep(f"store_{table}", held(table))
        parse(
            self._stage, self._recipe, replace(how, there=there, foreign=foreign, dated=_dated(self._chosen))
        )
        names = [sheet.name for sheet, _ in self._chosen]
        numbers = pa.array(range(len(names)), pa.int64())
        self._stage.keep("sheet_name", pa.table({"no": numbers, "name": pa.array(names, pa.string())}))

    def _leave_out_totals(self) -> None:
        stated = {c for _, layout in self._chosen for c in layout.constants}
        if rows := leave_out(self._stage, stated):
            shown = ", ".join(map(str, rows[:5])) + (", …" if len(rows) > 5 else "")
            self.notes.append(f"left out as totals or notes at the end: row {shown}")

    def counts(self, no: int | None = None) -> Counts:
        """Of one sheet, or of all."""
        of = f"{PART} = 0" if no is None else f"{PART} = 0 AND {SHEET} = {no}"
        number = self._stage.number
        return Counts(
            number(f"SELECT count(*) FROM raw WHERE {of}"),
            number(f"SELECT count(*) FROM parsed WHERE fault = {MERGED} AND {of}"),
            number(f"SELECT count(*) FROM faults WHERE {of}"),
            number(f"SELECT count(*) FROM faults WHERE starts_with(reason, '{NOT_KEPT}') AND {of}"),
        )

    @cached_property
    def rejects(self) -> tuple[Rejected, ...]:
        """The first rows refused by themselves, faults of the file first."""
        rows = self._stage.rows(
            f"SELECT s.name, {ROW}, coalesce(h.header, f.\"column\", ''), reason, value FROM faults f "
            f"JOIN sheet_name s ON s.no = {SHEET} LEFT JOIN header h ON h.no = s.no AND "
            f"h.canonical = f.\"column\" ORDER BY starts_with(reason, '{NOT_KEPT}'), n LIMIT {SHOWN}"
        )
        return tuple(Rejected(*row) for row in rows)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why rows are refused, each reason once: faults of the file first, then the most frequent."""
        rows = self._stage.rows(
            f"SELECT header, arg_min(reason, n), count(*), arg_min(sheet, n), {_OF_FIRST}, "
            "arg_min({'value': value}, n).value FROM (SELECT f.n, s.name AS sheet, reason, value, "
            f"coalesce(h.header, f.\"column\", '') AS header FROM faults f "
            f"JOIN sheet_name s ON s.no = {SHEET} "
            f'LEFT JOIN header h ON h.no = s.no AND h.canonical = f."column") '
            "GROUP BY header, regexp_replace(reason, '[0-9]+', '#', 'g') "
            f"ORDER BY bool_and(starts_with(reason, '{NOT_KEPT}')), count(*) DESC, min(n) LIMIT {SHOWN}"
        )
        return tuple(Reason(*row) for row in rows)

    @cached_property
    def unsure(self) -> tuple[str, ...]:
        """Canonical columns of days of which nothing tells whether the day or the month comes first."""
        rows = self._stage.rows(
            f"SELECT DISTINCT \"column\" FROM faults WHERE starts_with(reason, '{UNSURE}') ORDER BY ALL"
        )
        return tuple(column for (column,) in rows)

    def published(self, known_on: date | None, today: date) -> date | None:
        """The day of the snapshot that the sheets hold."""
        day, note = self._recipe.published(self._stage, known_on, today)
        self.notes += [note] if note else []
        return day

    def tables(self, sources: pa.Table) -> Tables:
        """The tables of the graph that its rows make; `sources` has a row a sheet, in order."""
        stage = self._stage
        self.notes += self._recipe.remarks(stage)
        stage.con.register("sources", sources)
        stage.run(
            "CREATE TABLE sheet AS SELECT row_number() OVER () - 1 AS no, id AS source, published "
            "FROM sources"
        )
        found: Tables = {name: stage.typed(name, sql) for name, sql in self._recipe.tables(stage).items()}
        return found | {"Reject": stage.typed("Reject", _REJECTS)}


def mapping_json(layout: Layout, orders: Mapping[str, str]) -> str | None:
    """How a sheet was read, for its Source; `orders` are those of days that a person stated."""
    said = {c: {"order": order} for c, order in orders.items()}
    told = {c: asdict(m) | said.get(c, {}) for c, m in layout.mapping.items()} | dict(layout.constants)
    return json.dumps(told, ensure_ascii=False) if told else None


_OF_FIRST = ROW.replace("n ", "min(n) ")
"""SQL: the row as a person sees it, of the first among several."""

_REJECTS = (
    f'SELECT source, s.name AS sheet, {ROW} AS row, coalesce(h.header, f."column", \'\') AS "column", '
    f"reason, value FROM faults f JOIN sheet_name s ON s.no = {SHEET} JOIN sheet USING (no) "
    f'LEFT JOIN header h ON h.no = {SHEET} AND h.canonical = f."column"'
)


def _read(stage: Stage, recipe: Recipe, chosen: Chosen, told: Told) -> None:
    """Make `raw`: one row a data row, one column of text a canonical column."""
    there = _there(chosen)
    make_raw(stage, recipe, [c for c in recipe.columns if c in there])
    headers = [
        {"no": no, "canonical": canonical, "header": mapped.column}
        for no, (_, layout) in enumerate(chosen)
        for canonical, mapped in layout.mapping.items()
    ]
    target = pa.schema([("no", pa.int64()), ("canonical", pa.string()), ("header", pa.string())])
    stage.keep("header", pa.Table.from_pylist(headers, schema=target))
    for no, (sheet, layout) in enumerate(chosen):
        _read_sheet(stage, [c for c in recipe.columns if c in there], (no, sheet, layout), told)


def _there(chosen: Chosen) -> frozenset[str]:
    """Canonical columns that some sheet fills."""
    return frozenset(c for _, layout in chosen for c in (*layout.position, *layout.constants))


def _foreign(chosen: Chosen) -> bool:
    """Whether a table was not made for this tool.

    It lacks exporter or consignee under their own names, or its records bear a number of another name.
    """
    for sheet, layout in chosen:
        own = {c for c, mapped in layout.mapping.items() if squeeze(mapped.column) == squeeze(c)}
        if "shipment_id" in layout.mapping and "shipment_id" not in own and not sheet.format:
            return True
        if not sheet.format and not all(own & {end, f"{end}_id"} for end in ("exporter", "consignee")):
            return True
    return False


def _dated(chosen: Chosen) -> tuple[int, ...]:
    """The sheets of tables whose column of numbers does not bear the name of the tool's own ids."""
    return tuple(
        no
        for no, (sheet, layout) in enumerate(chosen)
        if not sheet.format
        and (found := layout.mapping.get("shipment_id"))
        and squeeze(found.column) != squeeze("shipment_id")
    )


def _read_sheet(stage: Stage, columns: Sequence[str], one: tuple[int, Sheet, Layout], told: Told) -> None:
    no, sheet, layout = one
    order = list(layout.position)
    positions = [layout.position[c] for c in order]
    more: dict[str, list[int]] = {}
    for column, rest in layout.further.items():
        more[column] = list(range(len(positions), len(positions) + len(rest)))
        positions += rest
    picked = ", ".join(_picked(column, order, layout.constants, more) for column in columns)
    at_a_total = "FALSE"
    if sheet.format is None:
        if 0 not in positions:  # a total may say so in a column that means nothing else
            positions.append(0)
        at_a_total = f"{is_total(order, positions)} OR {is_footer(layout.kind, len(sheet.header))}"
    batches = map(cleaned, sheet.read(positions, told))
    reader = pa.RecordBatchReader.from_batches(batch_schema(len(positions)), batches)
    stage.append(RAW, reader, f"({no}::BIGINT << 32) | row, fault, value, {at_a_total}, {picked}")


def _picked(
    column: str, order: list[str], constants: Mapping[str, str], more: Mapping[str, Sequence[int]]
) -> str:
    if column in more:
        parts = ", ".join(f'"{at}"' for at in (order.index(column), *more[column]))
        return f"nullif(concat_ws(', ', {parts}), '')"
    if column in order:
        return f'"{order.index(column)}"'
    if column in constants:
        return "'" + constants[column].replace("'", "''") + "'"
    return "NULL"


def together(groups: Sequence[Tables]) -> Tables:
    """The tables of several groups as one set: a record that stands in two is the stated one, else the first.

    With one group its tables pass as they are, as streams.
    """
    if len(groups) == 1:
        return groups[0]
    names = dict.fromkeys(name for group in groups for name in group)
    return {name: _one(name, [group[name] for group in groups if name in group]) for name in names}


def _one(name: str, given: Sequence[Any]) -> pa.Table:
    kind = schema.load()[name]
    tables = [one if isinstance(one, pa.Table) else one.read_all() for one in given]
    whole = pa.concat_tables([table.select(kind.names) for table in tables])
    if len(tables) == 1:
        return whole
    import duckdb

    key = ", ".join(map(quoted, kind.key))
    best = "stated DESC, place" if kind.merge == "stated" else "place"
    con = duckdb.connect()
    con.register("whole", whole.append_column("place", pa.array(range(len(whole)), pa.int64())))
    found = con.sql(
        f"SELECT * EXCLUDE (place) FROM whole QUALIFY row_number() OVER "
        f"(PARTITION BY {key} ORDER BY {best}) = 1"
    ).to_arrow_table()
    return found.cast(kind.arrow)
