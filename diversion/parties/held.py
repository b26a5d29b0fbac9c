"""Values that rows hold, and which of them two rows have in common, for very many pairs at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from diversion.parties.unions import Index, distinct


class Held:
    """Of each of `size` rows the values that it holds, as numbers from 0 to `count`, each once.

    >>> held = Held(pd.Series([0, 0, 1]), pd.Series(["x", "y", "y"]), 2)
    >>> [found.tolist() for found in held.both(np.array([0]), np.array([1]))], held.rows_of.tolist()
    ([[0], [1]], [1, 2])
    """

    def __init__(self, rows: pd.Series, values: pd.Series, size: int) -> None:
        codes, found = pd.factorize(values)
        self.values, self.count = pd.Index(found), max(1, len(found))
        packed = rows.to_numpy(np.int64)[codes >= 0] * self.count + codes[codes >= 0]
        self._packed: Index = distinct(packed)
        self._code: Index = self._packed % self.count
        self._start = np.searchsorted(self._packed // self.count, np.arange(size + 1))
        self.rows_of: Index = np.bincount(self._code, minlength=len(found))

    def of(self, rows: Index) -> tuple[Index, Index]:
        """(place in `rows`, value) of everything that they hold."""
        begin, end = self._start[rows], self._start[rows + 1]
        size = end - begin
        place = np.repeat(np.arange(len(rows)), size)
        first = np.repeat(begin - (np.cumsum(size) - size), size)
        return place, self._code[first + np.arange(len(place))]

    def some(self, rows: Index) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which of the rows hold anything."""
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = self._start[rows + 1] > self._start[rows]
        return found

    def both(self, left: Index, right: Index) -> tuple[Index, Index]:
        """(place of the pair, value) of everything that both rows of a pair hold."""
        if not len(self._packed):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        place, code = self.of(left)
        wanted = right[place] * self.count + code
        at = np.minimum(np.searchsorted(self._packed, wanted), len(self._packed) - 1)
        there = self._packed[at] == wanted
        return place[there], code[there]

    def each(self, left: Index, right: Index) -> tuple[Index, Index, Index]:
        """(place of the pair, value of the left, value of the right) of every two values of a pair."""
        place, one = self.of(left)
        again, other = self.of(right[place])
        return place[again], one[again], other
