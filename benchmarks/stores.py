"""Writing and reading back a million shipments with their relationships.

python -m benchmarks.stores [SHIPMENTS [SHIPMENTS_ON_NEO4J]]

Neo4j is measured where `DIVERSION_TEST_NEO4J` names an empty server, or a JDK and Maven can start one.
"""

from __future__ import annotations

import os
import resource
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversion import schema
from diversion.store import open_store
from diversion.store.base import Batch, Store

Tables = dict[str, pa.Table]


def world(count: int, seed: int = 1) -> Tables:
    """`count` shipments in no order among a tenth as many parties, a quarter of them with a forwarder."""
    draw, n_parties = np.random.default_rng(seed), max(2, count // 10)
    numbers = pa.array(np.char.zfill(draw.permutation(count).astype(str), 9))
    shipment_ids = pc.binary_join_element_wise("SH-2024-", numbers, "")
    ids = pc.binary_join_element_wise(shipment_ids, "1", "/")
    parties = [f"P-{n:016x}" for n in range(n_parties)]
    names = [f"Company {n} Trading LLC" for n in range(n_parties)]
    countries = [("DE", "CN", "AE", "TR", "HK", "US")[n % 6] for n in range(n_parties)]
    goods = [f"8542{n:02d}" for n in range(50)]

    def of(values: list[str], at: np.ndarray | None = None) -> pa.Array:
        chosen = draw.integers(0, len(values), count) if at is None else at
        return pa.DictionaryArray.from_arrays(pa.array(chosen, pa.int32()), values).cast(pa.string())

    def days(first: int) -> pa.Array:
        return pa.array(first + draw.integers(0, 1500, count), pa.int32()).cast(pa.date32())

    sender, receiver = draw.integers(0, n_parties, count), draw.integers(0, n_parties, count)
    hs6, left, came, quarter = of(goods), days(19000), days(19010), count // 4
    source = pa.array(["0123456789abcdef"]).take(pa.array(np.zeros(count, np.int64)))
    tables = {
        "Party": {
            "id": parties,
            "name": names,
            "name_key": [f"company {n} trading|llc" for n in range(n_parties)],
            "kind": ["company"] * n_parties,
            "country": countries,
            "stated": [False] * n_parties,
            "source": source[:n_parties],
        },
        "Item": {"hs6": goods, "hs4": [code[:4] for code in goods]},
        "Shipment": {
            "id": ids,
            "shipment_id": shipment_ids,
            "line": of(["1"]),
            "departed_on": left,
            "departed_latest": left,
            "arrived_on": came,
            "arrived_latest": came,
            "hs_code": hs6,
            "hs6": hs6,
            "description": of([f"electronic integrated circuits, type {n}" for n in range(2000)]),
            "quantity": draw.integers(1, 5000, count).astype(float),
            "unit": of(["pieces", "kg"]),
            "weight_kg": draw.random(count).round(2),
            "value": draw.random(count).round(2),
            "currency": of(["USD", "EUR"]),
            "value_usd": draw.random(count).round(2),
            "bill_of_lading": pc.binary_join_element_wise("BL", numbers, ""),
            "source": source,
            "row": np.arange(1, count + 1),
        },
        "SENT": {
            "party": of(parties, sender),
            "shipment": ids,
            "name": of(names, sender),
            "country": of(countries, sender),
        },
        "DELIVERED_TO": {"shipment": ids, "party": of(parties, receiver), "name": of(names, receiver)},
        "OF": {"shipment": ids, "hs6": hs6},
        "TOOK_PART": {
            "party": of(parties, receiver)[:quarter],
            "shipment": ids[:quarter],
            "role": ["forwarder"] * quarter,
        },
    }
    return {name: schema.conform(name, pa.table(columns)) for name, columns in tables.items()}


def timed(label: str, rows: int, work: Callable[[], object]) -> None:
    """Print how long `work` took, and how many rows that is a second."""
    start, busy = perf_counter(), process_time()
    work()
    seconds, busy = perf_counter() - start, process_time() - busy
    print(
        f"{label:40}{seconds:8.2f} s{rows / seconds:13,.0f} rows/s{busy:8.2f} s of this process", flush=True
    )


def measure(store: Store, tables: Tables) -> None:
    """Everything that a store does with a batch."""
    count = len(tables["Shipment"])
    timed("write a batch (rows: shipments)", count, lambda: store.write(Batch("b1", tables)))
    timed("write its rows again under another id", count, lambda: store.write(Batch("b2", tables)))
    for name in ("Shipment", "SENT", "Party"):
        timed(f"read {name}", len(tables[name]), partial(store.read, name))
    ends = ["party", "shipment"]
    timed("read SENT, ids alone", count, lambda: store.read("SENT", ends))
    timed("shipments()", count, store.shipments)
    timed("shipments() again", count, store.shipments)
    timed("verify()", count, store.verify)


@contextmanager
def neo4j_server() -> Iterator[str | None]:
    """A server at hand, or None."""
    from tests.neo4j_server import empty, missing, server

    if given := os.environ.get("DIVERSION_TEST_NEO4J"):
        yield given
        empty(given)
    elif missing():
        yield None
    else:
        os.environ["DIVERSION_NEO4J_USER"] = "neo4j"
        password = os.environ["DIVERSION_NEO4J_PASSWORD"] = secrets.token_urlsafe(16)
        with tempfile.TemporaryDirectory() as home, server(Path(home), password) as url:
            yield url


def main() -> None:
    """Measure each store."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    fewer = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    tables = world(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.duckdb"
        print(f"DuckDB, {count:,} shipments, 3.25 relationships each")
        with open_store(str(path)) as store:
            measure(store, tables)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        megabytes = path.stat().st_size / 1e6
        print(f"file {megabytes:.0f} MB, memory {before / 1e3:.0f} MB before, {peak / 1e3:.0f} MB at most")
    with neo4j_server() as url:
        if url is None:
            print("Neo4j: no server at hand")
            return
        print(f"Neo4j, {fewer:,} shipments, 3.25 relationships each")
        with open_store(url) as store:
            measure(store, world(fewer))


if __name__ == "__main__":
    main()
