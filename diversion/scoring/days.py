"""Days as the engine counts them: whole days since 1970-01-01, open ends as the first and last number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
EPOCH = date(1970, 1, 1)
OPEN_FROM = -(2**31)
OPEN_UNTIL = 2**31 - 1
NEVER = OPEN_UNTIL
"""Stands for the first day of what has not happened."""


def number(day: object, missing: int) -> int:
    """A date or a number of days as days; `missing` where it is neither.

    >>> number(date(1970, 1, 3), 0), number(None, -5)
    (2, -5)
    """
    if isinstance(day, date) and day == day:  # noqa: PLR0124 - a missing date of pandas differs from itself
        return date(day.year, day.month, day.day).toordinal() - EPOCH.toordinal()
    return int(day) if isinstance(day, int | np.integer) else missing


def numbers(days: Iterable[object], missing: int) -> Ints:
    """Each day as `number`."""
    return np.fromiter((missing if day is None else number(day, missing) for day in days), np.int32)
