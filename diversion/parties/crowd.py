"""Very many names at once: the same questions to the same lists, spread over the processors."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
MANY, CHUNK = 4000, 1000
_inherited: list[Callable[[Any], Any]] = []
"""What forked processes are to do: they inherit it, lists and all, without a copy."""


def spread(work: Callable[[Sequence[T]], list[R]], items: Sequence[T]) -> list[R]:
    """`work` over the items in chunks, the results in the order of the items.

    Few items, one processor, or a system that cannot fork: all in this process. `work` answers each item by
    itself, so that chunks and processes change nothing.
    """
    able = "fork" in multiprocessing.get_all_start_methods()
    workers = min(_processors(), 1 + len(items) // CHUNK)
    if len(items) < MANY or workers < 2 or not able:
        return work(items)
    _inherited.append(work)
    try:
        chunks = [items[begin : begin + CHUNK] for begin in range(0, len(items), CHUNK)]
        gc.freeze()  # the lists are not looked through again and again, nor copied, by the processes
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            told = pool.map(_one, chunks, chunksize=1)
    finally:
        gc.unfreeze()
        _inherited.pop()
    return [one for part in told for one in part]


def _one(chunk: Sequence[T]) -> Any:
    return _inherited[-1](chunk)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
