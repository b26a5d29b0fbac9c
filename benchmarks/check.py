"""One shipment before it is made, against the records: `python -m benchmarks.check [--shipments N]`.

Shipments of a world, drawn from those that were on record, are checked one by one as rows of a program, each
in the place of its own record; half of them are of goods looked for. Processor time, since others may be at
work. Beside it the command itself, which has to load the records, with and without what an analysis kept.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import numpy as np

from benchmarks.pipeline import PEOPLE, peak
from diversion.checking.checker import Checker, Checking
from diversion.ingest import IngestOptions, ingest
from diversion.options import Options
from diversion.policy.policy import load
from diversion.resources import folder
from diversion.routes.keeping import beside
from diversion.simulate import World, write
from diversion.store import open_store

TURNS = 400
Row = dict[str, str]


def drawn(place: Path, turns: int = TURNS) -> list[Row]:
    """Shipments of the world, half of them of goods looked for."""
    sought, dice = load().looked_for, Random(11)
    kept: tuple[list[Row], list[Row]] = ([], [])
    with (place / "shipments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["consignee"] or row["consignee_id"]:
                kept[row["hs_code"][:6] in sought].append(row)
    return [row for some in kept for row in dice.sample(some, min(turns // 2, len(some)))]


def told(what: str, took: list[float]) -> None:
    if took:
        middle, late, last = np.quantile(took, [0.5, 0.99, 1]) * 1000
        print(f"{what:34} {len(took):5}   {middle:8.1f} {late:8.1f} {last:8.1f}", flush=True)


def warm(store: Path, rows: list[Row]) -> None:
    """Each row by itself, asked of a checker that is open."""
    with open_store(str(store), read_only=True) as held:
        began = perf_counter()
        checker = Checker(held, load(), Checking(Options()), beside(str(store), 8))
        checker.screener.warm()
        checker.rows(rows[:1])
        print(
            f"{len(checker.records.dossier.transfers):,} transfers, open after {perf_counter() - began:.1f} s"
        )
        print(f"{'milliseconds a shipment':34} {'rows':>5}   {'median':>8} {'p99':>8} {'worst':>8}")
        times: dict[str, list[float]] = {"without a route": [], "with a route": [], "verdict stop": []}
        for row in rows:
            began = process_time()
            _, found = checker.rows([row])
            took = process_time() - began
            for one in found:
                times["with a route" if one["routes"] else "without a route"].append(took)
                times["verdict stop"] += [took] if one["verdict"] == "stop" else []
        told("all", [*times["without a route"], *times["with a route"]])
        for what, some in times.items():
            told(what, some)
        print(peak(), flush=True)


def command(store: Path, place: Path, rows: list[Row]) -> None:
    """The command as a person gives it, with nothing kept and after an analysis."""
    file = place / "planned.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    diversion = [sys.executable, "-m", "diversion.cli"]
    for what in ("nothing kept", "after an analysis"):
        if what != "nothing kept":
            subprocess.run([*diversion, "analyze", "--store", str(store)], check=True, capture_output=True)
        began = perf_counter()
        call = [*diversion, "check", str(file), "--store", str(store), "--format", "jsonl"]
        subprocess.run(call, check=True, capture_output=True)
        print(f"command, {len(rows)} rows, {what}: {perf_counter() - began:.1f} s", flush=True)


def run(place: Path, store: Path) -> None:
    rows = drawn(place)
    command(store, store.parent, rows[:1])
    warm(store, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=1_000_000, help="0: the sample world alone")
    asked = parser.parse_args().shipments
    for shipments in (0, asked) if asked else (0,):
        with tempfile.TemporaryDirectory() as made:
            place = Path(made)
            if shipments:
                write(World(seed=7, shipments=shipments), place)
            world, store = place if shipments else folder("sample_data"), place / "check.duckdb"
            with open_store(str(store)) as held:
                ingest(held, [world / name for name in ("shipments.csv", *PEOPLE)], IngestOptions())
            print(f"\n{'a world of its own' if shipments else 'the sample world'}")
            run(world, store)


if __name__ == "__main__":
    main()
