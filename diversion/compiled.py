"""Loops as machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as machine code, kept beside the file where that is possible."""
    try:
        made = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder that could hold the cache
        made = njit(nogil=True)(function)
    return cast("Callable[P, R]", made)
