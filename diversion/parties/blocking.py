"""Which of very many records are worth comparing: those that share a key, of which few share it.

Several keys a record, so that one error does not lose a pair: its name as it sounds, that with each word left
out, its longest word with each sound left out, its beginning and its end; an address, a contact, a number.
Costs grow with the records, not with their pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties.pair_features import skeleton
from diversion.parties.unions import distinct

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]
Texts = npt.NDArray[np.object_]
WHOLE, NEAR = 20, 3
"""Up to so many records of one key are all paired; of more, each with so many next to it by name."""
PIECE, ENDS = 4, 7
"""Sounds that are left where a word is dropped, at least; sounds at either end of a name that make a key."""
ROUGHLY, BORNE_OUT = 86.0, 50.0
"""Names less alike (0 to 100) are not compared word by word; less will do where an address or day agrees."""
CHUNK = 1 << 20


def name_pairs(bases: Sequence[str], country: Sequence[str | None]) -> Iterator[Ints]:
    """Pairs of places in `bases`, packed `low << 32 | high`, once for every key that they share."""
    sounds = [sorted(map(skeleton, base.split())) for base in bases]
    rank = _rank(bases)
    land = _codes([one or "" for one in country])
    whole = ["".join(words) for words in sounds]
    yield paired(_codes(whole), rank)
    ends = np.flatnonzero([len(text) >= ENDS for text in whole])
    spoken = [skeleton(base.replace(" ", "")) for base in bases]
    for cut in (slice(None, ENDS), slice(-ENDS, None)):
        yield paired(_codes([text[cut] for text in spoken]) ^ land, rank, ends)
    yield _keyed(_without_one(sounds), land, rank)
    yield _keyed(_slipped(sounds), land, rank)


def same_words(bases: Sequence[str]) -> Ints:
    """Packed pairs of places with the same words in any order; of very common names only neighbours."""
    codes = _codes([" ".join(sorted(base.split())) for base in bases])
    return paired(codes, np.arange(len(codes)))


def _without_one(sounds: list[list[str]]) -> Iterator[tuple[int, str]]:
    """All words of each name, and all but one: the word left out may stand anywhere."""
    for place, words in enumerate(sounds):
        if len(words) > 1:
            yield place, " ".join(words)
            for gone in range(len(words)):
                key = " ".join(words[:gone] + words[gone + 1 :])
                if len(key) >= PIECE:
                    yield place, key


def _slipped(sounds: list[list[str]]) -> Iterator[tuple[int, str]]:
    """The longest word of each name, whole and with each sound left out: a slip of one sound meets itself."""
    for place, words in enumerate(sounds):
        longest = max(words, key=len, default="")
        if len(longest) >= PIECE:
            yield place, longest
            for gone in range(len(longest)):
                yield place, longest[:gone] + longest[gone + 1 :]


def _keyed(keys: Iterator[tuple[int, str]], land: Codes, rank: Ints) -> Ints:
    """Pairs of places with a key in common. One word tells little by itself: it counts within a country."""
    found = pd.DataFrame(keys, columns=["place", "key"])
    at = found["place"].to_numpy(np.int64)
    codes = _codes(found["key"].to_numpy(object))
    lone = ~found["key"].astype(str).str.contains(" ", regex=False).to_numpy(bool)
    codes = np.where(lone, codes ^ land[at], codes)
    return paired(codes, rank[at], places=at)


def value_pairs(rows: Sequence[int], values: Sequence[str], rank: Ints, cap: int) -> Ints:
    """Pairs of rows that share a value, which more than `cap` rows share where it tells nothing."""
    codes, at = _codes(values), np.asarray(rows, np.int64)
    if not len(at):
        return at
    _, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    few = (counts[inverse] > 1) & (counts[inverse] <= cap)
    return paired(codes[few], rank[at[few]], places=at[few])


def paired(codes: Codes, rank: Ints, only: Ints | None = None, places: Ints | None = None) -> Ints:
    """Packed pairs of places with equal codes, sorted and each once."""
    if only is not None:
        codes, rank, places = codes[only], rank[only], only
    at = np.arange(len(codes)) if places is None else places
    order = np.lexsort((rank, codes))
    codes, at = codes[order], at[order]
    first = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else np.empty(0, np.int64)
    size = np.repeat(np.diff(np.r_[first, len(codes)]), np.diff(np.r_[first, len(codes)]))
    found = []
    for step in range(1, WHOLE):
        near = codes[step:] == codes[:-step]
        if step > NEAR:
            near &= size[step:] <= WHOLE
        if not near.any():
            break
        one, other = at[:-step][near], at[step:][near]
        found.append((np.minimum(one, other) << 32) | np.maximum(one, other))
    return distinct(np.concatenate(found)) if found else np.empty(0, np.int64)


def spellings(bases: Sequence[str]) -> tuple[Texts, Texts]:
    """Each name with its words in the order of the alphabet, and as it stands: what `alike` compares."""
    ordered = [" ".join(sorted(base.split())) for base in bases]
    return np.array(ordered, dtype=object), np.array(bases, dtype=object)


def alike(spelt: tuple[Texts, Texts], pairs: Ints, least: float) -> Ints:
    """The pairs whose names (`spellings`) are at least so alike, in either order of their words."""
    from rapidfuzz import fuzz, process

    kept = []
    for begin in range(0, len(pairs), CHUNK):
        some = pairs[begin : begin + CHUNK]
        left, right = some >> 32, some & 0xFFFFFFFF
        near = np.zeros(len(some), bool)
        for texts in spelt:
            rest = np.flatnonzero(~near)
            score = process.cpdist(
                texts[left[rest]], texts[right[rest]], scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32
            )
            near[rest] = score >= least
        kept.append(some[near])
    return np.concatenate(kept) if kept else pairs


def _rank(texts: Sequence[str]) -> Ints:
    codes, _ = pd.factorize(pd.Series(texts, dtype=object), sort=True)
    return np.asarray(codes, np.int64)


def _codes(texts: Sequence[str] | npt.NDArray[np.object_]) -> Codes:
    """64 bits of each text, the same in every run."""
    if not len(texts):
        return np.empty(0, np.uint64)
    made: Codes = pd.util.hash_array(np.array(texts, dtype=object), categorize=False)
    return made
