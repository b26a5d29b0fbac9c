"""Ranks, classes and places of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes.links import Longs
from diversion.routes.transfers import Ints


def ranks(*columns: npt.NDArray[Any]) -> Longs:
    """Rank of each row of the columns, the first deciding first; equal rows have equal ranks."""
    order = np.lexsort(columns[::-1])
    new = np.zeros(len(order), np.int64)
    for column in columns:
        new[1:] |= column[order][1:] != column[order][:-1]
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.cumsum(new)
    return ranks


def find(states: tuple[Longs, Longs], wanted: tuple[Longs, Longs]) -> Longs:
    """Index of each (place, day) among `states`, which are in order and hold all of them."""
    base = int(states[1].min(initial=0))
    width = int(states[1].max(initial=0)) - base + 1
    keys, asked = (place * width + (day - base) for place, day in (states, wanted))
    return np.searchsorted(keys, asked)


def alike(columns: tuple[npt.NDArray[Any], ...]) -> tuple[Longs, Longs]:
    """The first place of each class of equal rows, ascending by class, and the class of each row.

    >>> first, which = alike((np.array([7, 5, 7]), np.array([1, 1, 1])))
    >>> first.tolist(), which.tolist()
    ([1, 0], [1, 0, 1])
    """
    order = np.lexsort(columns[::-1])
    new = np.zeros(len(order), bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[order][1:] != column[order][:-1]
    which = np.empty(len(order), np.int64)
    which[order] = np.cumsum(new) - 1
    return order[new], which


def inverse(order: Longs) -> Longs:
    """Where each entry stands in an order."""
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


def distinct(at: Ints) -> Ints:
    """Each transfer once, ascending."""
    return np.unique(at).astype(np.int32)
