"""`python -m benchmarks.spark [--to N] [--relations R] [--share S] [--master M]`: what Spark costs.

The world of `benchmarks.routes`, each size twice the one before; Spark has started and is warm. The counts
and the best corridors are compared with those of the engine in memory.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

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


def asked_of(size: int, relations: Relations, share: float) -> Asked:
    parties = parties_of(size)
    transfers = heavy(size, parties)
    options = ProjectionOptions(relations, *groups_of(parties), 0, DWELL)
    return Asked(transfers, options, question_of(transfers, share), weights_of(size))


def answer(engine: Engine) -> tuple[list[int], list[str]]:
    walks = [walks.count for walks in engine.census().walks]
    found = drained(engine.ranked(TOP, lambda corridor: corridor.weight, Limits()))
    return walks, [ranked.route_id for ranked in found.corridors]


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--to", type=float, default=4e6)
    parser.add_argument("--relations", default="strict")
    parser.add_argument("--share", type=float, default=0.001, help="of the parties that are restricted")
    parser.add_argument("--master", default="local[2]")
    given = parser.parse_args()
    place, relations = Place(given.master, "6g"), cast(Relations, given.relations)
    print(f"\n{given.master}, {relations}, 5 hops, {DWELL} days, {given.share:.1%} restricted, top {TOP:,}\n")
    head(
        *("transfers", "walks", "seconds", "processor s", "times the row before", "µs a transfer"),
        "in memory, seconds",
    )
    with session(place) as (spark, _):
        gateway: Any = spark.sparkContext._gateway
        java = Path(f"/proc/{gateway.proc.pid}/stat")
        answer(OnSpark(asked_of(WARM, relations, given.share), place))
        answer(InMemory(asked_of(WARM, relations, given.share)))
        before = None
        for size in (size for size in SIZES if size <= given.to):
            before = line(asked_of(size, relations, given.share), place, java, before)


def line(asked: Asked, place: Place, java: Path, before: float | None) -> float:
    """One row; the ratio is of processor seconds, those of Java and of Python together."""
    size, clock, busy = len(asked.transfers), Clock(), processor(java)
    with clock.time("spark"):
        ours = answer(OnSpark(asked, place))
    busy = processor(java) - busy + clock.cpu["spark"]
    with clock.time("memory"):
        same = answer(InMemory(asked))
    assert ours == same, "the engines disagree"
    times = "" if before is None else f"{busy / before:.2f}"
    unit = f"{busy / size * 1e6:.1f}"
    took = seconds(clock["spark"]), seconds(busy)
    row(f"{size:,}", f"{sum(ours[0]):,}", *took, times, unit, seconds(clock["memory"]))
    return busy


def processor(stat: Path) -> float:
    """Processor seconds of a process so far, as Linux tells them."""
    fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
