"""What a Cypher query returns, as Arrow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import neo4j
import pyarrow as pa
from neo4j.graph import Node, Path, Relationship
from neo4j.time import Date, DateTime, Time


def to_arrow(records: Sequence[neo4j.Record], keys: Sequence[str]) -> pa.Table:
    """Records as a table; a column whose values are of several types becomes JSON text."""
    return pa.table({key: _column([plain(record[key]) for record in records]) for key in keys})


def _column(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array(
            [None if v is None else json.dumps(v, default=str, ensure_ascii=False) for v in values]
        )


def plain(value: Any) -> Any:
    """A value of the driver as one of Python: nodes and relationships as their public properties."""
    if isinstance(value, Node | Relationship):
        return {k: plain(v) for k, v in sorted(value.items()) if not k.startswith("_")}
    if isinstance(value, Path):
        return [plain(node) for node in value.nodes]
    if isinstance(value, Date | DateTime | Time):
        return value.to_native()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value if isinstance(value, str | int | float | bool | bytes | None) else str(value)
