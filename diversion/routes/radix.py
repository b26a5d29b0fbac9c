"""Compiled loops of the sort. Each works on the part [begin, end) of its arrays, so that threads share it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.compiled import compiled
from diversion.routes.transfers import Ints

Counts = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


@compiled
def pack(begin: int, end: int, columns: Any, maps: Any, shape: Any, keys: Counts) -> None:
    """Write (label of the party, code of the goods, day) of each row as one integer."""
    rows, party, item, day = columns
    label, code = maps
    codes, width, base = shape
    for i in range(begin, end):
        row = rows[i]
        group = np.uint64(label[party[row]]) * codes + np.uint64(code[item[row]])
        keys[i] = (group << width) | np.uint64(np.int64(day[row]) - base)


@compiled
def histogram(begin: int, end: int, keys: Counts, shift: int, counts: Places) -> None:
    """Count the digit of each key that starts at bit `shift`."""
    mask, step = np.uint64(counts.size - 1), np.uint64(shift)
    for i in range(begin, end):
        counts[(keys[i] >> step) & mask] += 1


@compiled
def distribute(begin: int, end: int, shift: int, places: Places, pair: Any) -> None:
    """Move keys and values to the place of their digit, in order: one pass of a radix sort."""
    keys, values, keys_to, values_to = pair
    mask, step = np.uint64(places.size - 1), np.uint64(shift)
    for i in range(begin, end):
        digit = (keys[i] >> step) & mask
        place = places[digit]
        places[digit] = place + 1
        keys_to[place] = keys[i]
        values_to[place] = values[i]


@compiled
def distribute_joined(begin: int, end: int, shift: int, places: Places, pair: Any) -> None:
    """The same for keys that carry their values in their lower bits: half the memory traffic."""
    keys, keys_to = pair
    mask, step = np.uint64(places.size - 1), np.uint64(shift)
    for i in range(begin, end):
        digit = (keys[i] >> step) & mask
        place = places[digit]
        places[digit] = place + 1
        keys_to[place] = keys[i]


@compiled
def join(begin: int, end: int, keys: Counts, values: Ints, low: int) -> None:
    """Put each value into the `low` bits below its key."""
    step = np.uint64(low)
    for i in range(begin, end):
        keys[i] = (keys[i] << step) | np.uint64(values[i])


@compiled
def split(begin: int, end: int, keys: Counts, values: Ints, low: int) -> None:
    """Undo `join`."""
    step = np.uint64(low)
    mask = (np.uint64(1) << step) - np.uint64(1)
    for i in range(begin, end):
        values[i] = np.int32(keys[i] & mask)
        keys[i] >>= step


@compiled
def take(begin: int, end: int, at: Ints, values: Any, result: Any) -> None:
    """`values[at]`."""
    for i in range(begin, end):
        result[i] = values[at[i]]


@compiled
def place(begin: int, end: int, at: Ints, result: Ints) -> None:
    """Where each value of the permutation `at` stands in it."""
    for i in range(begin, end):
        result[at[i]] = i


@compiled
def extremes(begin: int, end: int, rows: Ints, columns: Any, found: Places) -> None:
    """The least and the greatest of two columns over rows, and the widest span from one to the other."""
    first, last = columns
    for i in range(begin, end):
        one, other = np.int64(first[rows[i]]), np.int64(last[rows[i]])
        if i == begin:
            found[0], found[1] = one, one
        found[0] = min(found[0], one, other)
        found[1] = max(found[1], one, other)
        found[2] = max(found[2], abs(other - one))
