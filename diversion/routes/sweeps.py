"""One step backward or forward over all continuations at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes import kernels
from diversion.routes.ranges import Projection, Relation
from diversion.routes.sorting import spread
from diversion.routes.transfers import Flags

Values = npt.NDArray[Any]
Steps = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Sweep:
    """Sums over what may follow a transfer, or over what it may follow.

    `exact` works in unsigned 64-bit integers, whose prefix differences are right modulo 2^64; otherwise
    in floating point, where a range is summed without subtraction. `free` marks the transfers that a jump
    may enter (None: all). A union of relations is counted by inclusion and exclusion, which costs at most
    one bit of a floating-point sum, because the union is at least half of what is added.
    """

    projection: Projection
    free: Flags | None
    exact: bool = True

    def backward(self, values: Values) -> Values:
        """For each transfer the sum of `values` over the transfers that may follow it. Linear."""
        base, grouped = self.projection.base, self.projection.grouped
        result = self._zeros()
        self._gather(base, values, result)
        if grouped is None or not grouped.any():
            return result
        union = self._zeros()
        inside = values
        if self.free is not None:
            inside = np.where(self.free, values, values.dtype.type(0))
            self._gather(base, values - inside, union)
        for relation, sign in self.projection.jumps:
            self._gather(relation, inside if sign > 0 else -inside, union)
        return np.where(grouped, union, result)

    def advance(self, distance: Steps, goes_on: Flags, step: int, far: int) -> bool:
        """Give the distance `step` to all at `far` that go on by what has the distance `step − 1`.

        Says whether there were any of that distance. Linear, and quicker than counting.
        """
        marked = distance == step - 1
        if not marked.any():
            return False
        entered = marked if self.free is None else marked & self.free
        relations = [
            (self.projection.base, marked),
            *((r, entered) for r, s in self.projection.jumps if s > 0),
        ]
        for relation, marks in relations:
            bitmap = _bitmap(relation.arrange(marks))
            bounds, steps = (relation.lo, relation.hi), (np.int8(step), np.int8(far))
            spread(kernels.advance, len(distance), bitmap, bounds, (distance, goes_on), steps)
        return True

    def forward(self, values: Values) -> Values:
        """For each transfer the sum of `values` over the transfers that it may follow. Linear."""
        strict, jumped = self.forward_parts(values)
        return strict if jumped is None else strict + jumped

    def forward_parts(self, values: Values) -> tuple[Values, Values | None]:
        """The same, set apart by whether the goods stayed with the party or jumped to another."""
        base, grouped = self.projection.base, self.projection.grouped
        strict = self._scatter(base, values)
        if grouped is None or not grouped.any():
            return strict, None
        inside = np.where(grouped, values, values.dtype.type(0))
        union = self._zeros()
        for relation, sign in self.projection.jumps:
            union += self._scatter(relation, inside if sign > 0 else -inside)
        jumped = self._less(union, self._scatter(base, inside))
        return strict, jumped if self.free is None else np.where(self.free, jumped, jumped.dtype.type(0))

    def _less(self, union: Values, strict: Values) -> Values:
        if self.exact:
            return np.asarray(union - strict)
        rest = union - strict
        # What is lost in rounding must not appear as a walk.
        return np.where(rest > union * 1e-9, rest, 0.0)

    def _zeros(self) -> Values:
        return np.zeros(len(self.projection), np.uint64 if self.exact else np.float64)

    def _gather(self, relation: Relation, values: Values, result: Values) -> None:
        arranged = relation.arrange(values)
        if self.exact:
            prefix = np.zeros(len(arranged) + 1, np.uint64)
            np.cumsum(arranged, out=prefix[1:])
            spread(kernels.add_differences, len(result), prefix, relation.lo, relation.hi, result)
        else:
            sums = (np.ascontiguousarray(arranged), _tree(len(arranged)))
            kernels.sum_tree(*sums)
            spread(kernels.add_sums, len(result), sums, relation.lo, relation.hi, result)

    def _scatter(self, relation: Relation, values: Values) -> Values:
        size = len(relation)
        if self.exact:
            steps = np.zeros(size + 1, np.uint64)
            kernels.spread_counts(values, relation.lo, relation.hi, steps)
            received: Values = np.cumsum(steps)[:-1]
        else:
            received = np.zeros(size, np.float64)
            kernels.spread_sums(values, relation.lo, relation.hi, _tree(size), received)
        if relation.order is None:
            return received
        result = self._zeros()
        result[relation.order] = received
        return result


def _tree(size: int) -> Values:
    return np.zeros(2 * max(-(-size // kernels.BLOCK), 1), np.float64)


def _bitmap(marks: Values) -> tuple[Values, Values]:
    """Marks as bits of 64-bit words, and how many stand before each word."""
    padded = np.zeros(-(-len(marks) // 64) * 8, np.uint8)
    padded[: -(-len(marks) // 8)] = np.packbits(marks, bitorder="little")
    words = padded.view("<u8").astype(np.uint64)
    before = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.bitwise_count(words), out=before[1:])
    return words, before
