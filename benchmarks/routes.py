"""The route engine: seconds and memory on heavy-tailed worlds, and beside DuckDB's recursive CTE.

`python -m benchmarks.routes [SIZE …]` (transfers; default 1e6 1e7). Each case runs in a process of its own,
twice, and the second time counts, so that compiled code is warm.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter

import numpy as np

from diversion.routes.best import Weights, bounds
from diversion.routes.census import census_of
from diversion.routes.corridors import Limits, search_in
from diversion.routes.field import ask
from diversion.routes.ranges import Projection, ProjectionOptions, Question, Relations
from diversion.routes.transfers import Floats, Ints, Transfers

HOPS, DWELL, TOP = 5, 180, 1000
COLUMNS = ("build", "ask", "census", "best", "top 1000", "total", "again")


def world(size: int, parties: int, goods: int = 50, days: int = 730) -> Transfers:
    """Transfers between parties whose shipments follow a power law, each side with hubs of its own."""
    dice = np.random.default_rng(7)
    share = np.cumsum(1 / np.arange(1, parties + 1) ** 0.8)

    def side() -> Ints:
        rank = np.searchsorted(share, dice.random(size) * share[-1]).clip(max=parties - 1)
        return np.asarray(dice.permutation(parties)[rank], np.int32)

    departed = dice.integers(18_000, 18_000 + days, size).astype(np.int32)
    arrived = departed + dice.integers(1, 30, size).astype(np.int32)
    return Transfers(
        src=side(),
        dst=side(),
        end_user=np.full(size, -1, np.int32),
        item=dice.integers(0, goods, size).astype(np.int32),
        departed=departed,
        departed_first=departed,
        arrived=arrived,
        arrived_last=arrived,
        estimated=np.zeros(size, bool),
        quantity=np.zeros(0),
        weight_kg=np.zeros(0),
        value_usd=np.zeros(0),
        shipment=np.zeros(0, np.int64),
        ids=np.zeros(0, object),
        party_ids=np.array([f"P{i:07}" for i in range(parties)], object),
        hs6=np.array([f"{8500 + i // 5:04}{i % 5:02}" for i in range(goods)], object),
    )


def restricted_of(parties: int, share: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.random.default_rng(11).random(parties) < share


def question_of(transfers: Transfers, share: float) -> Question:
    restricted = restricted_of(len(transfers.party_ids), share)
    barred = restricted[transfers.src]
    return Question(restricted[transfers.dst], ~barred, barred, HOPS)


def weights_of(size: int) -> Weights:
    """Points in hundredths, as a scorecard gives them."""
    dice = np.random.default_rng(13)

    def points(low: int, high: int) -> Floats:
        return dice.integers(low, high, size, dtype=np.int16) / np.float64(100)

    return Weights(
        points(0, 400), points(-50, 200), points(0, 300), {"relabel": 0.5, "owner": 0.3, "address": 0.4}
    )


def groups_of(parties: int) -> tuple[Ints, Ints]:
    """A tenth of the parties share an owner, and a tenth an address, with some others."""
    dice = np.random.default_rng(17)

    def label() -> Ints:
        joined = dice.random(parties) < 0.1
        return np.where(joined, dice.integers(0, parties // 50 + 1, parties), -1).astype(np.int32)

    return label(), label()


class Clock(dict[str, float]):
    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        began = perf_counter()
        yield
        self[name] = perf_counter() - began


def run(size: int, parties: int, relations: Relations, share: float) -> dict[str, object]:
    transfers, clock = world(size, parties), Clock()
    question, weights = question_of(transfers, share), weights_of(size)
    owner, address = groups_of(parties)
    options = ProjectionOptions(relations, owner, address, 0, DWELL)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(2):
        with clock.time("build"):
            projection = Projection.build(transfers, options)
        with clock.time("ask"):
            field = ask(projection, question)
        with clock.time("census"):
            counted = census_of(field)
        with clock.time("best"):
            bounds(field, weights)
        with clock.time("top 1000"):
            found = search_in(field, weights, TOP, limits=Limits(seconds=120))
    # `search_in` computes the bounds itself: they are told apart, and counted once.
    clock["top 1000"] = max(clock["top 1000"] - clock["best"], 0.0)
    clock["again"] = sum(clock[name] for name in ("ask", "census", "best", "top 1000"))
    clock["total"] = clock["again"] + clock["build"]
    return {
        "seconds": dict(clock),
        "kept": len(field),
        "walks": sum(w.count for w in counted.walks),
        "examined": found.examined,
        "truncated_by": found.truncated_by,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "world_gb": before / 2**20,
    }


def beside_duckdb(size: int, parties: int, share: float) -> dict[str, object]:
    """Count every walk hop by hop in both; the same counts or an error."""
    import duckdb

    transfers = world(size, parties)
    question = replace(question_of(transfers, share))
    mine, clock, theirs = [], Clock(), [0] * HOPS
    for _ in range(2):
        with clock.time("ours"):
            projection = Projection.build(transfers, ProjectionOptions("strict", dwell_max=DWELL))
            with clock.time("ours, projection kept"):
                mine = [w.count for w in census_of(ask(projection, question)).walks]
    base = duckdb.connect()
    base.execute("SET threads = 2")
    columns = {name: getattr(transfers, name) for name in ("src", "dst", "item", "departed", "arrived")}
    columns |= {"terminal": question.terminal, "origin": question.origin}
    base.register("given", columns)
    base.execute("CREATE TABLE t AS SELECT * FROM given WHERE src <> dst")
    for _ in range(2):
        with clock.time("DuckDB"):
            for hops, count in base.execute(BACKWARD, [DWELL, HOPS]).fetchall():
                theirs[hops - 1] = count
    if mine != theirs:
        raise AssertionError(f"{mine} is not {theirs}")
    return {"seconds": dict(clock), "walks": sum(mine), "kept": 0}


BACKWARD = """
WITH RECURSIVE walk AS (
  SELECT 1 AS hops, src, item, departed, origin FROM t WHERE terminal
  UNION ALL
  SELECT hops + 1, t.src, t.item, t.departed, t.origin FROM walk JOIN t
    ON t.dst = walk.src AND t.item = walk.item
   AND walk.departed BETWEEN t.arrived AND t.arrived + $1
  WHERE NOT t.terminal AND hops < $2
)
SELECT hops, count(*) FROM walk WHERE origin GROUP BY hops
"""


def apart(function: str, *arguments: object) -> dict[str, object]:
    """Call a function of this module in a process of its own, so that memory is its alone."""
    command = f"import json, benchmarks.routes as b; print(json.dumps(b.{function}(*{arguments!r})))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    result: dict[str, object] = json.loads(done.stdout)
    return result


def main(sizes: list[int]) -> None:
    print("seconds, 5 hops, 180 days, 50 goods, heavy-tailed\n")
    print(
        "| transfers | parties | relations | restricted | kept | walks |",
        " | ".join(COLUMNS),
        "| GB (world) |",
    )
    print("|---" * (7 + len(COLUMNS)) + "|")
    for size in sizes:
        parties = 500_000 if size >= 10_000_000 else size // 20
        for relations in ("strict", "jump", "all"):
            for share in (0.001, 0.1):
                line(size, parties, relations, share)
    print("\ncounting every walk beside DuckDB, 2 threads\n")
    for parties, share in ((20_000, 0.01), (2_000, 0.05)):
        found = apart("beside_duckdb", 1_000_000, parties, share)
        print(f"1 M transfers, {parties:,} parties, {found['walks']:,} walks: {rounded(found)}")


def line(size: int, parties: int, relations: str, share: float) -> None:
    found = apart("run", size, parties, relations, share)
    seconds = rounded(found)
    cells = [
        f"{size:,}",
        f"{parties:,}",
        relations,
        share,
        f"{found['kept']:,}",
        f"{float(str(found['walks'])):.3g}",
    ]
    cut = f" cut: {found['truncated_by']}" if found["truncated_by"] else ""
    times = [f"{seconds[name]}{cut if name == 'top 1000' else ''}" for name in COLUMNS]
    print(
        "|",
        " | ".join(map(str, [*cells, *times])),
        f"| {found['peak_gb']:.2f} ({found['world_gb']:.2f}) |",
        flush=True,
    )


def rounded(found: dict[str, object]) -> dict[str, float]:
    seconds = found["seconds"]
    assert isinstance(seconds, dict)
    return {name: round(value, 2) for name, value in seconds.items()}


if __name__ == "__main__":
    main([int(float(text)) for text in sys.argv[1:]] or [1_000_000, 10_000_000])
