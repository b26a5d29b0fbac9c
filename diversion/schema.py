"""The types of the graph, as `graph_schema/` states them, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from diversion.errors import SchemaError
from diversion.resources import folder

VERSION = 2
"""Version of the layout of a store. A store of a newer version is not opened."""

ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "strings": pa.list_(pa.string()),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "bool": pa.bool_(),
}
DUCKDB = {
    "string": "VARCHAR",
    "strings": "VARCHAR[]",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "date": "DATE",
    "bool": "BOOLEAN",
}
PATTERNS = {"country": r"^[A-Z]{2}$", "hs6": r"^[0-9]{6}$"}


@dataclass(frozen=True)
class Column:
    """One property: its type, unit and which values it may hold."""

    name: str
    type: str
    doc: str
    required: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""


@dataclass(frozen=True)
class Endpoint:
    """One end of a relationship: a node type and the column that holds its key."""

    node: str
    column: str


@dataclass(frozen=True)
class TableType:
    """A node or relationship type; its rows travel as one Arrow table."""

    name: str
    kind: Literal["node", "relationship"]
    doc: str
    why: str
    key: tuple[str, ...]
    merge: Literal["replace", "keep", "stated"]
    columns: tuple[Column, ...]
    start: Endpoint | None = None
    end: Endpoint | None = None

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of its table."""
        return pa.schema([pa.field(c.name, ARROW[c.type], nullable=not c.required) for c in self.columns])


PROVENANCE = (
    Column("source", "string", "id of the Source it was read from", required=True),
    Column("row", "int64", "row as a person sees it in the file, from 1", minimum=1),
    Column("known_on", "date", "day on which the record was received, where stated"),
)


@dataclass(frozen=True)
class Schema:
    """All types, by name, nodes first."""

    tables: dict[str, TableType] = field(default_factory=dict)

    def __getitem__(self, name: str) -> TableType:
        try:
            return self.tables[name]
        except KeyError:
            raise SchemaError(f"no type {name}: there are {', '.join(self.tables)}") from None

    def __iter__(self) -> Iterator[TableType]:
        return iter(self.tables.values())


def _leading_comment(text: str) -> str:
    lines = (line for line in text.splitlines() if line.startswith("#"))
    return " ".join(line.lstrip("# ").strip() for line in lines)


def _column(raw: dict[str, Any], where: str) -> Column:
    unknown = set(raw) - set(Column.__dataclass_fields__)
    if unknown or raw.get("type") not in ARROW:
        raise SchemaError(f"column {raw.get('name')}: unknown {unknown or raw.get('type')}", where=where)
    return Column(**{**raw, "allowed": tuple(raw.get("allowed", ()))})


def _table(path: Path) -> TableType:
    text = path.read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    columns = tuple(_column(c, path.name) for c in raw["columns"])
    return TableType(
        name=raw["name"],
        kind=raw["kind"],
        doc=raw["doc"],
        why=_leading_comment(text),
        key=tuple(raw["key"]),
        merge=raw["merge"],
        columns=columns + (PROVENANCE if raw["provenance"] else ()),
        start=Endpoint(**raw["start"]) if "start" in raw else None,
        end=Endpoint(**raw["end"]) if "end" in raw else None,
    )


@cache
def load() -> Schema:
    """Read `graph_schema/`. Costs some 20 ms, once a process.

    >>> load()["SENT"].key
    ('shipment',)
    """
    root = folder("graph_schema")
    paths = [*sorted((root / "nodes").glob("*.yaml")), *sorted((root / "relationships").glob("*.yaml"))]
    tables = [_table(path) for path in paths]
    return Schema({table.name: table for table in tables})


def conform(name: str, table: pa.Table, *, keys: bool = True) -> pa.Table:
    """`table` with the columns, order and types of `name`; absent optional columns are null.

    Raises `SchemaError` where a column is unknown, a required one is absent or null, a value is not
    allowed, or, with `keys`, a key stands twice. Linear in the rows.
    """
    kind = load()[name]
    unknown = set(table.column_names) - set(kind.names)
    if unknown:
        raise SchemaError(f"unknown columns {sorted(unknown)}", where=name)
    arrays = [_cast(kind, column, table) for column in kind.columns]
    result = pa.table(arrays, schema=kind.arrow)
    if keys:
        _check_key(kind, result)
    return result


def _cast(kind: TableType, column: Column, table: pa.Table) -> pa.ChunkedArray | pa.Array:
    where = f"{kind.name}.{column.name}"
    if column.name not in table.column_names:
        if column.required:
            raise SchemaError("a required column is absent", where=where)
        return pa.nulls(len(table), ARROW[column.type])
    values = table[column.name].cast(ARROW[column.type])
    if column.required and values.null_count:
        raise SchemaError("a required value is null", where=where)
    if column.type == "strings" and pc.list_flatten(values).null_count:
        raise SchemaError("a list holds a null", where=where)
    if fault := first_fault(column, values):
        raise SchemaError(f"the value {fault!r} is not allowed", where=where)
    return values


