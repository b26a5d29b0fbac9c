"""Compiled loops over arrays. Each works on the part [begin, end) of them, so that threads share the work.

They run without the interpreter's lock and hold no state; `spread` gives every thread a part of its own,
and none of them yields another result with another number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from diversion.compiled import compiled
from diversion.routes.radix import Counts
from diversion.routes.transfers import Floats, Ints

BLOCK = 32
SHORT = 2 * BLOCK


@compiled
def merge(begin: int, end: int, outs: Counts, arriving: Any, window: Any, bounds: Any) -> None:
    """For each arrival the range of departures from the same group that its window allows.

    Both sides are sorted, so two pointers run through the departures once.
    """
    ins, at = arriving
    width, low, high = window
    lo, hi = bounds
    last = np.int64((np.uint64(1) << width) - np.uint64(1))
    first, after = 0, 0
    for i in range(begin, end):
        day = np.int64(ins[i] & np.uint64(last))
        group = (ins[i] >> width) << width
        earliest = group + np.uint64(min(max(day + low, 0), last + 1))
        latest = group + np.uint64(min(max(day + high + 1, 0), last + 1))
        if i == begin:
            first = np.searchsorted(outs, earliest)
            after = np.searchsorted(outs, latest)
        while first < outs.size and outs[first] < earliest:
            first += 1
        while after < outs.size and outs[after] < latest:
            after += 1
        lo[at[i]] = first
        hi[at[i]] = after


@compiled
def add_differences(begin: int, end: int, prefix: Counts, lo: Ints, hi: Ints, result: Counts) -> None:
    """Add the sum of each range, read off prefix sums; exact modulo 2^64."""
    for i in range(begin, end):
        result[i] += prefix[hi[i]] - prefix[lo[i]]


@compiled
def spread_counts(values: Counts, lo: Ints, hi: Ints, steps: Counts) -> None:
    """Add each value where its range starts, take it away where it ends: slopes of what they receive."""
    for i in range(values.size):
        if values[i] != 0 and lo[i] < hi[i]:
            steps[lo[i]] += values[i]
            steps[hi[i]] -= values[i]


@compiled
def sum_tree(values: Floats, tree: Floats) -> None:
    """Sums of blocks, and sums of those, as a tree laid out bottom up."""
    blocks = tree.size // 2
    for i in range(values.size):
        tree[blocks + i // BLOCK] += values[i]
    for i in range(blocks - 1, 0, -1):
        tree[i] = tree[2 * i] + tree[2 * i + 1]


@compiled
def _tree_sum(tree: Floats, low: int, high: int) -> float:
    """Sum of the blocks [low, high)."""
    total, low, high = 0.0, low + tree.size // 2, high + tree.size // 2
    while low < high:
        if low & 1:
            total += tree[low]
            low += 1
        if high & 1:
            high -= 1
            total += tree[high]
        low, high = low >> 1, high >> 1
    return total


@compiled
def _tree_add(tree: Floats, low: int, high: int, value: float) -> None:
    """Add to the nodes that together are the blocks [low, high)."""
    low, high = low + tree.size // 2, high + tree.size // 2
    while low < high:
        if low & 1:
            tree[low] += value
            low += 1
        if high & 1:
            high -= 1
            tree[high] += value
        low, high = low >> 1, high >> 1


@compiled
def add_sums(begin: int, end: int, sums: Any, lo: Ints, hi: Ints, result: Floats) -> None:
    """Add the sum of each range without ever subtracting."""
    values, tree = sums
    for i in range(begin, end):
        total, left, right = 0.0, lo[i], hi[i]
        low, high = right, right
        if right - left > SHORT:
            low, high = (left + BLOCK - 1) // BLOCK, right // BLOCK
            total = _tree_sum(tree, low, high)
            low, high = low * BLOCK, high * BLOCK
        for j in range(left, low):
            total += values[j]
        for j in range(high, right):
            total += values[j]
        result[i] += total


@compiled
def spread_sums(values: Floats, lo: Ints, hi: Ints, tree: Floats, result: Floats) -> None:
    """Add each value to all of its range without ever subtracting."""
    blocks = tree.size // 2
    for i in range(values.size):
        value, left, right = values[i], lo[i], hi[i]
        low, high = right, right
        if right - left > SHORT:
            low, high = (left + BLOCK - 1) // BLOCK, right // BLOCK
            _tree_add(tree, low, high, value)
            low, high = low * BLOCK, high * BLOCK
        for j in range(left, low):
            result[j] += value
        for j in range(high, right):
            result[j] += value
    for i in range(1, blocks):
        tree[2 * i] += tree[i]
        tree[2 * i + 1] += tree[i]
    for j in range(result.size):
        result[j] += tree[blocks + j // BLOCK]


@compiled
def raise_to_maxima(begin: int, end: int, maxima: Any, bounds: Any, result: Floats) -> None:
    """Raise each result to the maximum of its range less a penalty, by a sparse table over blocks."""
    values, table, less = maxima
    lo, hi = bounds
    for i in range(begin, end):
        left, right = lo[i], hi[i]
        low, high, best = right, right, -np.inf
        if right - left > SHORT:
            low, high = (left + BLOCK - 1) // BLOCK, right // BLOCK
            level = 0
            while (2 << level) <= high - low:
                level += 1
            best = max(table[level, low], table[level, high - (1 << level)])
            low, high = low * BLOCK, high * BLOCK
        for j in range(left, low):
            best = max(best, values[j])
        for j in range(high, right):
            best = max(best, values[j])
        result[i] = max(result[i], best - less)


@compiled
def advance(begin: int, end: int, marks: Any, bounds: Any, distance: Any, step: Any) -> None:
    """Write `step` where the distance is `far`, it goes on, and its range holds a set bit.

    By ranks in a bitmap small enough for the cache.
    """
    words, before = marks
    lo, hi = bounds
    steps, goes_on = distance
    now, far = step
    for i in range(begin, end):
        if steps[i] != far or not goes_on[i]:
            continue
        left, right = lo[i], hi[i]
        if left >= right:
            continue
        low, high = left >> 6, (right - 1) >> 6
        head = words[low] >> np.uint64(left & 63)
        if low == high:
            found = head << np.uint64(63 - (right - 1 - left)) != 0
        else:
            tail = words[high] << np.uint64(63 - ((right - 1) & 63))
            found = head != 0 or tail != 0 or before[high] - before[low + 1] > 0
        if found:
            steps[i] = now


@compiled
def paint(who: Ints, lo: Ints, hi: Ints) -> Any:
    """Positions in the ranges of `who`, each with the first of `who` whose range holds it.

    Every position is visited once: `ahead` leads past those that are taken.
    """
    floor: Any = np.int64(2**31)
    ceiling: Any = np.int64(0)
    for e in who:
        if lo[e] < hi[e]:
            floor, ceiling = min(floor, np.int64(lo[e])), max(ceiling, np.int64(hi[e]))
    size = max(ceiling - floor, 0)
    ahead = np.arange(size + 1)
    places, by = np.empty(size, np.dtype("i8")), np.empty(size, np.dtype("i8"))
    found = 0
    for rank in range(who.size):
        e = who[rank]
        if lo[e] >= hi[e]:
            continue
        place = lo[e] - floor
        while True:
            root = place
            while ahead[root] != root:
                root = ahead[root]
            while place != root:
                step = ahead[place]
                ahead[place] = root
                place = step
            if place >= hi[e] - floor:
                break
            places[found], by[found] = place + floor, rank
            found += 1
            ahead[place] = place + 1
    return places[:found], by[:found]
