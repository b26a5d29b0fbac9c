"""Which names may be one: an index of how words sound, in pieces of three letters, weighed by their rarity.

Candidates are only proposals; `compare` judges them. A word gives its pieces, itself and its consonants, all
of its commonest spelling, so that transliterations of a name meet; names also meet by their initials.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from diversion.parties import lexicon, likeness
from diversion.parties.acronyms import form_letters
from diversion.parties.tokens import Named, named

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
BUCKETS = 1 << 18
WITHIN = 0.95
"""The share of the weight of a name that another holds, from which it is a candidate whatever the rest."""
MANY, FEW = 400, 200
"""Fewer queries than this are asked in numpy, more in compiled code, which takes a second to load; of an
index of so few names all are candidates, for how rare a word is cannot be told."""


def _code(kind: int, text: str) -> int:
    return kind * BUCKETS + crc32(text.encode()) % BUCKETS


@lru_cache(maxsize=1 << 18)
def heard(word: str) -> str:
    """A word as it sounds in its commonest spelling: of a name or a concept, the first in the tables."""
    return likeness.sound(_first().get(word, word))


@lru_cache(maxsize=1)
def _first() -> dict[str, str]:
    found: dict[str, str] = {}
    for groups in (lexicon.concepts(), lexicon.same_names()):
        first: dict[int, str] = {}
        for word, places in groups.items():
            place = min(places)
            found[word] = first.setdefault(place, word)
    return found


@lru_cache(maxsize=1 << 18)
def features(word: str, bare: bool) -> tuple[int, ...]:
    """The codes of a word: pieces of three letters, the whole, the consonants; of a bare one the last."""
    bones = likeness.skeleton(word)
    codes = {_code(2, bones)} if len(bones) > 1 else set()
    if not bare:
        text = f" {heard(word)} "
        codes |= {_code(0, text[place : place + 3]) for place in range(len(text) - 2)}
        codes.add(_code(1, text))
    return tuple(sorted(codes))


def codes(one: Named) -> set[int]:
    """All codes of a name, joints apart."""
    joints = lexicon.particles()
    words = [word for word in one.words if word not in joints] or list(one.words)
    return {code for word in words for code in features(word, word in one.bare)}


def acronyms(one: Named) -> set[str]:
    """What the name may be called by its initials, four at the least, with or without words for a company."""
    joints, bodies = lexicon.particles(), lexicon.bodies()
    words = [word for word in one.words if word.isalpha()]
    kept = [word for word in words if word not in joints]
    core = [word for word in kept if word not in bodies]
    found = {"".join(word[0] for word in some) for some in (words, kept, core)}
    found |= {text + letter for text in found for letter in form_letters(one.form)}
    return {text for text in found if 3 < len(text) < 8}


@dataclass(frozen=True)
class Index:
    """Postings of names: `start` into `rows` by code, `weight` of a code, `norm` of a row's name."""

    start: Ints
    rows: npt.NDArray[np.int32]
    weight: Floats
    norm: Floats
    initials: dict[str, list[int]]
    short: dict[str, list[int]]

    @classmethod
    def of(cls, names: Sequence[str]) -> Index:
        """The index over these names, as written. Some 3 s for 60,000."""
        held = [codes_of(name) for name in names]
        counts = np.fromiter((len(codes) for codes in held), np.int64, len(held))
        code = np.fromiter((code for codes in held for code in codes), np.int64, int(counts.sum()))
        row = np.repeat(np.arange(len(held)), counts)
        order = np.argsort(code, kind="stable")
        many = np.bincount(code, minlength=3 * BUCKETS)
        weight = np.log((1 + len(names)) / (1 + many)) + 0.2
        norm = np.sqrt(np.bincount(row, weight[code] ** 2, minlength=len(names)))
        start = np.concatenate([[0], np.cumsum(many)])
        initials, short = _initials(names)
        return cls(start, row[order].astype(np.int32), weight, np.maximum(norm, 1e-12), initials, short)

    def similar(self, name: str, most: int, least: float = 0.0) -> tuple[Ints, Floats]:
        """Rows with the highest cosine to `name`, best first, ties by row.

        Above `least`, but for those that hold nearly all of the name, or are held by it: where very many
        names share its words, these weigh nothing, and the cosine is that of what else the names hold.
        """
        mine = np.array(sorted(codes_of(name)), np.int64)
        if not len(mine) or len(self.norm) <= FEW:
            every = np.arange(len(self.norm) if len(mine) else 0)
            return every, np.ones(len(every))
        spans = [slice(self.start[code], self.start[code + 1]) for code in mine]
        rows = np.concatenate([self.rows[span] for span in spans])
        gains = np.repeat(self.weight[mine] ** 2, [span.stop - span.start for span in spans])
        length = np.sqrt((self.weight[mine] ** 2).sum())
        gained = np.bincount(rows, gains, minlength=len(self.norm))
        cosine = gained / (self.norm * length)
        held = (gained > 0) & (gained >= WITHIN * np.minimum(length**2, self.norm**2))
        best = np.argpartition(cosine, -most)[-most:] if len(cosine) > most else np.arange(len(cosine))
        bound = cosine[best].min() if len(best) else 0.0
        found = np.flatnonzero((cosine >= bound) & ((cosine > least) | held))
        order = np.lexsort((found, -cosine[found]))[:most]
        return found[order], cosine[found][order]

    def by_initials(self, name: str) -> list[int]:
        """Rows of which `name` is the initials, or that are the initials of `name`."""
        found: dict[int, None] = {}
        for one in named(name):
            for word in one.words:
                if 3 < len(word) < 8:
                    found.update(dict.fromkeys(self.initials.get(word, ())))
            for text in acronyms(one):
                found.update(dict.fromkeys(self.short.get(text, ())))
        return list(found)


