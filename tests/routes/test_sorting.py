from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.routes.sorting import parts, sort, threads


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**63 - 1)), st.integers(1, 63))
def test_sorting_is_stable_and_complete(numbers: list[int], bits: int) -> None:
    numbers = [n >> (63 - bits) for n in numbers]
    keys, order = sort(np.array(numbers, np.uint64), np.arange(len(numbers), dtype=np.int32), bits)
    assert keys.tolist() == sorted(numbers)
    assert order.tolist() == sorted(range(len(numbers)), key=lambda i: (numbers[i], i))


def test_sorting_is_the_same_over_several_threads() -> None:
    keys = np.random.default_rng(2).integers(0, 5000, 300_000).astype(np.uint64)
    assert len(parts(len(keys))) == threads()
    assert np.array_equal(
        sort(keys.copy(), np.arange(len(keys), dtype=np.int32), 13)[1], np.argsort(keys, kind="stable")
    )
