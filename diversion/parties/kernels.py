"""The inner loop of the search for look-alike names, compiled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@njit(cache=True)
def nearest(
    start: Ints,
    code: Ints,
    posted: Ints,
    rows: npt.NDArray[np.int32],
    weight: Floats,
    norm: Floats,
    most: int,
    least: float,
) -> tuple[Ints, Floats, Ints]:
    """Of each query (its codes stand in `code` between two of `start`) the `most` rows of highest cosine.

    Rows and cosines in no order, and how many there are. Among equal cosines the lower row wins.
    """
    queries = len(start) - 1
    found = np.zeros((queries, most), np.int64)
    cosines = np.zeros((queries, most))
    counts = np.zeros(queries, np.int64)
    gained = np.zeros(len(norm), np.float64)
    touched = np.zeros(len(norm), np.int64)
    for query in range(queries):
        total = 0.0
        count = 0
        for place in range(start[query], start[query + 1]):
            one = code[place]
            gain = weight[one] ** 2
            total += gain
            for at in range(posted[one], posted[one + 1]):
                row = rows[at]
                if gained[row] == 0.0:
                    touched[count] = row
                    count += 1
                gained[row] += gain
        length = np.sqrt(total)
        kept = 0
        worst = 0
        for at in range(count):
            row = touched[at]
            cosine = gained[row] / (norm[row] * length)
            gained[row] = 0.0
            if cosine <= least:
                continue
            if kept < most:
                found[query, kept], cosines[query, kept] = row, cosine
                kept += 1
            elif cosine > cosines[query, worst] or (
                cosine == cosines[query, worst] and row < found[query, worst]
            ):
                found[query, worst], cosines[query, worst] = row, cosine
            else:
                continue
            if kept == most:
                worst = 0
                for other in range(1, most):
                    if cosines[query, other] < cosines[query, worst] or (
                        cosines[query, other] == cosines[query, worst]
                        and found[query, other] > found[query, worst]
                    ):
                        worst = other
        counts[query] = kept
    return found, cosines, counts
