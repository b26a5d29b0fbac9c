"""The best walk through each transfer, and how many walks there are without some of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from diversion.routes import kernels
from diversion.routes.best import NEVER, Bounds, Kind, Weights, bounds
from diversion.routes.census import Walks, walks_of
from diversion.routes.field import Field
from diversion.routes.ranges import Relation
from diversion.routes.transfers import Flags, Floats


def best_through(field: Field, weights: Weights) -> Floats:
    """The weight of the best walk that uses each transfer, over all transfers; −∞ where none does.

    Forward `F0 = start` at the origins and `Fh(f)` the best of `F(h−1)(e)` less the penalty over the
    transfers `e` that `f` may follow, plus `onward(f)`; with the completions of `bounds` it is the maximum
    of `F(i) + M(j)` over `i + j < hops`. n log n a hop and relation.
    """
    known = bounds(field, weights)
    behind = np.where(field.origin, known.start, NEVER)
    best = behind + known.completion[-1] if len(field) else behind
    for hop in range(1, field.hops):
        behind = _forward(field, known, behind)
        np.maximum(best, behind + known.completion[field.hops - 1 - hop], out=best)
    whole = np.full(len(field.projection.transfers), NEVER)
    whole[field.projection.rows] = best
    return whole


def _forward(field: Field, known: Bounds, behind: Floats) -> Floats:
    leaving = np.where(field.goes_on, behind, NEVER)
    reached = np.full(len(field), NEVER)
    for kind in known.kinds:
        found = _spread_maxima(kind.relation, leaving) - kind.penalty
        np.maximum(reached, _entered(field, kind, found), out=reached)
    return np.asarray(reached + known.onward, np.float64)


def _entered(field: Field, kind: Kind, found: Floats) -> Floats:
    return np.where(field.free, found, NEVER) if kind.jump else found


def _spread_maxima(relation: Relation, values: Floats) -> Floats:
    """For each transfer the largest value among those whose range holds it, painted from the largest down."""
    finite = np.flatnonzero(values > NEVER)
    order = finite[np.argsort(-values[finite], kind="stable")].astype(np.int32)
    places, by = kernels.paint(order, relation.lo, relation.hi)
    found = np.full(len(values), NEVER)
    found[places if relation.order is None else relation.order[places]] = values[order[by]]
    return found


def avoiding(field: Field, gone: Flags) -> tuple[Walks, ...]:
    """The walks that use none of the transfers `gone` (over the field), by hops: a sweep over the rest."""
    return walks_of(field.narrow(~gone))


def not_between(field: Field, into: Flags, out: Flags) -> tuple[Walks, ...]:
    """The walks that neither go on after a transfer of `into` nor jump to the sender of one of `out`.

    Those that only begin or end with them stay.
    """
    return walks_of(replace(field, goes_on=field.goes_on & ~into, free=field.free & ~out))
