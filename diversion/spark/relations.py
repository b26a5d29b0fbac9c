"""Continuations as keys and days: what asks and what answers meet under one key, in the order of days.

Days are cut into blocks no longer than any span asked for. A span is then the end of its first block and the
beginning of each further one, so that running totals along a block, which Spark keeps in one pass, add up to
it. (A frame that slides along the days is summed anew for every row.) Nothing is ever subtracted.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as sql

from diversion.routes.best import Weights
from diversion.routes.ranges import ProjectionOptions

KEY = ("kind", "label", "code", "block")
"""What must be equal where a transfer may follow another; `position` then says whether it does."""


@dataclass(frozen=True)
class Kind:
    """One way in which goods may go on: the grouping of parties, `item` or `head` for the goods.

    Walks by it count `sign` times; corridors may take it at `price` (None: they do not). A jump enters only
    transfers that are `free`.
    """

    group: str
    goods: str
    sign: int
    price: float | None
    jump: bool


def kinds(options: ProjectionOptions, weights: Weights) -> list[Kind]:
    """All continuations that are ranges.

    Those whose signs are not nought count each continuation once: at the same party, and over jumps by
    inclusion and exclusion, without those at the same party.
    """
    base = "head" if options.headings else "item"
    found = [Kind("party", "item", int(not options.headings), 0.0, False)]
    if options.headings:
        found.append(Kind("party", "head", 1, weights.of("relabel"), False))
    if not options.jumps:
        return found
    for name in ("owner", "address"):
        if options.headings:
            found.append(Kind(name, "item", 0, weights.of(name), True))
        price = weights.of(f"{name}+relabel" if options.headings else name)
        found.append(Kind(name, base, 1, price, True))
    return [*found, Kind("both", base, -1, None, True), Kind("alone", base, -1, None, True)]


class Meeting:
    """Where transfers meet: the places at which each departs, and the spans that each asks for.

    `arcs` says whether the table tells disguises and parties possibly the same.
    """

    def __init__(self, options: ProjectionOptions, weights: Weights, block: int, *, arcs: bool) -> None:
        self.options, self.weights, self.block, self.arcs = options, weights, block, arcs
        self.kinds = kinds(options, weights)

    def counted(self, *, jump: bool, sign: int) -> list[int]:
        """The numbers of the kinds that count so: one for the ends of blocks, one for their beginnings."""
        chosen = (i for i, kind in enumerate(self.kinds) if kind.jump == jump and kind.sign == sign)
        return [number for i in chosen for number in (2 * i, 2 * i + 1)]

    def places(self) -> Column:
        """A row for each key under which a transfer may follow another."""
        found = []
        for i, kind in enumerate(self.kinds):
            there = sql.col(f"{kind.group}_out") >= 0
            there = there & sql.col("free") if kind.jump else there
            found += self._at(2 * i, there, f"{kind.group}_out", kind.goods)
        if self.arcs:
            for i, goods in self._same():
                there = (sql.col("same_out") >= 0) & sql.col("free")
                found += self._at(2 * i, there, "same_out", goods)
            hidden = _key(2 * self._disguise, sql.col("disguise_out"), sql.lit(0), sql.lit(0), sql.lit(0))
            found.append(sql.when(sql.col("disguise_out") >= 0, hidden))
        return sql.explode(sql.array_compact(sql.array(*found)))

    def spans(self) -> Column:
        """A row, with its `price`, for each part of a span that a transfer asks for."""
        found = []
        for i, kind in enumerate(self.kinds):
            label = sql.col(f"{kind.group}_in")
            spans = self._parts(2 * i, label, kind.goods, f"until_{kind.group}", sql.lit(kind.price))
            found.append(sql.when(label >= 0, spans))
        if self.arcs:
            found += [self._stand_ins(i, goods) for i, goods in self._same()]
            found.append(self._disguises())
        return sql.explode(sql.flatten(sql.array_compact(sql.array(*found))))

    @property
    def _disguise(self) -> int:
        return len(self.kinds)

    def _same(self) -> list[tuple[int, str]]:
        """Numbers of the kinds of parties possibly the same, and the goods of each."""
        goods = ("item", "head") if self.options.headings else ("item",)
        return [(self._disguise + 1 + i, name) for i, name in enumerate(goods)]

    def _at(self, number: int, there: Column, label: str, goods: str) -> list[Column]:
        left = sql.col("left")
        block = _div(left, self.block)
        return [
            sql.when(there, _key(number + side, sql.col(label), sql.col(goods), block, position))
            for side, position in ((0, -left), (1, left))
        ]

    def _parts(self, number: int, label: Column, goods: str, until: str, price: Column) -> Column:
        """The end of the block in which a span begins, and the beginnings of those after it."""
        since, last = sql.col("since"), sql.col(until)
        first, size = _div(since, self.block), self.block
        end = sql.array(_key(number, label, sql.col(goods), first, -since, price))
        further = sql.transform(
            sql.sequence(first + 1, sql.greatest(_div(last, size), first + 1), sql.lit(1).cast("bigint")),
            lambda block: _key(
                number + 1, label, sql.col(goods), block, sql.least(last, (block + 1) * size - 1), price
            ),
        )
        return sql.when(_div(last, size) > first, sql.concat(end, further)).otherwise(end)

    def _stand_ins(self, i: int, goods: str) -> Column:
        price = self.weights.of("possibly-same" if goods == "item" else "possibly-same+relabel")
        parts = sql.transform(
            sql.col("same_in"),
            lambda one: self._parts(2 * i, one["other"], goods, "until_same", one["less"] + sql.lit(price)),
        )
        return sql.flatten(parts)

    def _disguises(self) -> Column:
        price = sql.lit(self.weights.of("disguise"))
        zero = sql.lit(0)
        return sql.transform(
            sql.col("disguise_in"), lambda onto: _key(2 * self._disguise, onto, zero, zero, zero, price)
        )


def _div(day: Column, block: int) -> Column:
    """The block of a day, which is not negative."""
    return sql.floor(day / sql.lit(block))


def _key(kind: int, *values: Column) -> Column:
    """A place, or with a price a part of a span."""
    names = ("label", "code", "block", "position", "price")
    types = ("int", "int", "bigint", "bigint", "double")
    fields = [v.cast(t).alias(n) for v, n, t in zip(values, names, types, strict=False)]
    return sql.struct(sql.lit(kind).alias("kind"), *fields)
