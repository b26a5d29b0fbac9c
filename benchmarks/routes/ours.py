"""The engine by itself: one question from nothing, the next with what was kept, and how both grow."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.routes.measuring import Clock, apart, head, peak_gb, row, seconds
from benchmarks.routes.worlds import (
    DWELL,
    TOP,
    groups_of,
    heavy,
    question_of,
    weights_of,
)
from diversion.routes.best import Weights
from diversion.routes.census import Census, census_of
from diversion.routes.corridors import Limits, SearchResult, search_in
from diversion.routes.field import ask
from diversion.routes.keeping import Shelf
from diversion.routes.ranges import Projection, ProjectionOptions, Question, Relations

HEADERS = (
    "transfers",
    "relations",
    "restricted",
    "walks",
    "projection",
    "sweeps, through-counts",
    "top 1,000",
    "in all",
    "processor s",
    "other targets",
    "other dwell",
    "peak GB",
    "of these the world",
    "kept GB",
)


def run(size: int, parties: int, relations: Relations, share: float, keep: bool = True) -> dict[str, Any]:
    """Compiled code is warm. `other targets` and `other dwell`: the next question, with what was kept."""
    transfers, weights, clock = heavy(size, parties), weights_of(size), Clock()
    questions = [question_of(transfers, share), question_of(transfers, share * 1.01)]
    options = ProjectionOptions(relations, *groups_of(parties), 0, DWELL)
    world = peak_gb()
    warm = heavy(100_000, parties, seed=1)
    answer(Projection.build(warm, options), question_of(warm, share), weights_of(len(warm)), Clock())
    with clock.time("in all"):
        with clock.time("projection"):
            projection = Projection.build(transfers, options)
        counted, found = answer(projection, questions[0], weights, clock)
    del projection
    walks = sum(w.count for w in counted.walks)
    told = {"walks": walks, "truncated_by": found.truncated_by, "peak": peak_gb(), "world": world}
    if not keep:
        return {**told, "seconds": dict(clock), "cpu": clock.cpu}
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), 1 << 40)
        again(shelf, transfers, options, questions[0], weights)
        with clock.time("other targets"):
            again(shelf, transfers, options, questions[1], weights)
        other = ProjectionOptions(relations, *groups_of(parties), 0, DWELL // 2)
        with clock.time("other dwell"):
            again(shelf, transfers, other, questions[0], weights)
        kept = shelf.size() / 2**30
    return {**told, "seconds": dict(clock), "cpu": clock.cpu, "kept": kept}


def again(
    shelf: Shelf, transfers: Any, options: ProjectionOptions, question: Question, weights: Weights
) -> None:
    answer(Projection.build(transfers, options, shelf), question, weights, Clock())


def answer(
    projection: Projection, question: Question, weights: Weights, clock: Clock
) -> tuple[Census, SearchResult]:
    with clock.time("sweeps"):
        field = ask(projection, question)
        counted = census_of(field)
        counted.visits(projection.transfers)
    with clock.time("top"):
        return counted, search_in(field, weights, TOP, limits=Limits(seconds=600))


def table(sizes: list[int]) -> None:
    print("\nseconds, 5 hops, 180 days, 50 goods, heavy-tailed, compiled code warm\n")
    head(*HEADERS)
    for size in sizes:
        for relations, share in (("strict", 0.001), ("strict", 0.1), ("all", 0.001), ("all", 0.1)):
            line(size, relations, share)


def parties_of(size: int) -> int:
    return max(min(size // 20, 500_000), 100)


def line(size: int, relations: str, share: float) -> None:
    found = apart("ours", "run", size, parties_of(size), relations, share)
    took = found["seconds"]
    cut = f" (cut: {found['truncated_by']})" if found["truncated_by"] else ""
    row(
        f"{size:,}",
        relations,
        share,
        f"{found['walks']:,}",
        *(seconds(took[name]) for name in ("projection", "sweeps", "top")),
        seconds(took["in all"]) + cut,
        seconds(found["cpu"]["in all"]),
        *(seconds(took[name]) for name in ("other targets", "other dwell")),
        *(f"{found[name]:.2f}" for name in ("peak", "world", "kept")),
    )


def curve(sizes: list[int]) -> None:
    """Strict relation, a thousandth restricted: nanoseconds for each transfer and bit of their number."""
    print("\nhow it grows: strict, 0.1 % restricted\n")
    head("transfers", "in all, s", "processor s", "ns of a processor / (n log2 n)", "peak GB")
    for size in sizes:
        found = apart("ours", "run", size, parties_of(size), "strict", 0.001, False)
        total, busy = found["seconds"]["in all"], found["cpu"]["in all"]
        unit = busy * 1e9 / (size * np.log2(size))
        row(f"{size:,}", seconds(total), seconds(busy), f"{unit:.2f}", f"{found['peak']:.2f}")
