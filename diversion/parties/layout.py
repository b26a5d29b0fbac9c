"""Holdings laid out for the ownership rules: textual ids as numbers, once for all rules.

A million rows take about a second, most of it for the ids; what a rule counts of them, a tenth of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from diversion.parties.shares import OPEN, Floats, Holdings, Ints, day_numbers
from diversion.policy.model import COUNTS, FIRST_DAY, LAST_DAY, Nature

Flags = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


def in_order(*ids: pd.Series) -> Objects:
    """Every id of the columns once, in the order of their code points."""
    told = pa.chunked_array([_texts(column) for column in ids], type=pa.large_string())
    known = pc.unique(told).drop_null()
    found: Objects = known.take(pc.array_sort_indices(known)).to_numpy(zero_copy_only=False)
    return found


def _texts(ids: pd.Series) -> pa.Array:
    found = pa.array(ids, type=pa.large_string(), from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


@dataclass(frozen=True)
class Layout:
    """A frame (owner, owned, share_min, share_max, kind, from, until) and the parties that number its ids.

    A share known on one side only is open on the other, and one that does not reach a bound (`above_min`,
    `below_max`) keeps from it by `OPEN`. Rows of kind `control` have no share and `by`, how it is held.
    """

    frame: pd.DataFrame
    parties: Objects

    def holdings(
        self, *, control: bool = False, by: str = "", own: bool = False, natures: tuple[Nature, ...] = ()
    ) -> Holdings:
        """What counts.

        Left out are stakes that other records tell link by link (`told_by`), those that end before they
        begin, of a party in itself unless `own`, which can never be what restricts it, and control unless
        `control` and its sort fits the pattern `by`. The first of the `natures` that fits what is stated
        of a row (`by` of control, `reason` of a stake) comes before all that.
        """
        nature = self._natures(natures)
        least = nature == COUNTS.index("least")
        open_ = (nature == COUNTS.index("open")) | (least & self._controls)
        ours = (self._fits(by) if control else False) | open_
        counted = np.where(self._controls, ours, ~self._told) & (nature != COUNTS.index("none"))
        low, high = np.where(open_, 0.0, self._low), np.where(least, 100.0, self._high)
        votes = self._votes & ~(open_ & self._controls)
        others = own | (self._owner != self._owned)
        known = (self._owner >= 0) & (self._owned >= 0)
        keep = np.flatnonzero(known & others & counted & (self._begin < self._end))
        return Holdings(
            parties=self.parties,
            owner=self._owner[keep],
            owned=self._owned[keep],
            low=low[keep],
            high=high[keep],
            begin=self._begin[keep],
            end=self._end[keep],
            votes=votes[keep],
            row=keep.astype(np.int64),
        )

    @cached_property
    def _numbers(self) -> pa.Array:
        return pa.array(self.parties, type=pa.large_string())

    def _numbered(self, column: str) -> Ints:
        places = pc.index_in(_texts(self.frame[column]), value_set=self._numbers)
        return np.asarray(places.fill_null(-1), dtype=np.int64)

    @cached_property
    def _owner(self) -> Ints:
        return self._numbered("owner")

    @cached_property
    def _owned(self) -> Ints:
        return self._numbered("owned")

    @cached_property
    def _begin(self) -> Ints:
        return day_numbers(self.frame["from"], FIRST_DAY)

    @cached_property
    def _end(self) -> Ints:
        return day_numbers(self.frame["until"], LAST_DAY)

    @cached_property
    def _controls(self) -> Flags:
        return (self.frame["kind"] == "control").to_numpy(dtype=bool)

    @cached_property
    def _votes(self) -> Flags:
        return self._controls | (self.frame["kind"] == "votes").to_numpy(dtype=bool)

    @cached_property
    def _low(self) -> Floats:
        return np.nan_to_num(np.clip(self._bound("share_min", "above_min", OPEN), 0, 100), nan=0.0)

    @cached_property
    def _high(self) -> Floats:
        return np.nan_to_num(np.clip(self._bound("share_max", "below_max", -OPEN), 0, 100), nan=100.0)

    def _bound(self, name: str, excluded: str, step: float) -> Floats:
        """A bound of each share, moved inwards where the share does not reach it; control is all of it."""
        bound = self.frame[name].to_numpy(dtype=float, na_value=np.nan)
        if excluded in self.frame:
            open_ = pa.array(self.frame[excluded], type=pa.bool_(), from_pandas=True).fill_null(False)
            bound = bound + step * np.asarray(open_)
        return np.where(self._controls, 100.0, bound)

    @cached_property
    def _told(self) -> Flags:
        """Which stakes other records tell link by link."""
        told = np.zeros(len(self.frame), bool)
        if "told_by" in self.frame:
            stated = np.flatnonzero(self.frame["told_by"].notna())
            told[stated] = (self.frame["told_by"].iloc[stated].str.len() > 0).to_numpy(dtype=bool)
        return told

    def _natures(self, natures: tuple[Nature, ...]) -> Ints:
        """How each row counts by the first nature that fits it, a place in `COUNTS`, −1 where none does."""
        found = np.full(len(self.frame), -1, np.int64)
        rows, words, texts = self._stated
        counts = np.full(len(texts), -1, np.int64)
        for at, text in enumerate(texts):
            fits = (COUNTS.index(one.counts) for one in natures if one.fits(text))
            counts[at] = next(fits, -1)
        found[rows] = counts[words]
        return found

    @cached_property
    def _stated(self) -> tuple[Ints, Ints, list[str]]:
        """Rows in which a source says how something is held, and what, as a place among the texts."""
        empty = pd.Series([None] * len(self.frame), dtype=object)
        by, reason = (self.frame.get(name, empty).astype(object) for name in ("by", "reason"))
        told = reason.where(~self._controls, by)
        rows = np.flatnonzero(told.notna())
        words, texts = pd.factorize(told.iloc[rows])
        return rows, words.astype(np.int64), [str(text) for text in texts]

    def _fits(self, by: str) -> Flags:
        """Which rows state control of a sort that the pattern fits."""
        if "by" not in self.frame or not by:
            return np.ones(len(self.frame), bool)
        rows = np.flatnonzero(self._controls)
        fits = np.zeros(len(self.frame), bool)
        stated = self.frame["by"].iloc[rows].fillna("").astype(str)
        fits[rows] = stated.str.contains(by, case=False, regex=True).to_numpy(dtype=bool)
        return fits


def holdings_of(
    frame: pd.DataFrame, parties: Objects, *, control: bool = False, by: str = "", own: bool = False
) -> Holdings:
    """The frame as columns; see `Layout`."""
    return Layout(frame, parties).holdings(control=control, by=by, own=own)
