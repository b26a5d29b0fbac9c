"""The whole way at a million shipments, from files to scored routes: `python -m benchmarks.pipeline`.

Each step runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import pyarrow.csv
import pyarrow.parquet

from diversion.ingest import IngestOptions, ingest
from diversion.options import Options
from diversion.pipeline import analyze
from diversion.policy.policy import load
from diversion.simulate import World, write
from diversion.store import open_store

PEOPLE = ("parties.csv", "ownership.csv", "listings.csv")


def peak() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB"


def prepare(place: Path, shipments: int) -> None:
    write(World(seed=7, shipments=shipments), place)
    table = pyarrow.csv.read_csv(place / "shipments.csv")
    pyarrow.parquet.write_table(table, place / "shipments.parquet")


def read(place: Path, suffix: str) -> None:
    with open_store(str(place / f"{suffix}.duckdb")) as store:
        began = perf_counter()
        (told,) = ingest(store, [place / f"shipments.{suffix}"], IngestOptions()).as_json()["files"]
        spent = perf_counter() - began
        print(
            f"ingest {suffix:8} {spent:7.2f} s   {told['read'] / spent:10,.0f} rows/s   {peak()}", flush=True
        )
        ingest(store, [place / name for name in PEOPLE], IngestOptions())


def search(place: Path) -> None:
    policy = load()
    with open_store(str(place / "parquet.duckdb"), read_only=True) as store:
        for turn in ("first", "warm"):
            told = analyze(store, Options(), policy).summary
            parts = "  ".join(f"{name} {value:.2f}" for name, value in told["seconds"].items())
            print(f"analyze {turn}: {parts}   {told['corridors']:,} corridors   {peak()}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=1_000_000)
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        works: tuple[Callable[[], None], ...] = (
            partial(prepare, place, parser.parse_args().shipments),
            partial(read, place, "csv"),
            partial(read, place, "parquet"),
            partial(search, place),
        )
        for work in works:
            step = spawn.Process(target=work)
            step.start()
            step.join()
            if step.exitcode:
                raise SystemExit(step.exitcode)


if __name__ == "__main__":
    main()
