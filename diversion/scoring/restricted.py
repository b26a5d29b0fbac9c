"""Which transfer meets which restriction on its day: intervals of parties joined to transfers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.scoring.calendar import Floats, Longs
from diversion.scoring.days import OPEN_FROM, OPEN_UNTIL, numbers

Ints = npt.NDArray[np.int32]
NONE = np.int32(-1)


@dataclass(frozen=True)
class Spans:
    """Facts of parties that hold from a day until a day; `row` numbers the fact, `rank` is its importance.

    Sorted by party, then rank from the highest, then row.
    """

    party: Ints
    begin: Ints
    until: Ints
    rank: Floats
    row: Ints

    @classmethod
    def of(cls, party: Ints, begin: Ints, until: Ints, rank: Floats) -> Spans:
        """Sort rows whose party is one of the transfers' (not −1)."""
        row = np.flatnonzero(party >= 0).astype(np.int32)
        row = row[np.lexsort((row, -rank[row], party[row]))]
        return cls(party[row], begin[row], until[row], rank[row], row)

    def meet(self, parties: Ints, days: Ints) -> Ints:
        """The row of highest rank that holds for each party on each day, −1 where none does.

        Linear in the transfers, and in the rows of the parties that have any.
        """
        found = np.full(len(parties), NONE, np.int32)
        if not len(self.party):
            return found
        size = int(max(parties.max(initial=0), self.party.max())) + 1
        count = np.bincount(self.party, minlength=size)
        first = np.cumsum(count) - count
        hit = np.flatnonzero(count[parties] > 0)
        hit = hit[parties[hit] >= 0]
        for step in range(int(count.max())):
            hit = hit[(found[hit] == NONE) & (count[parties[hit]] > step)]
            if not len(hit):
                break
            place = first[parties[hit]] + step
            holds = (self.begin[place] <= days[hit]) & (days[hit] < self.until[place])
            found[hit[holds]] = self.row[place[holds]]
        return found


def places(ids: npt.NDArray[Any], wanted: Any) -> Ints:
    """The place of each wanted id among `ids`, −1 where it is not among them."""
    found: Ints = pd.Index(ids).get_indexer(pd.Index(wanted)).astype(np.int32)
    return found


def interval(frame: pd.DataFrame) -> tuple[Ints, Ints]:
    """The columns `from` and `until` as days; open where empty."""
    return numbers(frame["from"], OPEN_FROM), numbers(frame["until"], OPEN_UNTIL)


def gather_pairs(left: pd.DataFrame, right: pd.DataFrame, key: str) -> tuple[Longs, Longs]:
    """Row numbers of two frames whose `key` agrees."""
    a = pd.DataFrame({key: left[key].to_numpy(), "a": np.arange(len(left))})
    b = pd.DataFrame({key: right[key].to_numpy(), "b": np.arange(len(right))})
    both = a.merge(b, on=key).sort_values(["a", "b"])
    return both["a"].to_numpy(), both["b"].to_numpy()