def first_fault(column: Column, values: pa.ChunkedArray) -> object | None:
    """The first value that the column does not allow, or None."""
    tests = []
    if column.allowed:
        tests.append(pc.is_in(values, value_set=pa.array(column.allowed)))
    if column.minimum is not None:
        tests.append(pc.greater_equal(values, column.minimum))
    if column.maximum is not None:
        tests.append(pc.less_equal(values, column.maximum))
    if column.pattern:
        tests.append(pc.match_substring_regex(values, PATTERNS[column.pattern]))
    for good in tests:
        bad = values.filter(pc.and_(pc.is_valid(values), pc.invert(pc.fill_null(good, False))))
        if len(bad):
            value: object = bad[0].as_py()
            return value
    return None


def _check_key(kind: TableType, table: pa.Table) -> None:
    distinct = table.group_by(list(kind.key)).aggregate([])
    if len(distinct) != len(table):
        raise SchemaError(f"the key {kind.key} stands twice", where=kind.name)


def cypher_constraints() -> list[str]:
    """Statements that give a Neo4j 5 database its constraints and indexes; each may run twice."""
    statements = []
    for kind in load():
        if kind.kind == "node":
            label, keys = kind.name, ", ".join(f"n.`{key}`" for key in kind.key)
            statements.append(
                f"CREATE CONSTRAINT {label.lower()}_key IF NOT EXISTS "
                f"FOR (n:{label}) REQUIRE ({keys}) IS UNIQUE"
            )
    # Full text, because the keys of an ordinary index must be short.
    names = "CREATE FULLTEXT INDEX {}_names IF NOT EXISTS FOR (n:{}) ON EACH [n.name, n.name_key]"
    return statements + [names.format(label.lower(), label) for label in ("Party", "Listing")]


def duckdb_ddl() -> list[str]:
    """Statements that give an empty DuckDB file its tables; each may run twice.

    Rows are kept in the schema `store`: a node has an integer `_key` beside its public key, a relationship
    holds the integers of its ends.
    """
    return ["CREATE SCHEMA IF NOT EXISTS store", *(_duckdb_table(kind) for kind in load())]


def duckdb_views() -> list[str]:
    """Statements for the views of the main schema, which show public ids; each may run twice."""
    return [_duckdb_view(kind) for kind in load()]


def _duckdb_table(kind: TableType) -> str:
    ends = {e.column for e in (kind.start, kind.end) if e}
    lines = ["_key BIGINT NOT NULL"] if kind.kind == "node" else []
    for column in kind.columns:
        sql = "BIGINT" if column.name in ends else DUCKDB[column.type]
        lines.append(f'"{column.name}" {sql}{" NOT NULL" if column.required else ""}')
    lines.append("_batch BIGINT NOT NULL")
    return f'CREATE TABLE IF NOT EXISTS store."{kind.name}" (\n  ' + ",\n  ".join(lines) + "\n)"


def _duckdb_view(kind: TableType) -> str:
    ends = {e.column: (f"_{n}", e.node) for n, e in enumerate((kind.start, kind.end)) if e}
    shown, joins = [], [f'store."{kind.name}" r']
    for name in kind.names:
        alias, node = ends.get(name, ("", ""))
        shown.append(f'{alias}."{load()[node].key[0]}" AS "{name}"' if node else f'r."{name}"')
    for column, (alias, node) in ends.items():
        joins.append(f'JOIN store."{node}" {alias} ON {alias}._key = r."{column}"')
    return f'CREATE OR REPLACE VIEW main."{kind.name}" AS SELECT {", ".join(shown)} FROM {" ".join(joins)}'


def reference() -> str:
    """The page `graph_schema/README.md`: a picture and a table a type."""
    parts = [_HEAD, _mermaid(), *(_section(kind) for kind in load())]
    return "\n".join(parts)


_HEAD = """# The graph
Generated by `python -m diversion.schema` from the YAML files beside it, which are the one truth about types:
the Arrow tables, the validation and the tables of both stores are derived from them.
Days are dates; every interval of days is `[from, until)`. Records that came from a file carry `source`, `row`
and `known_on`.
"""


def _mermaid() -> str:
    ends = [(kind.name, kind.start, kind.end) for kind in load() if kind.start and kind.end]
    arrows = [f"  {start.node} -- {name} --> {end.node}" for name, start, end in ends if start and end]
    return "\n".join(["```mermaid", "graph LR", *arrows, "```", ""])


def _section(kind: TableType) -> str:
    ends = f" ({kind.start.node} → {kind.end.node})" if kind.start and kind.end else ""
    rows = [f"| {c.name} | {c.type} | {_rules(c)} | {c.doc} |" for c in kind.columns]
    head = [f"## {kind.name}{ends}", kind.doc, "", kind.why, "", f"Key: {', '.join(kind.key)}.", ""]
    return "\n".join([*head, "| column | type | rules | meaning |", "|---|---|---|---|", *rows, ""])


def _rules(column: Column) -> str:
    rules = ["required"] if column.required else []
    rules += [f"one of {', '.join(column.allowed)}"] if column.allowed else []
    rules += [f"≥ {column.minimum:g}"] if column.minimum is not None else []
    rules += [f"≤ {column.maximum:g}"] if column.maximum is not None else []
    rules += [f"matches {PATTERNS[column.pattern]}"] if column.pattern else []
    rules += [f"in {column.unit}"] if column.unit else []
    return re.sub(r"\|", r"\\|", "; ".join(rules))


if __name__ == "__main__":
    (folder("graph_schema") / "README.md").write_text(reference(), encoding="utf-8")
