"""Transfers in the order of a group and a day: what one group did between two days is a slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calendar:
    """`order` sorts the transfers by group, day and index; `keys` are group and day in one number, sorted."""

    order: Longs
    keys: Longs
    origin: int
    span: int

    @classmethod
    def of(cls, groups: Longs, days: npt.NDArray[np.int32]) -> Calendar:
        """Sort once: n log n, 16 bytes a transfer kept. Groups are numbers ≥ 0 below 2^43.

        >>> calendar = Calendar.of(np.array([7, 3, 7]), np.array([20, 5, 10], np.int32))
        >>> calendar.order[slice(*calendar.slice(7, 0, 15))]
        array([2])
        """
        origin = int(days.min()) - 1 if len(days) else 0
        span = int(days.max()) - origin + 2 if len(days) else 1
        keys = groups.astype(np.int64) * span
        keys += days
        keys -= origin
        order = np.argsort(keys, kind="stable")
        return cls(order, keys[order], origin, span)

    @property
    def groups(self) -> Longs:
        """The group of each place of `order`."""
        return self.keys // self.span

    @property
    def days(self) -> Longs:
        """The day of each place of `order`."""
        return self.keys % self.span + self.origin

    def begin(self, groups: Longs, days: Longs) -> Longs:
        """The first place of each group on or after each day."""
        found: Longs = np.searchsorted(self.keys, groups * self.span + self._place(days))
        return found

    def end(self, groups: Longs, days: Longs) -> Longs:
        """The place behind the last of each group on or before each day."""
        found: Longs = np.searchsorted(self.keys, groups * self.span + self._place(days), side="right")
        return found

    def slice(self, group: int, first: int, last: int) -> tuple[int, int]:
        """The places of one group from `first` to `last`, both days included."""
        groups = np.array([group], np.int64)
        low = self.begin(groups, np.array([first], np.int64))
        high = self.end(groups, np.array([last], np.int64))
        return int(low[0]), max(int(low[0]), int(high[0]))

    def members(self, group: int, first: int, last: int) -> Longs:
        """The transfers of one group from `first` to `last`, both days included, in order of day."""
        return self.order[slice(*self.slice(group, first, last))]

    def range(self, first: int, last: int) -> Longs:
        """The transfers of the groups from `first` to before `last`."""
        low, high = np.searchsorted(self.keys, [first * self.span, last * self.span])
        return self.order[low:high]

    def running(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sums before each place of `order`, one more than there are transfers."""
        kind = np.int64 if np.issubdtype(values.dtype, np.integer) or values.dtype == bool else np.float64
        sums = np.zeros(len(self.order) + 1, kind)
        np.cumsum(values[self.order], out=sums[1:])
        return sums

    def _place(self, days: Longs) -> Longs:
        # Day 0 and day span - 1 of a group are kept free, so that no query reaches its neighbours.
        return np.clip(days - self.origin, 0, self.span - 1)
