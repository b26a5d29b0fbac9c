"""Patterns of trade: processor seconds a kind, by size. `python -m benchmarks.patterns [SIZE …]`.

The worlds are those of the benchmark of routes, with 100,000 parties. Every kind is run twice, and the second
time counts, so that compiled code is warm.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from time import process_time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.routes.worlds import groups_of, heavy
from diversion.pattern_shapes import fan, gathers, splits
from diversion.policy.policy import load
from diversion.routes.bursts import bursts
from diversion.routes.ranges import Projection, ProjectionOptions
from diversion.routes.round_trips import round_trips

PARTIES = 100_000
SIZES = (250_000, 500_000, 1_000_000)


def case(size: int) -> Any:
    transfers = heavy(size, PARTIES)
    value = np.random.default_rng(3).lognormal(8, 1, size)
    countries = pd.DataFrame({"country": ["US"] * PARTIES}, index=transfers.party_ids)
    return SimpleNamespace(
        transfers=replace(transfers, value_usd=value),
        policy=load(),
        directory=SimpleNamespace(parties=countries),
    )


def kinds(dossier: Any) -> dict[str, Callable[[], int]]:
    """How to count the patterns of each kind."""
    thresholds, transfers = dossier.policy.thresholds, dossier.transfers
    every, window = np.ones(len(transfers), bool), int(thresholds["pattern_days"])
    owner, address = groups_of(PARTIES)
    projection = Projection.build(transfers, ProjectionOptions("all", owner, address))

    def found(shape: Any, least: str) -> int:
        return len(bursts(shape.events, window, int(thresholds[least])))

    return {
        "fan-in": lambda: found(fan(dossier, every, "fan-in"), "fan_counterparties"),
        "fan-out": lambda: found(fan(dossier, every, "fan-out"), "fan_counterparties"),
        "splitting": lambda: found(
            splits(dossier, every, dossier.policy.value_limits[0]), "splitting_shipments"
        ),
        "gathering": lambda: found(gathers(dossier, every)[0], "gathering_brokers"),
        "round-trip": lambda: len(round_trips(projection, every, 5).found),
    }


def main() -> None:
    sizes = [int(float(one)) for one in sys.argv[1:]] or SIZES
    print(f"{'':12}" + "".join(f"{size:>22,}" for size in sizes))
    columns: dict[str, list[str]] = {}
    for size in sizes:
        for name, count in kinds(case(size)).items():
            count()
            began = process_time()
            number = count()
            columns.setdefault(name, []).append(f"{process_time() - began:.2f} s, {number:,} found")
    for name, cells in columns.items():
        print(f"{name:12}" + "".join(f"{cell:>22}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
