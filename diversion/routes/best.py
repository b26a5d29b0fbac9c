"""The best way on from each transfer: what bounds the search for corridors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default

import numpy as np

from diversion.errors import UsageError
from diversion.routes import kernels
from diversion.routes.arcs import Arcs
from diversion.routes.field import Field
from diversion.routes.kernels import BLOCK
from diversion.routes.ranges import Relation
from diversion.routes.sorting import spread
from diversion.routes.transfers import Floats

NEVER = -np.inf


@dataclass(frozen=True)
class Weights:
    """An upper bound of the score of a route `e1 … eL`, as a sum over its transfers and continuations.

    `start[e1] + Σ onward[ei] (i ≥ 2) + end[eL] − penalties`, in the unit of the score; each array has one
    finite entry a transfer, of either sign. `penalties` (`relabel`, `owner`, `address`, `disguise`) are not
    negative; one that is absent is nought. What a party possibly the same costs, its arcs tell.
    """

    start: Floats
    onward: Floats
    end: Floats
    penalties: Mapping[str, float] = default(default_factory=dict)

    def __post_init__(self) -> None:
        if any(not 0 <= p < np.inf for p in self.penalties.values()):
            raise UsageError(
                "a penalty must be a number that is not negative", where=str(dict(self.penalties))
            )
        for name in ("start", "onward", "end"):
            if not np.isfinite(getattr(self, name)).all():
                raise UsageError("every weight must be a finite number", where=name)

    def of(self, kind: str) -> float:
        """The penalty of a continuation, which may break two rules at once (`owner+relabel`)."""
        return sum((self.penalties.get(part, 0.0) for part in kind.split("+") if part != "strict"), 0.0)


@dataclass(frozen=True)
class Kind:
    """A relation with its name and penalty; a jump leads to another party and only where it is free."""

    name: str
    relation: Relation
    penalty: float
    jump: bool


def kinds(field: Field, weights: Weights) -> tuple[Kind, ...]:
    """All continuations of a field. Those that relabel hold the ones that do not, at a lower price."""
    projection = field.projection
    found = [("strict", projection.relations["goods"], False)]
    if projection.options.headings:
        found.append(("relabel", projection.relations["heading"], False))
    for name in ("owner", "address") if projection.options.jumps else ():
        found.append((name, projection.jumps_goods.get(name, projection.relations[name]), True))
        if projection.options.headings:
            found.append((f"{name}+relabel", projection.relations[name], True))
    return tuple(Kind(name, relation, weights.of(name), jump) for name, relation, jump in found)


@dataclass(frozen=True)
class Bounds:
    """Columns of the search over a field, in its order.

    `completion` holds, for each number of hops left, the best way on from each transfer without its own
    weight (−∞ where there is none); `passing` the same of the ways that still pass through a party that the
    question names (None: it names none). `costs` are the penalties of the arcs of the field.
    """

    start: Floats
    onward: Floats
    end: Floats
    kinds: tuple[Kind, ...]
    completion: tuple[Floats, ...]
    passing: tuple[Floats, ...] | None = None
    costs: Floats | None = None


def bounds(field: Field, weights: Weights) -> Bounds:
    """The best completions, by range maxima.

    `M0(e) = end(e)` where terminal; `Mh(e)` the larger of it and the best of `onward(e') + M(h−1)(e')` over
    what may follow, less the penalty. `hops − 1` passes, each linear; a column a hop, and n log n / 32 more.
    """
    rows = field.projection.rows
    start, onward, end = weights.start[rows], weights.onward[rows], weights.end[rows]
    found = kinds(field, weights)
    costs = None if field.arcs is None else field.arcs.costs(weights.of)
    completion = [np.where(field.terminal, end, NEVER)]
    passing = [np.full(len(field), NEVER)]
    sends, gets = field.through_ends()
    for _ in range(1, field.hops):
        best = _best_of(field, found, costs, completion[-1] + onward)
        if field.through is not None:
            ahead = np.where(sends, completion[-1], passing[-1])
            passing.append(np.where(gets, best, _best_of(field, found, costs, ahead + onward)))
        completion.append(np.maximum(completion[0], best))
    through = None if field.through is None else tuple(passing)
    return Bounds(start, onward, end, found, tuple(completion), through, costs)


def _best_of(field: Field, found: tuple[Kind, ...], costs: Floats | None, ahead: Floats) -> Floats:
    """The best of `ahead` over what may follow each transfer, less the penalty; `costs` are those of arcs."""
    best = np.full(len(field), NEVER)
    for kind in found:
        raise_to_maxima(kind.relation, _entered(field, kind, ahead), kind.penalty, best)
    if field.arcs is not None and costs is not None:
        _raise_by_arcs(field, field.arcs, (ahead, costs), best)
    best[~field.goes_on] = NEVER
    return best


def _raise_by_arcs(field: Field, arcs: Arcs, values: tuple[Floats, Floats], best: Floats) -> None:
    """Raise `best` of what arcs lead from to the best that each leads to, less its cost."""
    ahead, costs = values
    for stood_in in (False, True):
        which = (arcs.kind > 0) == stood_in
        found = np.full(int(which.sum()), NEVER)
        relation = Relation(None, arcs.lo[which], arcs.hi[which])
        raise_to_maxima(relation, np.where(field.free, ahead, NEVER) if stood_in else ahead, 0.0, found)
        np.maximum.at(best, arcs.source[which], found - costs[which])


def _entered(field: Field, kind: Kind, ahead: Floats) -> Floats:
    return np.where(field.free, ahead, NEVER) if kind.jump else ahead


def raise_to_maxima(relation: Relation, values: Floats, penalty: float, result: Floats) -> None:
    """Raise `result` to the best of `values` in each range less the penalty."""
    arranged = np.ascontiguousarray(relation.arrange(values))
    maxima = (arranged, _sparse_table(arranged), float(penalty))
    spread(kernels.raise_to_maxima, len(result), maxima, (relation.lo, relation.hi), result)


def _sparse_table(values: Floats) -> Floats:
    """Row k holds the maximum of 2^k blocks from each block on (Bender and Farach-Colton, 2000)."""
    blocks = max(-(-len(values) // BLOCK), 1)
    padded = np.full(blocks * BLOCK, NEVER)
    padded[: len(values)] = values
    levels = [padded.reshape(blocks, BLOCK).max(1)]
    for level in range(blocks.bit_length() - 1):
        wider, step = levels[-1].copy(), 1 << level
        np.maximum(wider[:-step], levels[-1][step:], out=wider[:-step])
        levels.append(wider)
    return np.stack(levels)
