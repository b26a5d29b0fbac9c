"""The inner loop of the search for look-alike names, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@njit(cache=True)
def _kept(row: int, cosine: float, found: Ints, cosines: Floats, place: int) -> int:
    """Put a row in its place among those kept, the worst last, and give the new number of them."""
    most = len(found)
    if place == most:
        if cosine < cosines[most - 1] or (cosine == cosines[most - 1] and row > found[most - 1]):
            return place
        place -= 1
    while place > 0 and (
        cosines[place - 1] < cosine or (cosines[place - 1] == cosine and found[place - 1] > row)
    ):
        found[place], cosines[place] = found[place - 1], cosines[place - 1]
        place -= 1
    found[place], cosines[place] = row, cosine
    return -1


@njit(cache=True)
def nearest(queries: Any, postings: Any, most: int, least: float, within: float) -> tuple[Ints, Floats, Ints]:
    """Of each query the `most` rows of highest cosine, best first, ties by row, and how many there are.

    `queries` is (start, code): the codes of a query stand in `code` between two of `start`; `postings` is
    (start, rows, weight, norm) of the index. A row of a lower cosine than `least` is kept where it holds the
    share `within` of the query, or is held by it.
    """
    start, code = queries
    posted, rows, weight, norm = postings
    count = len(start) - 1
    found = np.zeros((count, most), np.int64)
    cosines = np.zeros((count, most))
    counts = np.zeros(count, np.int64)
    gained = np.zeros(len(norm), np.float64)
    touched = np.zeros(len(norm), np.int64)
    for query in range(count):
        total = 0.0
        seen = 0
        for one in code[start[query] : start[query + 1]]:
            gain = weight[one] ** 2
            total += gain
            for row in rows[posted[one] : posted[one + 1]]:
                if gained[row] == 0.0:
                    touched[seen] = row
                    seen += 1
                gained[row] += gain
        length = np.sqrt(total)
        for row in touched[:seen]:
            cosine = gained[row] / (norm[row] * length)
            held = gained[row] >= within * min(total, norm[row] ** 2)
            gained[row] = 0.0
            if cosine > least or held:
                added = _kept(row, cosine, found[query], cosines[query], counts[query])
                counts[query] += added == -1 and counts[query] < most
    return found, cosines, counts
