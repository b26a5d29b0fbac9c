"""Worlds whose number of walks is known in closed form, beside a heavy-tailed one of the same size.

`python -m benchmarks.known [TRANSFERS]` (default 10,000,000). Chains of parties, each of which
sends the next `hub` shipments of one kind of goods, all before the first of the next hop: `hub^h` walks of
`h` hops end each chain.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from time import perf_counter

import numpy as np

from benchmarks.routes import DWELL, HOPS, question_of
from benchmarks.routes import heavy as heavy_tailed
from diversion.routes.census import Census, census_of
from diversion.routes.field import ask
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.transfers import Transfers


def chains(size: int, hub: int) -> tuple[Transfers, Question]:
    """As many disjoint chains as `size` transfers make, in random order; only the last hop ends."""
    many = size // (hub * HOPS)
    hop = np.tile(np.repeat(np.arange(HOPS), hub), many)
    sender = np.repeat(np.arange(many), hub * HOPS) * (HOPS + 1) + hop
    mixed = np.random.default_rng(3).permutation(len(hop))
    hop, sender = hop[mixed], sender[mixed].astype(np.int32)
    day = (18_000 + 30 * hop).astype(np.int32)
    plain = heavy_tailed(0, 1)
    transfers = replace(
        plain,
        src=sender,
        dst=sender + np.int32(1),
        end_user=np.full(len(hop), -1, np.int32),
        item=np.zeros(len(hop), np.int32),
        departed=day,
        departed_first=day,
        arrived=day + np.int32(20),
        arrived_last=day + np.int32(20),
        estimated=np.zeros(len(hop), bool),
        party_ids=np.array([f"P{i:07}" for i in range(many * (HOPS + 1))], object),
    )
    terminal = hop == HOPS - 1
    return transfers, Question(terminal, np.ones(len(hop), bool), np.zeros(len(hop), bool), HOPS)


def measure(name: str, transfers: Transfers, question: Question) -> Census:
    """Build and count twice, and tell the second time."""
    for _ in range(2):
        began = perf_counter()
        projection = Projection.build(transfers, ProjectionOptions("strict", dwell_max=DWELL))
        built = perf_counter()
        counted = census_of(ask(projection, question))
        done = perf_counter()
    walks = sum(one.count for one in counted.walks)
    print(
        f"| {name} | {len(transfers):,} | {float(walks):.6g} | {counted.exact} "
        f"| {built - began:.2f} | {done - built:.2f} |",
        flush=True,
    )
    return counted


def main(size: int) -> None:
    print("| world | transfers | walks | exact | build | count |\n|---|---|---|---|---|---|")
    plain = heavy_tailed(size, max(size // 20, 1))
    measure("heavy-tailed", plain, question_of(plain, 0.1))
    for hub in (1_000, 100_000):
        transfers, question = chains(size, hub)
        many = size // (hub * HOPS)
        counted = measure(f"chains of {hub:,} a hop", transfers, question)
        for walks in counted.walks:
            expected = many * hub**walks.hops
            if abs(walks.count - expected) > (0 if walks.exact else expected * 1e-11):
                raise AssertionError(f"{walks.count} walks of {walks.hops} hops are not {expected}")


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000)
