"""How many walks there are, and how often they pass each transfer and party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from diversion.routes.field import Field, ask
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.sweeps import Values
from diversion.routes.transfers import Floats, Ints, Transfers

LIMIT = 2**63


@dataclass(frozen=True)
class Walks:
    """The walks of exactly `hops` transfers. Where not `exact`, right to some 12 digits.

    `upper_bound` where some of them may not be walks on the very days: a link between a party and its
    stand-in is dated, or a departure is known only to a span.
    """

    hops: int
    count: int
    exact: bool
    upper_bound: bool = False


@dataclass(frozen=True)
class Kept:
    """The columns of a census for those of `size` transfers that can stand on a walk, `rows`."""

    size: int
    rows: Ints
    through: Floats
    started: Floats
    entered: Floats

    def whole(self, values: Floats) -> Floats:
        """Values of the transfers kept, as a column over all transfers."""
        result = np.zeros(self.size)
        result[self.rows] = values
        return result


@dataclass(frozen=True)
class Census:
    """Counts of time-respecting walks, which unlike routes may pass a party twice.

    `through[e]` is how many walks use transfer `e` (one that uses it twice counts twice), `started[e]`
    how many begin with it, `entered[e]` how many jump to its sender from another party. Over jumps and over
    days known to a span counts may be upper bounds (`Walks.upper_bound`): whether a link was in force on
    the days, and one assignment of days suits a whole walk, is not looked at here.
    """

    walks: tuple[Walks, ...]
    kept: Kept
    exact: bool

    @cached_property
    def through(self) -> Floats:
        """How many walks use each transfer."""
        return self.kept.whole(self.kept.through)

    @cached_property
    def started(self) -> Floats:
        """How many walks begin with each transfer."""
        return self.kept.whole(self.kept.started)

    @cached_property
    def entered(self) -> Floats:
        """How many walks jump to the sender of each transfer."""
        return self.kept.whole(self.kept.entered)

    def visits(self, transfers: Transfers) -> Floats:
        """How often walks visit each party (index of `Transfers.party_ids`), as receiver or as stand-in.

        Without sampling. The sender of the first transfer is not visited; `started` counts those.
        """
        size, kept = len(transfers.party_ids), self.kept
        received = np.bincount(transfers.dst[kept.rows], kept.through, size)
        return np.asarray(received + np.bincount(transfers.src[kept.rows], kept.entered, size), np.float64)


def census(projection: Projection, question: Question) -> Census:
    """Count all walks of a question, hop by hop, and through every transfer.

    `c0(e)` is 1 where `e` is terminal and `ch(e)` the sum of `c(h−1)` over the range that may follow `e`;
    forward the same from the origins; `through(e) = Σ f(i)(e)·c(j)(e)` over `i + j < hops`. `hops` passes
    each way, linear in the transfers that stand on any walk.
    """
    return census_of(ask(projection, question.of_walks))


def census_of(field: Field) -> Census:
    """The census of the transfers that `ask` kept."""
    if field.through is not None:
        from diversion.routes.via import census_through

        return census_through(field)
    walks, ahead = _backward(field)
    through, entered = np.zeros(len(field)), np.zeros(len(field))
    started = np.where(field.origin, ahead[-1], 0.0) if len(field) else np.zeros(0)
    steps = Steps(field)
    behind: Values = field.origin.astype(np.uint64)
    for hop in range(field.hops):
        rest = ahead[field.hops - 1 - hop]
        through += behind * rest
        if hop + 1 < field.hops:
            behind, jumped = steps.forward(behind)
            if jumped is not None:
                entered += jumped * ahead[field.hops - 2 - hop]
    exact = steps.exact and all(w.exact for w in walks)
    return taken(field, walks, (through, started, entered), exact=exact)


def taken(field: Field, walks: list[Walks], sums: tuple[Floats, Floats, Floats], *, exact: bool) -> Census:
    """The census of counts over a field: through, started and entered."""
    projection = field.projection
    size, rows = len(projection.transfers), projection.rows
    widened = projection.widened is not None and bool(projection.widened.any())
    kept = Kept(size, rows, *sums)
    told = projection.transfers, projection.options
    return Census(bounded(walks, kept, told, widened=widened), kept, exact)


def bounded(
    walks: Sequence[Walks], kept: Kept, among: tuple[Transfers, ProjectionOptions], *, widened: bool
) -> tuple[Walks, ...]:
    """The walks, marked where telling a corridor may find fewer routes than walks were counted.

    `widened`: the range of some transfer on a walk holds more than can follow it.
    """
    transfers, options = among
    jumped = transfers.src[kept.rows][kept.entered > 0]
    dated = options.shared is not None and len(jumped) > 0
    if dated and options.loose is not None:
        dated = bool(options.loose[jumped].any())
    if not dated and not widened:
        return tuple(walks)
    return tuple(replace(w, upper_bound=w.hops > 1 and w.count > 0) for w in walks)


def walks_of(field: Field) -> tuple[Walks, ...]:
    """The walks among the transfers that `ask` kept, hop by hop, without what they pass: half the sweeps."""
    if field.through is not None:
        from diversion.routes.via import walks_through

        return walks_through(field)
    return tuple(_backward(field)[0])


def _backward(field: Field) -> tuple[list[Walks], list[Floats]]:
    """Walks a hop, and for each h the walks of at most h continuations from each transfer."""
    steps, current = Steps(field), field.terminal.astype(np.uint64)
    walks, sums = [], [current.astype(np.float64)]
    for hop in range(1, field.hops + 1):
        walks.append(Walks(hop, total(current[field.origin]), steps.exact))
        if hop < field.hops:
            current = steps.backward(current)
            sums.append(sums[-1] + current)
    return walks, sums


class Steps:
    """Sweeps in 64-bit integers for as long as no range can reach 2^63, then in floating point."""

    def __init__(self, field: Field) -> None:
        self.field, self.exact = field, True
        relations = [field.projection.base, *(r for r, sign in field.projection.jumps if sign > 0)]
        self.longest = sum(relation.longest for relation in relations)
        self.widest = 0

    def backward(self, values: Values) -> Values:
        """The sum of `values` over what may follow each transfer that goes on."""
        values = self._fit(values, self.longest)
        reached = self.field.sweep(exact=self.exact).backward(values)
        reached[~self.field.goes_on] = 0
        return reached

    def forward(self, values: Values) -> tuple[Values, Values | None]:
        """All that reaches each transfer, and the part that jumped."""
        values = np.where(self.field.goes_on, values, values.dtype.type(0))
        if not self.widest:
            ones = np.ones(len(self.field), np.uint64)
            self.widest = max(int(self.field.sweep().forward(ones).max(initial=0)), 1)
        values = self._fit(values, self.widest)
        strict, jumped = self.field.sweep(exact=self.exact).forward_parts(values)
        return (strict if jumped is None else strict + jumped), jumped

    def _fit(self, values: Values, most: int) -> Values:
        if self.exact and most * int(values.max(initial=0)) < LIMIT:
            return values
        self.exact = False
        return values.astype(np.float64)


def total(values: Values) -> int:
    """The exact sum of 64-bit integers; of floating-point numbers the nearest integer."""
    if values.dtype != np.uint64 or len(values) * int(values.max(initial=0)) < LIMIT:
        return int(values.sum())
    low, high = values & np.uint64(0xFFFFFFFF), values >> np.uint64(32)
    return (int(high.sum()) << 32) + int(low.sum())
