"""The whole way at a million shipments: files in, analysis out. Run alone: `python -m benchmarks.pipeline`."""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pyarrow.csv
import pyarrow.parquet

from diversion.ingest import IngestOptions, ingest
from diversion.options import Options
from diversion.pipeline import analyze
from diversion.policy.policy import load
from diversion.simulate import World, simulate, write
from diversion.store import open_store


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _ingest(place: Path, name: str, files: list[Path]) -> float:
    with open_store(str(place / f"{name}.duckdb")) as store:
        return seconds(lambda: ingest(store, files, IngestOptions()))


def prepare(place: Path, shipments: int) -> list[Path]:
    """A world in CSV, its shipments in Parquet too; everything but the shipments first."""
    write(simulate(World(seed=7, shipments=shipments)), place)
    table = pyarrow.csv.read_csv(place / "shipments.csv")
    pyarrow.parquet.write_table(table, place / "shipments.parquet")
    return [place / f"{name}.csv" for name in ("parties", "ownership", "listings")]


def run(shipments: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        people = prepare(place, shipments)
        for suffix in ("csv", "parquet"):
            spent = _ingest(place, suffix, [place / f"shipments.{suffix}"])
            print(
                f"ingest {suffix:8} {spent:7.2f} s   {shipments / spent:12,.0f} rows/s   peak {peak_gb():.2f} GB"
            )
        with open_store(str(place / "parquet.duckdb")) as store:
            ingest(store, people, IngestOptions())
            policy = load()
            for turn in ("first", "warm"):
                told = analyze(store, Options(), policy).summary
                parts = "  ".join(f"{name} {value:.2f}" for name, value in told["seconds"].items())
                print(f"analyze {turn:6} {parts}   {told['corridors']:,} corridors   peak {peak_gb():.2f} GB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=1_000_000)
    run(parser.parse_args().shipments)
