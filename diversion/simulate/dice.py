"""Numbers by chance that are the same on every machine and with every version of numpy."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Dice:
    """A seeded stream for one concern, so that a change in one concern leaves the others as they were.

    Draws rest on the raw words of numpy's PCG64 alone, whose stream numpy promises to keep (NEP 19; that of
    `Generator`'s methods it does not), and on arithmetic that IEEE 754 rounds exactly: no logarithm, no sine.

    >>> Dice(1, "trade").below(100, 3).tolist() == Dice(1, "trade").below(100, 3).tolist()
    True
    """

    def __init__(self, seed: int, concern: str) -> None:
        word = int.from_bytes(blake2b(concern.encode(), digest_size=8).digest(), "big")
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, word]))

    def unit(self, size: int) -> Floats:
        """`size` numbers of [0, 1)."""
        words = np.asarray(self._bits.random_raw(size), dtype=np.uint64)
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, bound: int | npt.NDArray[Any], size: int) -> Ints:
        """`size` whole numbers of [0, bound); one bound for all or one each, at least 1."""
        return np.floor(self.unit(size) * bound).astype(np.int64)

    def between(self, low: int | Ints, high: int | Ints, size: int) -> Ints:
        """`size` whole numbers of [low, high]."""
        drawn: Ints = low + self.below(np.asarray(high, dtype=np.int64) - low + 1, size)
        return drawn

    def heavy(self, size: int, floor: float = 0.02) -> Floats:
        """`size` heavy-tailed weights: 1/(u + floor), a Pareto tail of index 1 cut at 1/floor."""
        return 1.0 / (self.unit(size) + floor)

    def pick(self, weights: npt.ArrayLike, size: int) -> Ints:
        """`size` indices by whole-number `weights`."""
        steps = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(steps, self.below(int(steps[-1]), size), side="right")

    def shuffled(self, size: int) -> Ints:
        """A permutation of `size`."""
        return np.argsort(self.unit(size), kind="stable")

    def chance(self, share: float, size: int) -> npt.NDArray[np.bool_]:
        """`size` flags, each set with probability `share`."""
        return self.unit(size) < share
