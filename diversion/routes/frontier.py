"""States of the best-first search: sequences of parties and where on them the goods can stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diversion.routes import kernels
from diversion.routes.best import NEVER, Bounds
from diversion.routes.field import Field
from diversion.routes.sorting import sort
from diversion.routes.transfers import Flags, Floats, Ints


@dataclass(frozen=True)
class State:
    """A sequence of parties, the transfers at which it stands, by index, and the best weight up to each.

    `jumped` says whether a party stood in before the last transfer; `before` is the state one hop earlier.
    """

    parties: tuple[int, ...]
    item: int
    at: Ints
    weight: Floats
    jumped: bool
    before: State | None
    hops: int

    def chain(self) -> list[State]:
        """The states from the first hop to this one."""
        earlier = self.before.chain() if self.before else []
        return [*earlier, self]


@dataclass(frozen=True)
class Family:
    """Sibling states, best first, of which each is made when its turn comes.

    `cuts` are where the states of `at` and `weight` begin and end, `closed` their best weight if they end
    here, `bound` that of whatever continues them.
    """

    before: State | None
    at: Ints
    weight: Floats
    cuts: npt.NDArray[np.int64]
    closed: Floats
    bound: Floats
    turn: npt.NDArray[np.int64]

    def best(self, turn: int) -> float:
        """The better of both for the state whose turn it is; −∞ at the end."""
        if turn >= len(self.turn):
            return NEVER
        which = self.turn[turn]
        return float(max(self.closed[which], self.bound[which]))


class Frontier:
    """Makes the first states of a field, and what follows a state."""

    def __init__(self, field: Field, bounds: Bounds) -> None:
        self.field, self.bounds = field, bounds
        transfers, rows = field.projection.transfers, field.projection.rows
        self.src, self.dst, self.item = transfers.src[rows], transfers.dst[rows], transfers.item[rows]
        self.parties = len(transfers.party_ids)
        self.sends = field.through_ends()[0]

    def first(self) -> Family:
        """Every (sender, receiver, goods) with which a route may begin. n log n in the transfers kept."""
        at = np.flatnonzero(self.field.origin).astype(np.int32)
        src, dst, item = (column[at].astype(np.int64) for column in (self.src, self.dst, self.item))
        key = (src * self.parties + dst) * (int(self.item.max(initial=0)) + 1) + item
        bits = int(key.max(initial=0)).bit_length()
        order = sort(key.astype(np.uint64), np.arange(len(at), dtype=np.int32), bits)[1]
        passed = np.full(len(at), self.bounds.passing is None)
        return self._family(None, (at[order], self.bounds.start[at[order]], passed), key[order])

    def child(self, family: Family, turn: int) -> State:
        """The state whose turn it is."""
        which = family.turn[turn]
        part = slice(family.cuts[which], family.cuts[which + 1])
        at, before = family.at[part], family.before
        src, dst = int(self.src[at[0]]), int(self.dst[at[0]])
        if before is None:
            return State((src, dst), int(self.item[at[0]]), at, family.weight[part], False, None, 1)
        jumped = src != before.parties[-1]
        parties = (*before.parties, src, dst) if jumped else (*before.parties, dst)
        return State(parties, before.item, at, family.weight[part], jumped, before, before.hops + 1)

    def expand(self, state: State) -> Family | None:
        """What may follow, grouped by the parties it leads to; None where nothing can.

        Linear, up to a logarithm, in the departures of the last party that the ranges span.
        """
        going = self.field.goes_on[state.at]
        at, weight = state.at[going], state.weight[going]
        best_first = np.argsort(-weight, kind="stable")
        at, weight = at[best_first], weight[best_first]
        found = [pair for pair in self._followers(state, at, weight) if len(pair[0])]
        if not found:
            return None
        at = np.concatenate([next_at for next_at, _ in found])
        weight = np.concatenate([next_weight for _, next_weight in found])
        src = self.src[at].astype(np.int64)
        jump_from = np.where(src == state.parties[-1], 0, src + 1)
        key = (jump_from * self.parties + self.dst[at]).astype(np.int64)
        order = np.lexsort((-weight, at, key))
        at, weight, key = at[order], weight[order], key[order]
        first = np.ones(len(at), bool)
        first[1:] = at[1:] != at[:-1]
        at = at[first]
        return self._family(state, (at, weight[first], self._passed(state, at)), key[first])

    def _followers(self, state: State, at: Ints, weight: Floats) -> Iterator[tuple[Ints, Floats]]:
        for kind in self.bounds.kinds:
            places, by = kernels.paint(at, kind.relation.lo, kind.relation.hi)
            after = places.astype(np.int32) if kind.relation.order is None else kind.relation.order[places]
            yield self._allowed(state, after, weight[by] - kind.penalty, jump=kind.jump)
        if self.field.arcs is not None and self.bounds.costs is not None:
            yield from self._along(state, at, weight)

    def _along(self, state: State, at: Ints, weight: Floats) -> Iterator[tuple[Ints, Floats]]:
        """What arcs lead to, each by the best of them."""
        arcs, costs = self.field.arcs, self.bounds.costs
        assert arcs is not None and costs is not None
        found, place = arcs.of(at)
        reached = weight[place] - costs[found]
        for stood_in in (False, True):
            which = np.flatnonzero((arcs.kind[found] > 0) == stood_in)
            which = which[np.argsort(-reached[which], kind="stable")]
            places, by = kernels.paint(found[which].astype(np.int32), arcs.lo, arcs.hi)
            yield self._allowed(state, places.astype(np.int32), reached[which][by], jump=stood_in)

    def _allowed(self, state: State, after: Ints, weight: Floats, *, jump: bool) -> tuple[Ints, Floats]:
        """Of the transfers that may follow those that lead to an end and to no party twice."""
        left = self.field.hops - state.hops - 1
        keep = self._completion(left, after, self._passed(state, after)) > NEVER
        for party in state.parties:
            keep &= self.dst[after] != party
            if jump:
                keep &= self.src[after] != party
        if jump:
            keep &= self.field.free[after]
        after = after[keep]
        return after, weight[keep] + self.bounds.onward[after]

    def _passed(self, state: State, after: Ints) -> Flags:
        """Which of the transfers that may follow have passed, with it, a party that the question names."""
        through = self.field.through
        if through is None or through[list(state.parties[1:])].any():
            return np.ones(len(after), bool)
        return self.sends[after]

    def _completion(self, left: int, at: Ints, passed: Flags) -> Floats:
        """The best way on within the hops left; it must still pass where nothing has."""
        best = self.bounds.completion[left][at]
        return best if self.bounds.passing is None else np.where(passed, best, self.bounds.passing[left][at])

    def _family(
        self, before: State | None, arrived: tuple[Ints, Floats, Flags], key: npt.NDArray[np.int64]
    ) -> Family:
        at, weight, passed = arrived
        hops = 1 if before is None else before.hops + 1
        changes = np.flatnonzero(key[1:] != key[:-1]) + 1
        cuts = np.array([0, *changes, len(at)], np.int64) if len(at) else np.zeros(1, np.int64)
        ends = np.where(self.field.terminal[at] & passed, weight + self.bounds.end[at], NEVER)
        left = self.field.hops - hops
        onward = np.where(self.field.goes_on[at], weight + self._completion(left, at, passed), NEVER)
        if left == 0:
            onward[:] = NEVER
        closed = np.maximum.reduceat(ends, cuts[:-1]) if len(at) else ends
        bound = np.maximum.reduceat(onward, cuts[:-1]) if len(at) else onward
        turn = np.argsort(-np.maximum(closed, bound), kind="stable")
        return Family(before, at, weight, cuts, closed, bound, turn)
