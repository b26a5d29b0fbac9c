"""How fast a million shipments go in from CSV and Parquet, and how much memory it takes.

python benchmarks/ingest.py [ROWS]
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter, process_time

HEADER = """shipment_id departed_on arrived_on exporter exporter_country consignee consignee_country hs_code
description quantity unit weight_kg value currency forwarder"""


def rows(count: int) -> list[list[str]]:
    """Shipments among forty thousand parties over four years."""
    draw = Random(1)
    return [
        [
            f"S{n}",
            (day := f"202{draw.randrange(4)}-0{draw.randrange(1, 10)}-1{draw.randrange(10)}"),
            day,
            f"Company {draw.randrange(20_000)} Ltd",
            "DE",
            f"Trading {draw.randrange(20_000)} LLC",
            "AE",
            f"85423{draw.randrange(10)}",
            "integrated circuits",
            str(draw.randrange(1, 1000)),
            "pcs",
            str(draw.randrange(1, 100)),
            f"{draw.random() * 1e5:.2f}",
            "USD",
            "" if n % 3 else f"Forwarder {n % 50}",
        ]
        for n in range(count)
    ]


def make(folder: Path, count: int) -> list[Path]:
    import duckdb

    text, parquet = folder / "shipments.csv", folder / "shipments.parquet"
    with text.open("w", newline="") as stream:
        csv.writer(stream).writerows([HEADER.split(), *rows(count)])
    duckdb.sql(
        "COPY (SELECT * REPLACE (departed_on::DATE AS departed_on, quantity::DOUBLE AS quantity, "
        f"value::DOUBLE AS value) FROM read_csv('{text}', all_varchar = true, header = true)) TO '{parquet}'"
    )
    return [parquet, text]


def measure(path: Path) -> None:
    """One ingest in a process of its own."""
    from diversion.ingest import IngestOptions, ingest
    from diversion.store import open_store

    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/case.duckdb") as store:
        for what in ("first", "again"):
            wall, work = perf_counter(), process_time()
            report = ingest(store, [path], IngestOptions()).files[0]
            wall, work = perf_counter() - wall, process_time() - work
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{path.suffix[1:]:8} {what:6} {report.read:>10,} rows  {report.read / wall:>9,.0f} rows/s  "
                f"{wall:6.1f} s  {work:6.1f} s of processor  {peak:6,.0f} MB",
                flush=True,
            )


def main() -> None:
    if len(sys.argv) == 3:
        measure(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        for path in make(Path(folder), count):
            subprocess.run([sys.executable, __file__, "measure", str(path)], check=True)


if __name__ == "__main__":
    main()
