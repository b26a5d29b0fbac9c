"""The sweeps backward and forward, each hop a window over all transfers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import pyarrow.dataset
from pyspark.sql import Column, DataFrame, Observation, SparkSession, Window
from pyspark.sql import functions as sql

from diversion.engines import Asked
from diversion.routes.best import NEVER
from diversion.routes.census import Walks
from diversion.routes.transfers import Floats, Ints
from diversion.spark.relations import KEY, Meeting
from diversion.spark.table import Table

TYPES = (("bigint", 2**63), ("decimal(38,0)", 10**38), ("double", float("inf")))
"""What counts can be, narrowest first, and where each ends."""
FLAGS = ("e", "origin", "on", "told_on")
NEGLIGIBLE = 1e-9
"""Part of a floating-point sum that may be what rounding left of nothing."""
PER_TASK = 200_000
"""Transfers to a task of a shuffle."""
FEW = 100_000
"""So many transfers are sent to all machines, rather than that all others are sorted to meet them."""


@dataclass(frozen=True)
class Swept:
    """What the sweeps tell of the transfers that stand on a walk or a corridor, `rows`.

    `best` bounds the weight of a corridor through each (−∞: there is none). Counts are of walks.
    """

    walks: tuple[Walks, ...]
    rows: Ints
    through: Floats
    started: Floats
    entered: Floats
    best: Floats
    exact: bool


def sweep(spark: SparkSession, folder: Path, asked: Asked, table: Table) -> Swept:
    """Backward from the ends and forward from the origins, `2 (hops − 1)` windows in all.

    Each costs a sort by key and day of the transfers whose key some transfer reached so far has, and is
    linear otherwise. What it reaches is written to `folder`, so that nothing is computed twice.
    """
    return _Sweeps(spark, folder, asked, table).run()


@dataclass(frozen=True)
class _Hop:
    """Transfers that a sweep reached by so many continuations: `count` walks and the `best` weight.

    `total` is the sum of what was to be counted, right where `exact`; `most` is the largest count.
    """

    rows: DataFrame
    size: int
    most: int = 0
    total: int = 0
    exact: bool = True


class _Sweeps:
    def __init__(self, spark: SparkSession, folder: Path, asked: Asked, table: Table) -> None:
        self.spark, self.folder, self.table = spark, folder, table
        self.hops = asked.question.hops
        arcs = asked.question.further is not None
        self.meeting = Meeting(asked.options, asked.weights, table.block, arcs=arcs)
        self.exact = True
        cores = spark.sparkContext.defaultParallelism
        spark.conf.set("spark.sql.shuffle.partitions", str(max(cores, len(table.rows) // PER_TASK)))

    def run(self) -> Swept:
        """All sweeps, and what is left after them."""
        self.table.write(self.folder / "transfers")
        rows, walks = self._backward(self.spark.read.parquet(str(self.folder / "transfers")))
        self._forward(rows)
        kept = pyarrow.dataset.dataset(self.folder / "kept").to_table().sort_by("e")
        e, through, started, entered, best = (
            kept[name].to_numpy() for name in ("e", "through", "started", "entered", "best")
        )
        best = np.where(np.isnan(best), NEVER, best)
        return Swept(tuple(walks), e, through, started, entered, best, self.exact)

    def _backward(self, transfers: DataFrame) -> tuple[_Hop, list[Walks]]:
        """The transfers that lead to an end, with the walks ahead of each and the best way (`_ahead`)."""
        asking = transfers.where("on or told_on").select(*FLAGS, self.meeting.spans().alias("at"))
        asks = self._write(asking.select(*FLAGS, "at.*"), "spans").rows
        ends = sql.col("ends").cast("bigint").alias("count"), sql.expr("if(told_ends, end, null) as best")
        found = transfers.where("ends or told_ends").select("e", "origin", *ends)
        hops = [self._write(found, "backward_0", sql.expr("if(origin, count, 0)"))]
        while len(hops) < self.hops and hops[-1].size:
            kind = self._fit(hops[-1])
            best = (sql.col("best") + sql.col("onward")).alias("best")
            given = _beside(hops[-1], transfers).select("count", best, self.meeting.places().alias("at"))
            met = self._meet(given.select("count", "best", "at.*"), asks, hops[-1], "position")
            met = met.withColumn("best", sql.col("best") - sql.col("price"))
            sums = self._summed(met, kind, FLAGS)
            count, best = (
                sql.expr("if(on, reached, null) as count"),
                sql.expr("if(told_on, best, null) as best"),
            )
            found = sums.select("e", "origin", count, best).where("count > 0 or best is not null")
            hops.append(self._write(found, f"backward_{len(hops)}", sql.expr("if(origin, count, null)")))
        walks = [Walks(i, hop.total, hop.exact) for i, hop in enumerate(hops, 1)]
        walks += [Walks(i, 0, True) for i in range(len(hops) + 1, self.hops + 1)]
        return self._write(_beside(_ahead(hops, self.hops), transfers), "ahead"), walks

    def _forward(self, ahead: _Hop) -> None:
        """What comes from the origins, together with what lies ahead of it."""
        rows, last = ahead.rows, self.hops - 1
        asking = rows.select("e", "onward", self.meeting.places().alias("at"))
        asks = self._write(asking.select("e", "onward", "at.*"), "places").rows
        begun = sql.expr("1L as count"), sql.expr("0L as jumped"), sql.col("start").alias("best")
        hops = [self._write(rows.where("origin").select("e", *begun), "forward_0")]
        while len(hops) < self.hops and hops[-1].size:
            kind = self._fit(hops[-1])
            leading = _beside(hops[-1], rows).where(_leads_on(last + 1 - len(hops)))
            values = sql.expr("if(on, count, null) as count"), sql.expr("if(told_on, best, null) as best")
            given = leading.select(*values, self.meeting.spans().alias("at"))
            given = given.select("count", (sql.col("best") - sql.col("at.price")).alias("best"), "at.*")
            met = self._meet(given.drop("price"), asks, hops[-1], sql.col("position").desc())
            sums = self._summed(met, kind, ("e", "onward"))
            best = (sql.col("best") + sql.col("onward")).alias("best")
            found = sums.select("e", sql.col("reached").alias("count"), "jumped", best)
            hops.append(self._write(found, f"forward_{len(hops)}"))
        self._write(_met(hops, ahead, self.hops), "kept")

    def _meet(self, given: DataFrame, asks: DataFrame, of: _Hop, order: str | Column) -> DataFrame:
        """The asks with the sum of the counts, and the best, of all that is given to each.

        What is given to an ask has its key and does not come after it in the order.
        """
        given = given.withColumn("count", sql.nullif(sql.col("count"), sql.lit(0).cast("bigint")))
        given = given.where("count is not null or best is not null")
        if of.size <= FEW:
            asks = asks.join(sql.broadcast(given.select(*KEY).distinct()), list(KEY), "left_semi")
        along = Window.partitionBy(*KEY).orderBy(order)
        met = given.unionByName(asks, allowMissingColumns=True)
        met = met.withColumns({"count": sql.sum("count").over(along), "best": sql.max("best").over(along)})
        return met.where("e is not null and (count is not null or best is not null)")

    def _summed(self, met: DataFrame, kind: str, columns: Sequence[str]) -> DataFrame:
        """One row a transfer: walks that it `reached`, those of them that `jumped`, and its `best`.

        `columns` are those by which it is known. What is counted over jumps twice is taken off.
        """

        def those(*, jump: bool, sign: int) -> Column:
            chosen = sql.col("kind").isin(self.meeting.counted(jump=jump, sign=sign))
            return sql.coalesce(sql.sum(sql.when(chosen, sql.col("count"))), sql.lit(0)).cast(kind)

        sums = met.groupBy(*columns).agg(
            those(jump=False, sign=1).alias("stayed"),
            those(jump=True, sign=1).alias("over"),
            those(jump=True, sign=-1).alias("twice"),
            sql.max("best").alias("best"),
        )
        jumped = sql.col("over") - sql.col("twice")
        if kind == "double":
            jumped = sql.when(jumped > sql.col("over") * NEGLIGIBLE, jumped).otherwise(0.0)
        sums = sums.withColumn("jumped", jumped.cast(kind))
        return sums.withColumn("reached", (sql.col("stayed") + sql.col("jumped")).cast(kind))

    def _fit(self, hop: _Hop) -> str:
        """The narrowest type for sums of the counts of a hop, each over four times all at most."""
        bound = 4 * max(len(self.table.rows), 1) * hop.most
        kind = next(name for name, limit in TYPES if bound < limit)
        self.exact = self.exact and kind != "double"
        return kind

    def _write(self, rows: DataFrame, name: str, count: Column | None = None) -> _Hop:
        """The rows on disk, and what was seen while they were written."""
        seen, path = Observation(), str(self.folder / name)
        counted = sql.lit(None).cast("bigint") if count is None else count
        exact = counted.cast("decimal(38,0)") if self.exact else sql.lit(None).cast("decimal(38,0)")
        most = sql.max("count") if "count" in rows.columns else sql.max(sql.lit(0))
        about = sql.sum(counted.cast("double"))
        told = (sql.count(sql.lit(1)), most, sql.try_sum(exact), about)
        names = ("size", "most", "exact", "about")
        observed = rows.observe(seen, *(one.alias(name) for one, name in zip(told, names, strict=True)))
        observed.write.parquet(path)
        size, most_, total, near = (seen.get[name] for name in names)
        right = total is not None or near is None
        again = self.spark.read.schema(rows.schema).parquet(path)
        return _Hop(again, size, int(most_ or 0), int((total if right else near) or 0), right and self.exact)


def _beside(hop: _Hop, rows: DataFrame) -> DataFrame:
    """What a hop reached, with the other columns of each transfer."""
    found = hop.rows.drop("origin")
    return rows.join(sql.broadcast(found) if hop.size <= FEW else found, "e")


def _ahead(hops: Sequence[_Hop], most: int) -> _Hop:
    """By at most h continuations from each transfer, `ahead_h` walks and the best `way_h`."""
    every = reduce(DataFrame.unionAll, (_numbered(hop, i) for i, hop in enumerate(hops)))
    sums = []
    for h in range(most):
        near = sql.col("hop") <= h
        count = sql.coalesce(sql.sum(sql.when(near, sql.col("count"))), sql.lit(0.0))
        sums += [count.alias(f"ahead_{h}"), sql.max(sql.when(near, sql.col("best"))).alias(f"way_{h}")]
    return _Hop(every.groupBy("e").agg(*sums), sum(hop.size for hop in hops))


def _met(hops: Sequence[_Hop], ahead: _Hop, most: int) -> DataFrame:
    """What came by so many continuations, with all that can follow within the hops left."""
    every = reduce(DataFrame.unionAll, (_numbered(hop, i, "jumped") for i, hop in enumerate(hops)))
    rows = _beside(_Hop(every, sum(hop.size for hop in hops)), ahead.rows)
    left = sql.lit(most) - sql.col("hop")
    follow, way = (
        sql.element_at(sql.array(*(sql.col(f"{name}_{h}") for h in range(most))), left)
        for name in ("ahead", "way")
    )
    through = sql.col("count") * follow
    sums = rows.groupBy("e").agg(
        sql.sum(through).alias("through"),
        sql.sum(sql.when(sql.col("hop") == 0, through).otherwise(0.0)).alias("started"),
        sql.sum(sql.col("jumped") * follow).alias("entered"),
        sql.max(sql.col("best") + way).alias("best"),
    )
    return sums.where("through > 0 or best is not null")


def _numbered(hop: _Hop, number: int, *counts: str) -> DataFrame:
    values = [sql.coalesce(sql.col(n), sql.lit(0)).cast("double").alias(n) for n in ("count", *counts)]
    return hop.rows.select("e", sql.lit(number).alias("hop"), *values, "best")


def _leads_on(hop: int) -> Column:
    """Whether an end is at most so many continuations ahead."""
    return (sql.col(f"ahead_{hop}") > 0) | sql.col(f"way_{hop}").isNotNull()
