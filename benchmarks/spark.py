"""`python -m benchmarks.spark [--to TRANSFERS] [--relations R] [--master M]`: what the engine on Spark costs.

The world of `benchmarks.routes`, each size twice the one before; Spark has started and is warm. The counts
and the best corridors are compared with those of the engine in memory.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import cast

from benchmarks.routes.measuring import Clock, head, row, seconds
from benchmarks.routes.ours import parties_of
from benchmarks.routes.worlds import DWELL, TOP, groups_of, heavy, question_of, weights_of
from diversion.engines import Asked, Engine, InMemory
from diversion.routes.corridors import Limits
from diversion.routes.ranges import ProjectionOptions, Relations
from diversion.spark.engine import OnSpark
from diversion.spark.session import Place, session
from diversion.telling import drained

SIZES = (1_000_000, 2_000_000, 4_000_000, 8_000_000)
WARM = 50_000
SHARE = 0.001
"""Of the parties that are restricted."""


def asked_of(size: int, relations: Relations) -> Asked:
    parties = parties_of(size)
    transfers = heavy(size, parties)
    options = ProjectionOptions(relations, *groups_of(parties), 0, DWELL)
    return Asked(transfers, options, question_of(transfers, SHARE), weights_of(size))


def answer(engine: Engine) -> tuple[list[int], list[str]]:
    walks = [walks.count for walks in engine.census().walks]
    found = drained(engine.ranked(TOP, lambda corridor: corridor.weight, Limits()))
    return walks, [ranked.route_id for ranked in found.corridors]


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--to", type=float, default=4e6)
    parser.add_argument("--relations", default="strict")
    parser.add_argument("--master", default="local[2]")
    given = parser.parse_args()
    place, relations = Place(given.master, "6g"), cast(Relations, given.relations)
    print(f"\n{given.master}, {relations}, 5 hops, {DWELL} days, 0.1 % restricted, top {TOP:,}\n")
    head("transfers", "walks", "seconds", "times the row before", "µs a transfer", "in memory, seconds")
    with session(place):
        answer(OnSpark(asked_of(WARM, relations), place))
        answer(InMemory(asked_of(WARM, relations)))
        before = None
        for size in (size for size in SIZES if size <= given.to):
            before = line(size, asked_of(size, relations), place, before)


def line(size: int, asked: Asked, place: Place, before: float | None) -> float:
    clock = Clock()
    with clock.time("spark"):
        ours = answer(OnSpark(asked, place))
    with clock.time("memory"):
        same = answer(InMemory(asked))
    assert ours == same, "the engines disagree"
    took = clock["spark"]
    times = "" if before is None else f"{took / before:.2f}"
    unit = f"{took / size * 1e6:.1f}"
    row(f"{size:,}", f"{sum(ours[0]):,}", seconds(took), times, unit, seconds(clock["memory"]))
    return took


if __name__ == "__main__":
    main()
