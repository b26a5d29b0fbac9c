"""Sorting of packed integer keys, and loops shared out over threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes import kernels
from diversion.routes.kernels import Counts
from diversion.routes.transfers import Ints

DIGIT = 11
WORTH_SHARING = 100_000


@cache
def threads() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="routes")


def parts(size: int) -> list[tuple[int, int]]:
    """`size` rows cut into one part a thread, or left whole where sharing costs more than it saves."""
    count = threads() if size >= WORTH_SHARING else 1
    cuts = [size * i // count for i in range(count + 1)]
    return list(pairwise(cuts))


def spread(kernel: Callable[..., Any], size: int, *arguments: Any) -> None:
    """Run `kernel(begin, end, *arguments)` over all rows, one part a thread."""
    share([(kernel, begin, end, *arguments) for begin, end in parts(size)])


def share(calls: list[tuple[Any, ...]]) -> None:
    """Run calls `(function, *arguments)` side by side and wait for all."""
    if len(calls) == 1:
        calls[0][0](*calls[0][1:])
        return
    for done in [_pool().submit(*call) for call in calls]:
        done.result()


def sort(keys: Counts, values: Ints, bits: int) -> tuple[Counts, Ints]:
    """Keys below 2^bits in ascending order, with their values; equal keys keep their order.

    A least-significant-digit radix sort (Knuth, TAOCP 5.2.5) with a histogram a thread: linear in the
    rows, with ceil(bits / 11) passes; needs as much memory again as its input, which it overwrites.

    >>> sort(np.array([3, 1, 3], "u8"), np.array([0, 1, 2], "i4"), 2)[1].tolist()
    [1, 0, 2]
    """
    passes = -(-bits // DIGIT)
    digit = -(-bits // passes) if passes else 0
    spare = np.empty_like(keys), np.empty_like(values)
    for turn in range(passes):
        _one_pass(turn * digit, 1 << digit, (keys, values, *spare))
        (keys, values), spare = spare, (keys, values)
    return keys, values


def _one_pass(shift: int, radix: int, pair: tuple[npt.NDArray[Any], ...]) -> None:
    pieces = parts(len(pair[0]))
    counts = np.zeros((len(pieces), radix), np.int64)
    share([(kernels.histogram, a, b, pair[0], shift, counts[i]) for i, (a, b) in enumerate(pieces)])
    flat = counts.T.ravel()
    places = np.ascontiguousarray((np.cumsum(flat) - flat).reshape(radix, -1).T)
    share([(kernels.distribute, a, b, shift, places[i], pair) for i, (a, b) in enumerate(pieces)])
