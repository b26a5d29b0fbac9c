"""Pairs of texts that share rare pieces of three letters: candidates among very many.

The cost grows with the pairs proposed and not with the product of the sides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
SIZE, BASE, CODES = 3, 40, 1 << 16
LETTERS = np.full(256, BASE - 1, np.int64)
LETTERS[np.frombuffer(b" abcdefghijklmnopqrstuvwxyz0123456789", np.uint8)] = np.arange(37)


def pieces(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Row and code of every distinct three-letter piece of each text, by row.

    Texts are keys (`names.name_key`): words end in a space, so that beginnings and ends of words count.
    """
    padded = [f" {text} " for text in texts]
    lengths = np.fromiter((len(text) for text in padded), np.int64, len(padded))
    letters = LETTERS[np.frombuffer("".join(padded).encode("latin-1", "replace"), np.uint8)]
    row = np.repeat(np.arange(len(padded)), lengths)
    if len(letters) < SIZE:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    code = (letters[:-2] * BASE + letters[1:-1]) * BASE + letters[2:]
    inside = row[:-2] == row[2:]
    packed = np.sort((row[:-2][inside] << 16) | code[inside])
    packed = packed[np.r_[True, packed[1:] != packed[:-1]]] if len(packed) else packed
    return packed >> 16, packed & 0xFFFF


def rare_pairs(left: Sequence[str], right: Sequence[str], rarest: int, most: int) -> tuple[Ints, Ints]:
    """Pairs of texts that share one of the `rarest` pieces of each, a piece of at most `most` right texts.

    Prefix filtering: texts that share most of their weight share a rare piece; pieces that only one side
    knows, such as those of a typing error, are left aside. A pair must share two of them, or one where a
    text has few. Cost grows with the pairs proposed, not with the product of the sides.
    """
    row_l, code_l = pieces(left)
    row_r, code_r = pieces(right)
    count_l, count_r = np.bincount(code_l, minlength=CODES), np.bincount(code_r, minlength=CODES)
    keep_l = _rarest(row_l, np.where(count_r[code_l] > 0, (count_l + count_r)[code_l], ABSENT), rarest)
    keep_r = _rarest(row_r, np.where(count_l[code_r] > 0, (count_l + count_r)[code_r], ABSENT), rarest)
    row_l, code_l, row_r, code_r = row_l[keep_l], code_l[keep_l], row_r[keep_r], code_r[keep_r]
    order = np.argsort(code_r, kind="stable")
    row_r, code_r = row_r[order], code_r[order]
    begin, end = np.searchsorted(code_r, code_l, "left"), np.searchsorted(code_r, code_l, "right")
    few = (end > begin) & (end - begin <= most)
    begin, length = begin[few], (end - begin)[few]
    offset = np.repeat(begin - np.r_[0, np.cumsum(length)[:-1]], length) if len(length) else begin
    partner = row_r[offset + np.arange(int(length.sum()))]
    packed = np.sort((np.repeat(row_l[few], length) << 32) | partner)
    first = np.flatnonzero(np.r_[True, packed[1:] != packed[:-1]]) if len(packed) else packed
    shared = np.diff(np.r_[first, len(packed)])
    short = np.fromiter((len(text) < SHORT for text in left), bool, len(left))
    kept = packed[first[(shared > 1) | short[packed[first] >> 32]]]
    return kept >> 32, kept & 0xFFFFFFFF


ABSENT, SHORT = 1 << 40, 9


def _rarest(row: Ints, count: Ints, most: int) -> Ints:
    """Places of the `most` rarest pieces of each row."""
    order = np.lexsort((count, row))
    first = np.r_[0, np.flatnonzero(np.diff(row[order])) + 1] if len(row) else np.empty(0, np.int64)
    rank = np.arange(len(row)) - np.repeat(first, np.diff(np.r_[first, len(row)]))
    chosen: Ints = order[rank < most]
    return chosen
