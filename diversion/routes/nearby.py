"""Walking back from a few ends over what can reach them, instead of passing over all transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from diversion.compiled import compiled
from diversion.routes.radix import Counts
from diversion.routes.ranges import FEW, Projection, Question, Relation
from diversion.routes.sides import Sides
from diversion.routes.transfers import Flags, Ints

if TYPE_CHECKING:
    from diversion.routes.arcs import Further

Longs = npt.NDArray[np.int64]
BEHIND = 4
"""Transfers that stand behind each end at least, or it is hardly worth while to count on fewer."""


def nearby(projection: Projection, question: Question) -> Projection:
    """The projection of those transfers from which a walk can end, and maybe more; all where these are many.

    Hop by hop, the transfers that may come before those found: for each two binary searches among the
    arrivals of its sender, whose neighbours they are. Follows the few, n log n in them; gives up, having
    cost little, where more than one in sixteen is found.
    """
    most = len(projection) // FEW
    ends = np.flatnonzero(question.ends)
    if projection.position is None or len(ends) > most // BEHIND:
        return projection
    at = projection.position[ends]
    found = Reach(projection, question, most).back(at[at >= 0])
    return projection if found is None else projection.only(found)


class Reach:
    """What leads to given transfers of a projection that was not narrowed."""

    def __init__(self, projection: Projection, question: Question, most: int) -> None:
        self.projection, self.question, self.most = projection, question, most
        self.seen = np.zeros(len(projection), bool)

    def back(self, ends: Ints) -> Ints | None:
        """Positions of all that reach `ends` within the hops, ascending; None for more than `most`."""
        self.seen[ends] = True
        layers, front = [ends], ends
        for _ in range(1, self.question.hops):
            front = self._new(front)
            layers.append(front)
            if sum(map(len, layers)) > self.most:
                return None
            if not len(front):
                break
        return np.sort(np.concatenate(layers))

    def _new(self, front: Ints) -> Ints:
        """Those that may come right before `front`, which no hop found yet."""
        projection, question = self.projection, self.question
        entered = front[~question.barred[projection.rows[front]]]
        found = [before(self.projection, projection.base, front)]
        found += [before(projection, relation, entered) for relation, sign in projection.jumps if sign > 0]
        if question.further is not None:
            found += further_before(projection, question.further, front, entered)
        at = np.concatenate(found)
        at = at[~self.seen[at]]
        if not question.open:
            at = at[~question.ends[projection.rows[at]]]
        at = np.unique(at)
        self.seen[at] = True
        return at


def before(projection: Projection, relation: Relation, at: Ints) -> Ints:
    """Positions of the transfers that one of `at` may follow by this relation.

    Where days are known to a span, and more: as if every day were as vague as the vaguest.
    """
    sides, transfers = relation.sides, projection.transfers
    assert sides is not None
    rows = projection.rows[at]
    options = projection.options
    spans = sought(
        sides,
        sides.ins,
        (transfers.src[rows], transfers.item[rows]),
        (transfers.departed[rows], -options.dwell_max - projection.slack, -options.dwell_min),
    )
    return sides.asking[joined(*spans)]


def further_before(projection: Projection, further: Further, at: Ints, entered: Ints) -> list[Ints]:
    """Positions of what one of `at` may follow in disguise or, of `entered`, for another party."""
    from diversion.routes.arcs import joined as pairs

    assert projection.position is not None
    disguised = projection.position[further.into[np.isin(further.onto, projection.rows[at])]]
    sides, transfers, options = projection.base.sides, projection.transfers, projection.options
    assert sides is not None
    rows, order = projection.rows[entered], np.argsort(further.other, kind="stable")
    which, place = pairs(further.other[order].astype(np.int32), transfers.src[rows])
    rows, party = rows[place], further.party[order][which]
    days = transfers.departed[rows], -options.dwell_max - projection.slack, -options.dwell_min
    stood_for = joined(*sought(sides, sides.ins, (party, transfers.item[rows]), days))
    return [disguised[disguised >= 0], sides.asking[stood_for]]


def sought(
    sides: Sides, keys: Counts, who: tuple[Ints, Ints], days: tuple[Ints | Longs, int, int]
) -> tuple[Longs, Longs]:
    """Begin and end, among sorted keys, of days `[day + low, day + high]` of each party with its goods."""
    group, known = _groups(sides, *who)
    day, low, high = days
    since, ends = day.astype(np.int64) - sides.base, 1 << sides.width
    first, after = (
        np.where(known, np.clip(since + step, 0, ends), 0).astype(np.uint64) for step in (low, high + 1)
    )
    return np.searchsorted(keys, group + first), np.searchsorted(keys, group + after)


def _groups(sides: Sides, party: Ints, item: Ints) -> tuple[Counts, Flags]:
    """The packed group of each party with its goods, and whether there is one; nought where not."""
    label, code = sides.key.label[party].astype(np.int64), sides.key.code[item].astype(np.int64)
    known = (label >= 0) & (code >= 0)
    group = np.where(known, (label * sides.key.codes + code) << sides.width, 0)
    return group.astype(np.uint64), known


def standing(projection: Projection, relation: Relation, at: Ints) -> Ints | None:
    """Where in the order of a relation these positions stand, ascending; None if it has no order.

    One binary search each by (group, day, row), which is how the departures were sorted.
    """
    sides, transfers, order = relation.sides, projection.transfers, relation.order
    if sides is None or order is None:
        return None
    rows = projection.rows[at]
    src, item = transfers.src[rows], transfers.item[rows]
    group, known = _groups(sides, src, item)
    if sides.key.members is not None:
        known &= sides.key.members[src]
    key = group + (transfers.departed[rows].astype(np.int64) - sides.base).astype(np.uint64)
    found = _by_row(sides.outs, (order, projection.rows), key[known], rows[known])
    return np.sort(found)


@compiled
def _by_row(outs: Counts, order: Any, keys: Counts, rows: Ints) -> Any:
    after, numbers = order
    found = np.empty(keys.size, np.dtype("i4"))
    for i in range(keys.size):
        low, high = 0, outs.size
        while low < high:
            middle = (low + high) >> 1
            if outs[middle] < keys[i] or (outs[middle] == keys[i] and numbers[after[middle]] < rows[i]):
                low = middle + 1
            else:
                high = middle
        found[i] = low
    return found


def joined(begin: Longs, end: Longs) -> Longs:
    """Every index in one of the spans once, span by span in the order of where they begin."""
    order = np.argsort(begin, kind="stable")
    found: Longs = _union(begin[order], end[order])
    return found


@compiled
def _union(begin: Longs, end: Longs) -> Any:
    size, reached = 0, np.int64(0)
    for i in range(begin.size):
        size += max(end[i] - max(begin[i], reached), 0)
        reached = max(reached, end[i])
    found, place, reached = np.empty(size, np.dtype("i8")), 0, np.int64(0)
    for i in range(begin.size):
        for index in range(max(begin[i], reached), end[i]):
            found[place] = index
            place += 1
        reached = max(reached, end[i])
    return found
