"""Very many names at once: the same questions to the same lists, spread over the processors."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
MANY, CHUNK = 4000, 1000
_work: Callable[[Sequence[object]], list[object]] | None = None


def spread(work: Callable[[Sequence[T]], list[R]], items: Sequence[T]) -> list[R]:
    """`work` over the items in chunks, the results in the order of the items, whatever the number of processes.

    Few items, one processor, or a system that cannot fork: all in this process. `work` answers each item by
    itself, so that chunks change nothing.
    """
    able = "fork" in multiprocessing.get_all_start_methods()
    workers = min(_processors(), 1 + len(items) // CHUNK)
    if len(items) < MANY or workers < 2 or not able:
        return work(items)
    global _work
    _work = work  # type: ignore[assignment]
    try:
        chunks = [items[begin : begin + CHUNK] for begin in range(0, len(items), CHUNK)]
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            told = pool.map(_one, chunks, chunksize=1)
    finally:
        _work = None
    return [one for part in told for one in part]  # type: ignore[misc]


def _one(chunk: Sequence[object]) -> list[object]:
    assert _work is not None
    return _work(chunk)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
