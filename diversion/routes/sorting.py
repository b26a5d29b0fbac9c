"""Sorting of packed integer keys, and loops shared out over threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from diversion.routes import radix
from diversion.routes.radix import Counts
from diversion.routes.transfers import Ints

R = TypeVar("R")
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


def gathered(calls: list[Callable[[], R]]) -> list[R]:
    """Results of calls that run side by side."""
    return [call() for call in calls] if len(calls) < 2 else list(_pool().map(lambda call: call(), calls))


def taken(values: npt.NDArray[Any], at: Ints) -> npt.NDArray[Any]:
    """`values[at]`, on all cores."""
    result = np.empty(len(at), values.dtype)
    spread(radix.take, len(at), at, values, result)
    return result


def sort(keys: Counts, values: Ints, bits: int) -> tuple[Counts, Ints]:
    """Keys below 2^bits in ascending order, with their values (≥ 0); equal keys keep their order.

    A least-significant-digit radix sort (Knuth, TAOCP 5.2.5) with a histogram a thread: linear in the
    rows, with ceil(bits / 11) passes; needs as much memory again as its input, which it overwrites. Where
    key and value fit into 64 bits together, they move as one.

    >>> sort(np.array([3, 1, 3], "u8"), np.array([0, 1, 2], "i4"), 2)[1].tolist()
    [1, 0, 2]
    """
    low = int(values.max(initial=0)).bit_length()
    if bits + low > 64:
        keys, values = _passes((keys, values), bits, 0, radix.distribute)
        return keys, values
    spread(radix.join, len(keys), keys, values, low)
    (keys,) = _passes((keys,), bits, low, radix.distribute_joined)
    spread(radix.split, len(keys), keys, values, low)
    return keys, values


def _passes(columns: tuple[Any, ...], bits: int, low: int, move: Callable[..., None]) -> tuple[Any, ...]:
    passes = -(-bits // DIGIT)
    digit = -(-bits // passes) if passes else 0
    spare = tuple(np.empty_like(column) for column in columns)
    for turn in range(passes):
        _one_pass(move, low + turn * digit, 1 << digit, (*columns, *spare))
        columns, spare = spare, columns
    return columns


def _one_pass(move: Callable[..., None], shift: int, size: int, pair: tuple[Any, ...]) -> None:
    pieces = parts(len(pair[0]))
    counts = np.zeros((len(pieces), size), np.int64)
    share([(radix.histogram, a, b, pair[0], shift, counts[i]) for i, (a, b) in enumerate(pieces)])
    flat = counts.T.ravel()
    places = np.ascontiguousarray((np.cumsum(flat) - flat).reshape(size, -1).T)
    share([(move, a, b, shift, places[i], pair) for i, (a, b) in enumerate(pieces)])