def codes_of(name: str) -> set[int]:
    """The codes of all readings of a name as written."""
    return {code for one in named(name) for code in codes(one)}


def _initials(names: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    initials: dict[str, list[int]] = {}
    short: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        for one in named(name):
            for text in acronyms(one):
                initials.setdefault(text, []).append(row)
            for word in one.words:
                if 3 < len(word) < 8:
                    short.setdefault(word, []).append(row)
    return initials, short


def proposals(index: Index, names: Sequence[str], most: int, least: float) -> Iterable[tuple[Ints, Floats]]:
    """For each name the rows that look most like it and their cosines, as `similar`; many at once."""
    compiled = len(names) >= MANY or "diversion.parties.kernels" in sys.modules
    if not compiled or len(index.norm) <= FEW:
        yield from (index.similar(name, most, least) for name in names)
        return
    from diversion.parties.kernels import nearest

    for begin in range(0, len(names), MANY):
        held = [sorted(codes_of(name)) for name in names[begin : begin + MANY]]
        start = np.concatenate([[0], np.cumsum([len(codes) for codes in held])]).astype(np.int64)
        code = np.fromiter((code for codes in held for code in codes), np.int64, int(start[-1]))
        rows, cosine, count = nearest(
            (start, code), (index.start, index.rows, index.weight, index.norm), most, least, WITHIN
        )
        for place in range(len(held)):
            yield rows[place, : count[place]], cosine[place, : count[place]]


def initials_of(left: Sequence[str], right: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Places of names of which one is the initials of the other, where it is nothing but those."""
    sides = [_only_initials(names) for names in (left, right)]
    for i, text in sides[0][0]:
        yield from ((i, j) for j in sides[1][1].get(text, ()))
    for j, text in sides[1][0]:
        yield from ((i, j) for i in sides[0][1].get(text, ()))


def _only_initials(names: Sequence[str]) -> tuple[list[tuple[int, str]], dict[str, list[int]]]:
    """Names of one short word, and names by their initials."""
    short: list[tuple[int, str]] = []
    long: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        for one in named(name):
            if len(one.words) == 1 and 3 < len(one.words[0]) < 8:
                short.append((place, one.words[0]))
            for text in acronyms(one):
                long.setdefault(text, []).append(place)
    return short, long
