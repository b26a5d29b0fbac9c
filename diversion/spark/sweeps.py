"""The sweeps backward and forward, each hop a window over all transfers at once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
NEGLIGIBLE = 1e-9
"""Part of a floating-point sum that may be what rounding left of nothing."""
FOUND = ("reached", "jumped", "found")
PER_TASK = 200_000
"""Transfers to a task of a shuffle."""


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

    Each costs a sort of the transfers by key and day, linear otherwise, and is written to `folder`, so that
    none is computed twice.
    """
    return _Sweeps(spark, folder, asked, table).run()


class _Sweeps:
    def __init__(self, spark: SparkSession, folder: Path, asked: Asked, table: Table) -> None:
        self.spark, self.folder, self.table = spark, folder, table
        self.hops = asked.question.hops
        arcs = asked.question.further is not None
        self.meeting = Meeting(asked.options, asked.weights, table.block, arcs=arcs)
        self.exact, self.written = True, folder / "transfers"
        cores = spark.sparkContext.defaultParallelism
        spark.conf.set("spark.sql.shuffle.partitions", str(max(cores, len(table.rows) // PER_TASK)))

    def run(self) -> Swept:
        """All sweeps, and what is left after them."""
        self.table.write(self.written)
        rows, walks = self._backward(self.spark.read.parquet(str(self.written)))
        self._forward(rows)
        kept = pyarrow.dataset.dataset(self.written).to_table().sort_by("e")
        e, through, started, entered, best = (
            kept[name].to_numpy() for name in ("e", "through", "started", "entered", "best")
        )
        best = np.where(np.isnan(best), NEVER, best)
        return Swept(tuple(walks), e, through, started, entered, best, self.exact)

    def _backward(self, rows: DataFrame) -> tuple[DataFrame, list[Walks]]:
        """By at most h continuations from each transfer, `ahead_h` walks and the best `way_h`."""
        ends, origin = (np.asarray(self.table.columns[name]) for name in ("ends", "origin"))
        walks, most = [Walks(1, int((ends & origin).sum()), True)], int(ends.any())
        rows = rows.withColumns(
            {
                "count": sql.col("ends").cast("bigint"),
                "ahead_0": sql.col("ends").cast("double"),
                "way_0": sql.when(sql.col("told_ends"), sql.col("end")),
            }
        )
        for hop in range(1, self.hops):
            kind = self._fit(most)
            given = rows.withColumn("best", sql.col(f"way_{hop - 1}") + sql.col("onward"))
            reached = self._meet(given, rows.where("on or told_on"), kind, forward=False)
            rows = rows.drop("count").join(reached, "e", "left")
            count = sql.coalesce(sql.when(sql.col("on"), sql.col("reached")), sql.lit(0)).cast(kind)
            way = sql.greatest("way_0", sql.when(sql.col("told_on"), sql.col("found")))
            ahead = sql.col(f"ahead_{hop - 1}") + sql.col("count").cast("double")
            rows = rows.withColumn("count", count)
            rows = rows.withColumns({f"ahead_{hop}": ahead, f"way_{hop}": way})
            begun = sql.when(sql.col("origin"), sql.col("count"))
            rows, seen = self._write(rows.drop(*FOUND), f"backward_{hop}", begun)
            walks.append(Walks(hop + 1, seen.total, seen.exact and self.exact))
            most = seen.most
        return rows, walks

    def _forward(self, rows: DataFrame) -> None:
        """From the origins on, what comes to each transfer together with what lies ahead of it."""
        last = self.hops - 1
        rows = rows.where(_leads_on(last)).withColumns(
            {"count": sql.col("origin").cast("bigint"), "came": sql.when(sql.col("origin"), sql.col("start"))}
        )
        started = sql.col("count") * sql.col(f"ahead_{last}")
        best = sql.col("came") + sql.col(f"way_{last}")
        rows = rows.withColumns(
            {"through": started, "started": started, "entered": sql.lit(0.0), "best": best}
        )
        most = 1
        for left in range(last - 1, -1, -1):
            kind = self._fit(most)
            given = rows.withColumns(
                {
                    "count": sql.when(sql.col("on"), sql.col("count")),
                    "best": sql.when(sql.col("told_on"), sql.col("came")),
                }
            )
            reached = self._meet(given, rows.where(_leads_on(left)), kind, forward=True)
            rows = rows.drop("count", "came").join(reached, "e", "left")
            rows = rows.withColumns(
                {
                    "count": sql.coalesce(sql.col("reached"), sql.lit(0)).cast(kind),
                    "came": sql.col("found") + sql.col("onward"),
                }
            )
            ahead = sql.col(f"ahead_{left}")
            jumped = sql.coalesce(sql.col("jumped"), sql.lit(0)).cast("double")
            rows = rows.withColumns(
                {
                    "through": sql.col("through") + sql.col("count").cast("double") * ahead,
                    "entered": sql.col("entered") + jumped * ahead,
                    "best": sql.greatest("best", sql.col("came") + sql.col(f"way_{left}")),
                }
            )
            rows, seen = self._write(rows.drop(*FOUND), f"forward_{left}", sql.col("count"))
            most = seen.most
        kept = rows.where("through > 0 or best is not null")
        self._write(kept.select("e", "through", "started", "entered", "best", "count"), "kept", sql.lit(0))

    def _meet(self, given: DataFrame, asks: DataFrame, kind: str, *, forward: bool) -> DataFrame:
        """For each transfer that asks and finds: `reached` walks, of which `jumped`, and the best `found`.

        Backward it asks for all that may follow it, forward for all that it may follow.
        """
        places, spans = self.meeting.places(), self.meeting.spans()
        price = sql.col("price") if forward else sql.lit(0.0)
        given = given.where("count > 0 or best is not null").select(
            sql.nullif(sql.col("count"), sql.lit(0)).cast(kind).alias("count"),
            "best",
            (spans if forward else places).alias("at"),
        )
        given = given.select("count", (sql.col("best") - price).alias("best"), "at.*").drop("price")
        asks = asks.select("e", (places if forward else spans).alias("at")).select("e", "at.*")
        order = sql.col("position").desc() if forward else sql.col("position")
        along = Window.partitionBy(*KEY).orderBy(order)
        met = given.unionByName(asks, allowMissingColumns=True)
        met = met.withColumns({"count": sql.sum("count").over(along), "best": sql.max("best").over(along)})
        met = met.where("e is not null and (count is not null or best is not null)")
        return self._summed(met, kind, sql.lit(0.0) if forward else sql.col("price"))

    def _summed(self, met: DataFrame, kind: str, price: Column) -> DataFrame:
        """One row a transfer, without what is counted over jumps twice."""

        def those(*, jump: bool, sign: int) -> Column:
            chosen = sql.col("kind").isin(self.meeting.counted(jump=jump, sign=sign))
            return sql.coalesce(sql.sum(sql.when(chosen, sql.col("count"))), sql.lit(0)).cast(kind)

        sums = met.groupBy("e").agg(
            those(jump=False, sign=1).alias("stayed"),
            those(jump=True, sign=1).alias("over"),
            those(jump=True, sign=-1).alias("twice"),
            sql.max(sql.col("best") - price).alias("found"),
        )
        jumped = sql.col("over") - sql.col("twice")
        if kind == "double":
            jumped = sql.when(jumped > sql.col("over") * NEGLIGIBLE, jumped).otherwise(0.0)
        sums = sums.withColumn("jumped", jumped.cast(kind))
        return sums.select("e", (sql.col("stayed") + sql.col("jumped")).alias("reached"), "jumped", "found")

    def _fit(self, most: int) -> str:
        """The narrowest type for sums of counts of at most `most`, each over four times all at most."""
        bound = 4 * max(len(self.table.rows), 1) * most
        kind = next(name for name, limit in TYPES if bound < limit)
        self.exact = self.exact and kind != "double"
        return kind

    def _write(self, rows: DataFrame, name: str, count: Column) -> tuple[DataFrame, _Seen]:
        """The rows on disk, in place of those before, and what a count came to."""
        seen = Observation()
        exact = count.cast("decimal(38,0)") if self.exact else sql.lit(None).cast("decimal(38,0)")
        told = rows.observe(
            seen,
            sql.try_sum(exact).alias("exact"),
            sql.sum(count.cast("double")).alias("about"),
            sql.max("count").alias("most"),
        )
        before, self.written = self.written, self.folder / name
        told.write.parquet(str(self.written))
        shutil.rmtree(before)
        return self.spark.read.parquet(str(self.written)), _Seen.of(seen.get)


@dataclass(frozen=True)
class _Seen:
    """The sum of a count over rows, whether it is exact, and the largest count."""

    total: int
    exact: bool
    most: int

    @staticmethod
    def of(told: Mapping[str, Any]) -> _Seen:
        exact = told["exact"] is not None or told["about"] is None
        total = told["exact"] if told["exact"] is not None else told["about"]
        return _Seen(int(total or 0), exact, int(told["most"] or 0))


def _leads_on(hop: int) -> Column:
    """Whether an end is at most so many continuations ahead."""
    return (sql.col(f"ahead_{hop}") > 0) | sql.col(f"way_{hop}").isNotNull()
