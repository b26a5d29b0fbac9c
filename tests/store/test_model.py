"""Stores against a plain dictionary that follows the merge rules as they are written down."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion import schema
from diversion.store import open_store
from diversion.store.base import Batch, Store, Written
from tests.neo4j_server import empty
from tests.store.rows import table

TEXT = st.text(max_size=6)
KEYS = st.sampled_from(["", "a", "A", "ä", "\uffff", "𝕏", "a\x00", "b'--"])
DAY = st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))
SOURCE = {"source": st.sampled_from(["F1", "F2"]), "row": st.none() | st.integers(1, 9), "known_on": DAY}
COUNTRY = st.none() | st.sampled_from(["DE", "AE"])
ROWS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "Party": {
        "id": KEYS,
        "name": st.none() | TEXT,
        "kind": st.sampled_from(["company", "unknown"]),
        "country": COUNTRY,
        "stated": st.booleans(),
        **SOURCE,
    },
    "Address": {"id": KEYS, "text": TEXT, "address_key": TEXT, "country": COUNTRY, **SOURCE},
    "Shipment": {
        "id": KEYS,
        "shipment_id": TEXT,
        "line": st.just("1"),
        "departed_on": DAY,
        "quantity": st.none() | st.floats(0, allow_nan=False, allow_infinity=False),
        **SOURCE,
    },
    "OWNS": {
        "owner": KEYS,
        "owned": KEYS,
        "id": KEYS,
        "kind": st.just("shares"),
        "share_min": st.none() | st.floats(0, 100),
        **SOURCE,
    },
    "TOOK_PART": {
        "party": KEYS,
        "shipment": KEYS,
        "role": st.sampled_from(["carrier", "bank"]),
        "name": st.none() | TEXT,
    },
}
Row = dict[str, Any]
Model = dict[str, dict[tuple[Any, ...], Row]]


def _key(name: str, row: Row) -> tuple[Any, ...]:
    return tuple(row[column] for column in schema.load()[name].key)


def _rows(columns: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(columns)


@st.composite
def batches(draw: st.DrawFn) -> list[dict[str, list[Row]]]:
    """Batches whose relationships name only nodes that are there by then."""
    made: list[dict[str, list[Row]]] = []
    nodes: dict[str, set[str]] = {"Party": set(), "Shipment": set()}
    for _ in range(draw(st.integers(1, 4))):
        batch: dict[str, list[Row]] = {}
        for name, columns in ROWS.items():
            rows = list({_key(name, row): row for row in draw(st.lists(_rows(columns), max_size=5))}.values())
            if name in nodes:
                nodes[name] |= {row["id"] for row in rows}
            for end in (schema.load()[name].start, schema.load()[name].end):
                if end:
                    rows = [row for row in rows if row[end.column] in nodes[end.node]]
            batch[name] = rows
        made.append(batch)
    return made


def _earliest(old: Row, new: Row) -> date | None:
    days = [row["known_on"] for row in (old, new) if row.get("known_on")]
    return min(days) if days else None


def _met(name: str, old: Row, new: Row) -> Row:
    """What becomes of a row that meets another of its key."""
    rule, about = schema.load()[name].merge, {"source", "row", "known_on"}
    differs = any(old[c] != new[c] for c in new if c not in about)
    result = dict(old)
    if differs and (rule == "replace" or (rule == "stated" and new["stated"])):
        result = dict(new)
    elif rule == "stated" and not old["stated"] and not new["stated"]:
        result |= {c: new[c] for c in new if c not in about and old[c] is None}
    if "known_on" in old:
        result["known_on"] = _learned(old, new, differs) if rule == "stated" else _earliest(old, new)
    return result


def _learned(old: Row, new: Row, differs: bool) -> date | None:
    """The first day on which all that a party's record says was there."""
    if not new["stated"]:
        return old["known_on"] if old["stated"] else _earliest(old, new)
    if not old["stated"]:
        first: date | None = new["known_on"]
        return first
    days = [row["known_on"] for row in (old, new) if row["known_on"]]
    return (max(days) if differs else min(days)) if days else None


def _apply(model: Model, batch: dict[str, list[Row]]) -> dict[str, Written]:
    written = {}
    for name, rows in batch.items():
        inserted = updated = 0
        for row in rows:
            key = _key(name, row)
            old = model[name].get(key)
            model[name][key] = _met(name, old, row) if old else dict(row)
            inserted += old is None
            updated += old is not None and model[name][key] != old
        written[name] = Written(inserted, updated, len(rows) - inserted - updated)
    return written


def _compare(store: Store, model: Model) -> None:
    for name, columns in ROWS.items():
        rows = store.read(name, list(columns)).to_pylist()
        assert rows == [model[name][key] for key in sorted(model[name])], name


def _run(store: Store, sequence: list[dict[str, list[Row]]]) -> None:
    model: Model = {name: {} for name in ROWS}
    for n, batch in enumerate(sequence):
        tables: dict[str, pa.Table] = {
            name: table(name, *rows) if rows else schema.load()[name].arrow.empty_table()
            for name, rows in batch.items()
        }
        assert store.write(Batch(f"b{n}", tables)) == _apply(model, batch)
        _compare(store, model)
    assert store.verify() == []


@given(batches())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_file_follows_the_model(sequence: list[dict[str, list[Row]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(str(Path(folder) / "case.duckdb")) as store:
        _run(store, sequence)


@pytest.mark.usefixtures("neo4j_url")
def test_the_server_follows_the_model(neo4j_url: str) -> None:
    @given(batches())
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def run(sequence: list[dict[str, list[Row]]]) -> None:
        empty(neo4j_url)
        with open_store(neo4j_url) as store:
            _run(store, sequence)

    run()
