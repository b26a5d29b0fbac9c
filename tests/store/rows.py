"""Rows of every type of the schema, with nulls and with what hostile files hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from diversion import schema
from diversion.store.base import Store

HOSTILE = (
    "'; DROP TABLE Party; --",
    "`}) DETACH DELETE n //",
    '"',
    "\\",
    "",
    " ",
    "a\x00b",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    "\u202egnp.exe",
    "ООО Сигма",
    "𝕏 above the basic plane",
    "\uffff below it",
    "$a",
    "null",
    "\n\r\t\u2028",
    "n" * 20_000,
)
NODES = 4
DAYS = (date(1990, 1, 1), date(2022, 2, 24), date(2024, 12, 31), date(9999, 12, 31))
PATTERNS = {"country": ("DE", "AE", "CN"), "hs6": ("854231", "000000", "999999")}


def key_of(node: str, n: int) -> str:
    """A key of the n-th node of a type."""
    return f"85423{n}" if node == "Item" else ("k" * 500 if n == 0 else HOSTILE[n - 1]) + f"#{n}"


def _value(kind: schema.TableType, column: schema.Column, n: int, at: int) -> Any:
    ends = {end.column: end.node for end in (kind.start, kind.end) if end}
    if column.name in ends:
        return key_of(
            ends[column.name], (n + (kind.end is not None and column.name == kind.end.column)) % NODES
        )
    if kind.kind == "node" and column.name in kind.key and column.type == "string":
        return key_of(kind.name, n)
    if column.allowed:
        return column.allowed[n % len(column.allowed)]
    if column.pattern:
        return PATTERNS[column.pattern][n % 3]
    text = HOSTILE[(n + at) % len(HOSTILE)] + (str(n) if column.name in kind.key else "")
    values: dict[str, Any] = {
        "string": text,
        "strings": [text, "", text][: n % 4],
        "int64": n + 1,
        "float64": (0.0, 0.1 + 0.2, 1e-300, 1.0)[n % 4],
        "date": DAYS[n % 4],
        "bool": n % 2 == 0,
    }
    return values[column.type]


def _row(kind: schema.TableType, n: int) -> dict[str, Any]:
    """The second row of each type holds what it must and nothing else."""
    return {
        column.name: _value(kind, column, n, at)
        for at, column in enumerate(kind.columns)
        if n != 1 or column.required
    }


def everything() -> dict[str, pa.Table]:
    """A table of each type."""
    tables = {}
    for kind in schema.load():
        rows = [_row(kind, n) for n in range(NODES)]
        columns = {
            c.name: pa.array([row.get(c.name) for row in rows], schema.ARROW[c.type]) for c in kind.columns
        }
        tables[kind.name] = schema.conform(kind.name, pa.table(columns))
    return tables


def table(name: str, *rows: dict[str, Any]) -> pa.Table:
    """A table of the type `name`, absent columns null, the required ones of provenance filled."""
    kind = schema.load()[name]
    filled = [{"source": "F1"} | row if "source" in kind.names else row for row in rows]
    names = [c for c in kind.names if any(c in row for row in filled)]
    arrays = [pa.array([row.get(c) for row in filled], kind.arrow.field(c).type) for c in names]
    return schema.conform(name, pa.table(arrays, names=names), keys=False)


def party(key: str, **more: Any) -> dict[str, Any]:
    """A row of Party."""
    return {"id": key, "kind": "company", "stated": False} | more


def shipment(name: str, **more: Any) -> dict[str, Any]:
    """A row of Shipment."""
    return {"id": f"{name}/1", "shipment_id": name, "line": "1"} | more


def contents(store: Store) -> dict[str, pa.Table]:
    """All that a store holds."""
    return {kind.name: store.read(kind.name) for kind in schema.load()}


def ordered(name: str, rows: pa.Table) -> list[dict[str, Any]]:
    """Rows as plain values in the order of their key."""
    key = schema.load()[name].key
    plain: list[dict[str, Any]] = rows.to_pylist()
    return sorted(plain, key=lambda row: tuple(row[c] for c in key))
